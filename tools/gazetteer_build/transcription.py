"""Names from Russia, Ukraine and Belarus as Dutch, German and French papers write them, made from the English spelling.

English transcription keeps one letter or pair for each Cyrillic letter, so that the others' follow by rule: *zh* is Dutch
*zj*, German *sch*, French *j*. What English leaves open (*e* may be *je*, *y* may be *j*) is made in the ways that are in use; a
spelling that nobody uses does no harm, since only the whole name, or the surname of somebody named in full, is looked for.
"""

import re
from collections.abc import Iterator

COUNTRIES = frozenset(["RU", "UA", "BY", "KZ", "KG", "TJ", "TM", "UZ"])
TARGETS = ("nl", "de", "fr")
_ROMAN = re.compile(r"[A-Za-z'’-]+")

_DUTCH = {
    "shch": "sjtsj", "kh": "ch", "zh": "zj", "ch": "tsj", "sh": "sj", "ts": "ts", "yu": "joe", "iu": "joe", "ya": "ja",
    "ia": "ia", "yo": "jo", "ye": "je", "yi": "ji", "oy": "oj", "ay": "aj", "ey": "ej", "oi": "oj", "ai": "aj", "ei": "ej",
    "iy": "i", "yy": "y", "ii": "i", "u": "oe", "x": "ks",
}  # fmt: skip
_GERMAN = {
    "shch": "schtsch", "kh": "ch", "zh": "sch", "ch": "tsch", "sh": "sch", "ts": "z", "yu": "ju", "iu": "ju", "ya": "ja",
    "ia": "ia", "yo": "jo", "ye": "je", "yi": "ji", "oy": "oj", "ay": "aj", "ey": "ej", "oi": "oi", "ai": "ai", "ei": "ei",
    "iy": "ij", "yy": "yj", "ii": "ij", "v": "w", "z": "s", "x": "x",
}  # fmt: skip
_FRENCH = {
    "shch": "chtch", "kh": "kh", "zh": "j", "ch": "tch", "sh": "ch", "ts": "ts", "yu": "iou", "iu": "iou", "ya": "ia",
    "ia": "ia", "yo": "io", "ye": "ie", "yi": "ï", "oy": "oï", "ay": "aï", "ey": "eï", "oi": "oï", "ai": "aï", "ei": "eï",
    "iy": "i", "yy": "y", "ii": "i", "u": "ou", "x": "x",
}  # fmt: skip
_TABLES = {"nl": _DUTCH, "de": _GERMAN, "fr": _FRENCH}
_LONGEST = 4  # letters of the longest group
_VOWELS = "aeiouy"


def transcribed(name: str, language: str) -> tuple[str, ...]:
    """The spellings of a name (one word or more) in a language, the likeliest first; the English one is not among them.

    Empty for a name with letters that English transcription doesn't use: it isn't one.
    """
    words = name.split()
    if not words or not all(_ROMAN.fullmatch(word) for word in words):
        return ()
    variants = [tuple(dict.fromkeys(_spellings(word, language))) for word in words]
    # The likeliest of each word, and each word's second way with the others' likeliest.
    made = [" ".join(each[0] for each in variants), " ".join(each[-1] for each in variants)]
    made.extend(
        " ".join(other if at == place else each[0] for at, each in enumerate(variants))
        for place, here in enumerate(variants)
        for other in here[1:]
    )
    return tuple(dict.fromkeys(one for one in made if one != name))


def _spellings(word: str, language: str) -> Iterator[str]:
    """One word in the ways in which a language writes it."""
    plain = "".join(_letters(word.replace("'", "").replace("’", ""), language))
    made = "-".join(part[:1].upper() + part[1:] for part in plain.split("-"))
    match language:
        case "nl":
            yield f"{made[:-1]}i" if made.endswith("sky") else made
            if made.endswith("y"):
                yield made if made.endswith("sky") else f"{made[:-1]}i"
            if made.startswith("E"):
                yield f"Je{made[1:]}"
            if made.endswith("ej"):
                yield f"{made[:-2]}ei"
        case "de":
            yield f"{made}j" if made.endswith("sky") else made
            if made.endswith("sky"):
                yield f"{made[:-1]}i"
            doubled = re.sub(f"(?<=[{_VOWELS}])s(?=[{_VOWELS}])", "ss", made)
            if doubled != made:
                yield doubled
            if made.startswith("E"):
                yield f"Je{made[1:]}"
        case _:
            yield f"{made}e" if re.search(r"[a-z]in$", made) else made
            if made.endswith("y"):
                yield f"{made[:-1]}i"
            if made.startswith("Ie"):
                yield made[1:].capitalize()
            guarded = re.sub(r"g(?=[eiï])", "gu", re.sub(r"G(?=[eiï])", "Gu", made))
            if guarded != made:
                yield guarded


def _letters(word: str, language: str) -> Iterator[str]:
    """The word in the other language's letters, the longest group of letters first."""
    table = _TABLES[language]
    small = word.casefold()
    place = 0
    while place < len(small):
        for length in range(_LONGEST, 0, -1):
            group = small[place : place + length]
            if len(group) == length and group in table:
                yield table[group]
                place += length
                break
        else:
            yield small[place]
            place += 1
