"""OpenTaal's spelling dictionary (hunspell's nl.dic and nl.aff): words, what kind of word, and their inflected forms.

Of its flags: Z. are kinds of plural, Y. of diminutive, V. of verb, A. of adjective; Ca, Cb, Ce, CA, CB mark first parts of
compounds, Ch and Cd those that take an s there, Cc last parts; Fw marks what is no word.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_LIGATURES = str.maketrans({"ĳ": "ij", "Ĳ": "IJ"})
_FIRST = frozenset({"Ca", "Cb", "Ce", "CA", "CB"})
_FIRST_WITH_S = frozenset({"Ch", "Cd"})
_LAST = "Cc"
_NO_WORD = "Fw"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the dictionary; `flags` are two letters each."""

    text: str
    flags: frozenset[str]

    @property
    def is_name(self) -> bool:
        """Whether it is written with a capital."""
        return self.text[0].isupper()

    @property
    def is_noun(self) -> bool:
        """Whether it has a plural or a diminutive, or ends compounds."""
        return self.is_last or any(flag[0] in "ZY" for flag in self.flags)

    @property
    def is_infinitive(self) -> bool:
        """Whether it is a verb as dictionaries list it."""
        return self.text.endswith("n") and any(flag[0] == "V" for flag in self.flags)

    @property
    def is_adjective(self) -> bool:
        """Whether it takes the endings of an adjective."""
        return any(flag[0] == "A" for flag in self.flags)

    @property
    def is_first(self) -> bool:
        """Whether it begins compounds as it is."""
        return not self.flags.isdisjoint(_FIRST)

    @property
    def is_first_with_s(self) -> bool:
        """Whether it begins compounds with a linking s."""
        return not self.flags.isdisjoint(_FIRST_WITH_S)

    @property
    def is_last(self) -> bool:
        """Whether it ends compounds."""
        return _LAST in self.flags

    @property
    def is_part(self) -> bool:
        """Whether it takes part in compounds in any way that the dictionary knows."""
        return self.is_first or self.is_first_with_s or self.is_last


_PREFIX = re.compile(r"^PFX (P[a-z]) 0 (\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Suffix:
    strip: str
    add: str
    ending: re.Pattern[str]


class Dictionary:
    """The words of the dictionary that consist of letters, and how its flags inflect them."""

    def __init__(self, folder: Path) -> None:
        """Read nl.dic and nl.aff of `folder`. Raises OSError."""
        affixes = (folder / "nl.aff").read_text(encoding="utf-8").translate(_LIGATURES)
        self._suffixes = _suffixes(affixes)
        self._prefixes = dict(_PREFIX.findall(affixes))
        self.words = list(_words((folder / "nl.dic").read_text(encoding="utf-8").translate(_LIGATURES)))

    def infinitives(self) -> Iterator[str]:
        """Every verb, those with a particle or prefix included."""
        for word in self.words:
            if word.is_infinitive and not word.is_name:
                yield word.text
                for flag in word.flags & self._prefixes.keys():
                    yield self._prefixes[flag] + word.text

    def plurals(self, word: Word) -> Iterator[str]:
        """The plurals of a noun."""
        return self._inflected(word, "Z")

    def diminutives(self, word: Word) -> Iterator[str]:
        """The diminutives of a noun."""
        return self._inflected(word, "Y")

    def _inflected(self, word: Word, kind: str) -> Iterator[str]:
        for flag in sorted(word.flags):
            for suffix in self._suffixes.get(flag, ()) if flag[0] == kind else ():
                if word.text.endswith(suffix.strip) and suffix.ending.search(word.text):
                    inflected = word.text[: len(word.text) - len(suffix.strip)] + suffix.add
                    if inflected.isalpha():
                        yield inflected


def _words(dictionary: str) -> Iterator[Word]:
    flags: dict[str, set[str]] = {}
    for line in dictionary.splitlines()[1:]:
        text, _, codes = line.partition("/")
        if text.isalpha():
            flags.setdefault(text, set()).update(codes[place : place + 2] for place in range(0, len(codes), 2))
    return (Word(text, frozenset(codes)) for text, codes in flags.items() if _NO_WORD not in codes)


def _suffixes(affixes: str) -> dict[str, list[_Suffix]]:
    found: dict[str, list[_Suffix]] = {}
    for line in affixes.splitlines():
        fields = line.split()
        if len(fields) < 4 or fields[0] != "SFX" or fields[3].isdigit():
            continue
        ending = fields[4] if len(fields) > 4 and not fields[4].startswith(("ts:", "#")) else "."
        strip, add = (("" if part == "0" else part) for part in (fields[2], fields[3].partition("/")[0]))
        found.setdefault(fields[1], []).append(_Suffix(strip, add, re.compile(f"(?:{ending})$")))
    return found
