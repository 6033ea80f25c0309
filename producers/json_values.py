"""JSON as it must be to be taken from outside: one reading of each text, bounded, with the reason where it has none. Pure.

Refused beside what isn't JSON: NaN and Infinity, which JSON doesn't have; a name twice in one object, which readers
read differently; nesting and numbers that only an attack has.
"""

import json
import re
from typing import Any, NoReturn

from schemas.errors import InputProblem


class _RefusedError(Exception):
    """Code, reason and remedy of a refusal from inside the parser."""


def json_value(text: str) -> Any:
    """The value of `text`, or an InputProblem without place (path "", line within `text`) that says why it has none."""
    try:
        return _DECODER.decode(text)
    except _RefusedError as error:
        code, reason, remedy = error.args
        return InputProblem("", 1, code, reason, remedy)
    except json.JSONDecodeError as error:
        if _is_cut_off(error, text):
            return InputProblem("", 1, "truncated", "JSON that breaks off", "Fetch or write the file again, whole.")
        reason = f"not JSON: {error.msg} at column {error.colno:,}"
        return InputProblem("", error.lineno, "not_json", reason, "Correct it, or write it with a JSON library.")
    except RecursionError:
        return InputProblem("", 1, "too_deep", "JSON nested too deep", "Leave the nested part out.")
    except ValueError:  # an integer of more digits than Python converts
        return InputProblem("", 1, "number", "a number of thousands of digits", "Leave it out, or write it as a text.")


def _is_cut_off(error: json.JSONDecodeError, text: str) -> bool:
    """Whether the text is the beginning of something that could have become JSON."""
    rest = text[error.pos :].strip()
    if error.msg.startswith("Unterminated string"):
        return True
    if error.msg.startswith("Invalid \\u"):
        return len(rest) < len("uXXXX") + 1
    return bool(text.strip()) and _BEGUN.fullmatch(rest) is not None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names: set[str] = set()
        twice = next(name for name, _ in pairs if name in names or names.add(name))
        raise _RefusedError("duplicate_key", f"{_short(twice)} stands twice in one object", "Keep one of the two.")
    return found


def _constant(name: str) -> NoReturn:
    raise _RefusedError("not_json", f"{name}, which JSON doesn't have", "Write null, or leave the field out.")


def _short(name: str) -> str:
    return json.dumps(name[:40])


# What a word or a number may be when the text ends inside it; also nothing, where a value or a sign is missing.
_BEGUN = re.compile(r"(?:tr?u?|fa?l?s?|nu?l?|-|\.|[eE][+-]?)?")
_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)
