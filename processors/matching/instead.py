"""What to write instead of a query that NEAR and its kin, or ATLEAST, can't take. It parses; None where nothing does."""

from dataclasses import replace

from processors.matching.tree import And, AtLeast, Before, Filter, Near, Node, Not, Or, Published, Scoped, Unless

_USUAL_DISTANCE = 5


def instead_of_beside(node: Near | Before | Unless) -> Node | None:
    """What was probably meant by NEAR, BEFORE or UNLESS with a side that is no mention.

    Words side by side come near each other, NOT becomes UNLESS, filters and ATLEAST go outside.
    """
    counted = next((side for side in (node.left, node.right) if isinstance(side, AtLeast)), None)
    if counted is not None:
        inside = replace(node, **{"left" if counted is node.left else "right": counted.operand})
        mended = instead_of_beside(inside) if _is_odd(inside.left) or _is_odd(inside.right) else inside
        return None if mended is None or isinstance(mended, And | AtLeast) else AtLeast(mended, counted.count)
    if isinstance(node.left, Not) or isinstance(node.right, Not):
        return _instead_of_not(node)
    filters: list[Node] = []
    excluded: list[Node] = []
    left = _mended(node.left, node.distance, filters)
    right = _mended(node.right, node.distance, excluded if isinstance(node, Unless) else filters)
    filters += [Not(each) for each in excluded]
    if left is None or right is None:
        whole = left if isinstance(node, Unless) else left or right
    else:
        whole = replace(node, left=left, right=right)
    return _with_filters(whole, filters)


def instead_of_counting(node: AtLeast) -> Node | None:
    """What was probably meant by an ATLEAST of what is no mention: of each word, where words stand side by side."""
    operand = node.operand
    if isinstance(operand, And) and not any(_is_odd(each) for each in operand.operands):
        return And(tuple(replace(node, operand=each) for each in operand.operands))
    filters: list[Node] = []
    mended = _mended(node.operand, _USUAL_DISTANCE, filters)
    return _with_filters(None if mended is None else replace(node, operand=mended), filters)


def _instead_of_not(node: Near | Before | Unless) -> Node | None:
    """`a NEAR/5 (NOT b)` as `a UNLESS/5 b`."""
    excluded, wanted = (node.left, node.right) if isinstance(node.left, Not) else (node.right, node.left)
    if isinstance(node, Unless) or isinstance(wanted, Not) or not isinstance(excluded, Not):
        return None
    filters: list[Node] = []
    left, right = _mended(wanted, node.distance, filters), _mended(excluded.operand, node.distance, [])
    if left is None or right is None:
        return None
    return _with_filters(Unless(left, right, node.distance), filters)


def _with_filters(mended: Node | None, filters: list[Node]) -> Node | None:
    operands = ([] if mended is None else [mended]) + filters
    return operands[0] if len(operands) == 1 else And(tuple(operands)) if operands else None


def _is_odd(node: Node) -> bool:
    return isinstance(node, And | Not | AtLeast | Filter | Published)


def _mended(node: Node, distance: int, filters: list[Node]) -> Node | None:
    """The mention that was probably meant; filters are taken out and added to `filters`. None: nothing is left."""
    match node:
        case Filter() | Published():
            filters.append(node)
            return None
        case And():
            return _mended_and(node, distance, filters)
        case Or():
            operands = [_mended(operand, distance, []) for operand in node.operands]
            found = tuple(operand for operand in operands if operand is not None)
            return replace(node, operands=found) if len(found) == len(operands) else None
        case Scoped():
            inside = _mended(node.operand, distance, filters)
            return None if inside is None else replace(node, operand=inside)
        case AtLeast():
            return _mended(node.operand, distance, filters)
        case Not():
            return None
        case _:
            return node


def _mended_and(node: And, distance: int, filters: list[Node]) -> Node | None:
    """`a b` as `a NEAR/n b`, `a NOT b` as `a UNLESS/n b`."""
    wanted: Node | None = None
    excluded: list[Node] = []
    for operand in node.operands:
        if isinstance(operand, Not):
            inside: list[Node] = []
            if (mended := _mended(operand.operand, distance, inside)) is not None:
                excluded.append(mended)
            filters += [Not(each) for each in inside]
        elif (mended := _mended(operand, distance, filters)) is not None:
            wanted = mended if wanted is None else Near(wanted, mended, distance)
    for each in excluded:
        wanted = None if wanted is None else Unless(wanted, each, distance)
    return wanted
