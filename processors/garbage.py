"""When Python looks for garbage: seldom, where a process has loaded much that stays, and each article makes no cycles."""

import gc

AFTER = 50_000
"""New objects: an article makes some hundreds, and looking for cycles among them took a twelfth of the time."""


def collect_seldom() -> None:
    """To be called once all is loaded: what is there now is never looked at again, and the rest seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(AFTER, 20, 20)
