"""The lexicon of concepts: what Belfry ships in `lexicon/concepts/`, and the user's own folder beside it (BELFRY_CONCEPTS).

One YAML file a concept, named after its id:

    id: troop-buildup
    name: Troop build-up
    description: Armed forces are massed somewhere.
    languages:
      nl:
        lists:                                                               # optional: what is said more than once
          forces: troepen OR manschappen OR soldaten
        mention: "{forces} NEAR/6 (opbouw OR concentratie)"                  # what NEAR takes
        where: lang:nl NOT toneel*                                           # optional: any query on the article
        examples:
          match: ["Rusland zet zijn opbouw van troepen voort."]
          no_match: ["De troepen gaan naar huis."]

`{forces}` stands for the list in brackets; a list may use those above it. A language that isn't listed has no mentions of the concept. A concept may use others (`concept:ID`), never in a circle.
A user's concept with the id of a shipped one takes its place.
"""

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, cast

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from processors.matching.checks import children, is_mention
from processors.matching.parse import parse
from processors.matching.tree import ConceptTerm, Node
from schemas.errors import QueryError, SettingsError

LEXICON = Path(__file__).resolve().parents[2] / "lexicon" / "concepts"
OWN = "BELFRY_CONCEPTS"
"""The user's folder. Read from the environment and not handed in: processes of a pool have nothing but that."""

_LIST = re.compile(r"\{([^{}]*)\}")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's where PyYAML was built with it: ten times as fast, and forty files are read at every start."""

_Path = tuple[str | int, ...]
_Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Examples(_Strict):
    """Texts that must and that must not mention the concept."""

    match: list[_Text] = []
    no_match: list[_Text] = []


class InLanguage(_Strict):
    """A concept in one language, its queries as written."""

    lists: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], _Text] = {}
    mention: _Text
    where: _Text | None = None
    examples: Examples = Examples()


class Definition(_Strict):
    """A concept's file."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
    name: _Text
    description: _Text
    languages: Annotated[dict[Annotated[str, Field(pattern=r"^[a-z]{2,3}$")], InLanguage], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class _File:
    """A definition, and where its fields stand, for messages."""

    path: Path
    definition: Definition
    lines: Mapping[_Path, int]

    def wrong(self, place: _Path, reason: str) -> SettingsError:
        return _wrong(self.path, self.lines, place, reason)


class ConceptLexicon:
    """Concepts by id, parsed. Never changed after it is built: may be shared by threads."""

    def __init__(self, files: Iterable[_File]) -> None:
        self.definitions: dict[str, Definition] = {}
        self._trees: dict[tuple[str, str], tuple[Node, Node | None]] = {}
        files = list(files)
        for file in files:
            self.definitions[file.definition.id] = file.definition
            for language, queries in file.definition.languages.items():
                self._trees[file.definition.id, language] = _parsed(file, language, queries)
        for file in files:
            self._refuse_unknown(file)
        for file in files:
            self._refuse_circle(file)

    @property
    def ids(self) -> Collection[str]:
        """The concepts' ids."""
        return self.definitions.keys()

    def concept(self, concept_id: str, language: str) -> tuple[Node, Node | None] | None:
        """A concept's `mention` and `where` in a language; None where it has none there."""
        return self._trees.get((concept_id, language))

    def trees(self, concept_id: str) -> list[Node]:
        """The queries that make up a concept, of all its languages."""
        own = (trees for (known, _), trees in self._trees.items() if known == concept_id)
        return [tree for trees in own for tree in trees if tree is not None]

    def _refuse_unknown(self, file: _File) -> None:
        for language in file.definition.languages:
            for used in self._uses(file.definition.id, language):
                if used not in self.definitions:
                    raise file.wrong(("languages", language), f"there is no concept “{used}”")

    def _refuse_circle(self, file: _File) -> None:
        for language in file.definition.languages:
            seen: set[str] = set()
            pending = list(self._uses(file.definition.id, language))
            while pending:
                used = pending.pop()
                if used == file.definition.id:
                    raise file.wrong(("languages", language), "the concept uses itself, by itself or through others")
                if used not in seen:
                    seen.add(used)
                    pending += self._uses(used, language)

    def _uses(self, concept_id: str, language: str) -> Iterator[str]:
        pending = [tree for tree in self._trees.get((concept_id, language), ()) if tree is not None]
        while pending:
            part = pending.pop()
            if isinstance(part, ConceptTerm):
                yield part.id
            pending += children(part)


def read_lexicon(*folders: Path) -> ConceptLexicon:
    """The concepts in these folders; where two have the same id, the later folder's.

    Raises SettingsError that names file, line and field where one can't be used: nothing is skipped silently.
    """
    files: dict[str, _File] = {}
    for folder in folders:
        if not folder.is_dir():
            raise SettingsError(f"{folder} is no folder of concepts: {OWN} takes a folder of YAML files")
        for path in sorted((*folder.glob("*.yaml"), *folder.glob("*.yml"))):
            file = _read(path)
            files[file.definition.id] = file
    return ConceptLexicon(files.values())


@cache
def shipped_lexicon() -> ConceptLexicon:
    """The concepts that Belfry ships and the user's own, read once in a process. Raises SettingsError."""
    own = os.environ.get(OWN, "")
    return read_lexicon(LEXICON, *([Path(own).expanduser()] if own else []))


def _read(path: Path) -> _File:
    try:
        root, value = _loaded(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path} can't be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: not UTF-8 at byte {error.start}: save it as UTF-8") from error
    except (yaml.YAMLError, ValueError) as error:
        raise SettingsError(_not_yaml(path, error)) from error
    lines: dict[_Path, int] = {}
    _note_lines(path, root, (), lines)
    try:
        definition = Definition.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise _wrong(path, lines, first["loc"], first["msg"]) from error
    if definition.id != path.stem:
        raise _wrong(path, lines, ("id",), f"is “{definition.id}”, but the file is named {path.name}: name both alike")
    return _File(path, definition, lines)


def _loaded(text: str) -> tuple[yaml.Node | None, Any]:
    """A file's nodes, which know their lines, and its value. Raises yaml.YAMLError, in Python's words: they name the place better."""
    try:
        return _nodes_and_value(text, _LOADER)
    except yaml.YAMLError:
        return _nodes_and_value(text, yaml.SafeLoader)


def _nodes_and_value(text: str, loads: Callable[[str], Any]) -> tuple[yaml.Node | None, Any]:
    loader = loads(text)
    root = loader.get_single_node()
    return root, None if root is None else loader.construct_document(root)


def _not_yaml(path: Path, error: Exception) -> str:
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    place = f"{path}:{mark.line + 1}" if mark else str(path)
    reason = (isinstance(error, yaml.MarkedYAMLError) and error.problem) or str(error)
    return f"{place}: not YAML: {reason}. Quote a query that holds “: ” or begins with a quote or a bracket"


def _note_lines(path: Path, node: yaml.Node | None, place: _Path, lines: dict[_Path, int]) -> None:
    """Put down the line of each field. Raises SettingsError for a field given twice, which YAML lets pass."""
    if node is None:
        return
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
            inner = (*place, str(key.value))
            if inner in lines:
                raise SettingsError(f"{path}:{key.start_mark.line + 1}: {_dotted(inner)} is given twice")
            _note_lines(path, value, inner, lines)
            lines[inner] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(cast("list[yaml.Node]", node.value)):
            _note_lines(path, item, (*place, number), lines)


def _parsed(file: _File, language: str, queries: InLanguage) -> tuple[Node, Node | None]:
    lists: dict[str, str] = {}
    for name, query in queries.lists.items():
        place = ("languages", language, "lists", name)
        lists[name] = f"({_filled(file, place, query, lists)})"
        _tree(file, place, query, lists)
    mention = _tree(file, ("languages", language, "mention"), queries.mention, lists)
    if not is_mention(mention):
        raise file.wrong(
            ("languages", language, "mention"),
            "AND (also between words side by side), NOT, ATLEAST and filters are no mention: join by OR, NEAR, BEFORE or "
            "UNLESS, and put conditions on the whole article into `where`",
        )
    if queries.where is None:
        return mention, None
    return mention, _tree(file, ("languages", language, "where"), queries.where, lists)


def _tree(file: _File, place: _Path, query: str, lists: Mapping[str, str]) -> Node:
    filled = _filled(file, place, query, lists)
    try:
        return parse(filled)
    except QueryError as error:
        around = (
            ""
            if filled == query
            else f" (the lists filled in, “{filled[max(0, error.column - 30) : error.column + 20]}”)"
        )
        raise file.wrong(place, f"{error}{around}") from error


def _filled(file: _File, place: _Path, query: str, lists: Mapping[str, str]) -> str:
    """The query with its lists in their places. Braces mean nothing in the alert language."""

    def filled(used: re.Match[str]) -> str:
        if used[1] not in lists:
            known = f"the lists above it are {', '.join(lists)}" if lists else "there is no list above it"
            raise file.wrong(place, f"{used[0]} names no list: {known}")
        return lists[used[1]]

    return _LIST.sub(filled, query)


def _wrong(path: Path, lines: Mapping[_Path, int], place: tuple[Any, ...], reason: str) -> SettingsError:
    at = next((lines[place[:end]] for end in range(len(place), -1, -1) if place[:end] in lines), 1)
    return SettingsError(f"{path}:{at}: {_dotted(place)}{': ' if place else ''}{reason}")


def _dotted(place: tuple[Any, ...]) -> str:
    return ".".join(str(part) for part in place)
