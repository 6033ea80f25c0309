"""What all parts of the build share: fact tables, ordinary words, and the table while it grows."""

import csv
import gzip
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from processors.demonyms import LANGUAGES
from processors.names import folded, name_key, name_words

Row = dict[str, str]

CURATED_PRIOR = 80
GERMAN_NOUNS = frozenset(
    ["Zug", "Jura", "Hof", "Rust", "Regen", "Norden", "Leer", "Lage", "Haar", "Alpen", "Baden", "Stein", "Linden"]
)
"""Which are places, too, and stand in the word list like names."""
PLAIN_LATIN = re.compile(r"^[A-Za-z\u00c0-\u024f\u1e00-\u1eff0-9 .,'’ʼ\-–&/()ʻ]+$")


def rows(path: Path) -> list[Row]:
    """A fact table as its README describes it."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    lines = io.StringIO(raw.decode("utf-8"), newline="")
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def cells(value: str | None) -> list[str]:
    """The values of a list cell."""
    return [part.strip() for part in (value or "").split("|") if part.strip()]


class OrdinaryWords:
    """Whether a name is an ordinary word of a language when written small, by simplemma's word lists."""

    def __init__(self) -> None:
        factory = DefaultDictionaryFactory()
        self._words = {language: factory.get_dictionary(language) for language in LANGUAGES}

    def languages(self, name: str) -> tuple[str, ...]:
        """The languages in which this one word is in the word list; empty for a name of several words."""
        if len(list(name_words(name))) != 1:
            return ()
        return tuple(language for language in LANGUAGES if self._is_word(name, language))

    def _is_word(self, name: str, language: str) -> bool:
        words = self._words[language]
        if name.casefold() in words or folded(name) in words:
            return True
        # German writes its nouns like names; a form of another lemma (Namen, of Name) is a noun for certain.
        return language == "de" and (words.get(name, name) != name or name in GERMAN_NOUNS)


@dataclass
class Entry:
    """One entity as it will stand in the table. Names keep the order in which they were given.

    called: what each language calls it, where the sources say.
    """

    id: str
    type: str
    kind: str
    country: str
    prior: int
    name: str
    names: dict[str, None] = field(default_factory=dict[str, None])
    called: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    limited: dict[tuple[str, str], None] = field(default_factory=dict[tuple[str, str], None])
    surnames: dict[str, None] = field(default_factory=dict[str, None])
    bare: dict[str, None] = field(default_factory=dict[str, None])
    curated: bool = False

    def line(self, ordinary: OrdinaryWords, shared: AbstractSet[str], first_names: AbstractSet[str]) -> str:
        """The entity's line, columns as in `processors.gazetteer.COLUMNS`.

        shared: keys of names that several places have. first_names: folded; in Dutch, *Jordan* is somebody.
        """
        everywhere: list[str] = []
        limited = self._limited()
        common: list[str] = []
        for name in self.names:
            words = ordinary.languages(name) if self.type in ("LOC", "ORG") else ()
            somebody = self.kind == "country" and folded(name) in first_names
            foreign = {one for one in (LANGUAGES if somebody else words) if self._is_foreign(name, one)}
            if foreign:
                if rest := [language for language in LANGUAGES if language not in foreign]:
                    limited.append((",".join(rest), name))
            else:
                everywhere.append(name)
            if doubtful := [language for language in words if language not in foreign and self._is_doubtful(name)]:
                common.append(f"{','.join(doubtful)}:{name}")
        values = (
            self.id, self.type, self.kind, self.country, str(self.prior), self.name, "|".join(everywhere),
            "|".join(f"{languages}:{name}" for languages, name in limited), "|".join(common),
            "|".join(self.surnames), "|".join(self.bare), "|".join(self._foreign(shared)),
        )  # fmt: skip
        return "\t".join(values)

    def _foreign(self, shared: AbstractSet[str]) -> Iterator[str]:
        """Names that several places have, with the languages that call this one otherwise."""
        if self.type != "LOC":
            return
        called = {language: {name_key(name) for name in names} for language, names in self.called.items() if names}
        for name in self.names:
            key = name_key(name)
            others = [language for language in LANGUAGES if language in called and key not in called[language]]
            if key in shared and others:
                yield f"{','.join(others)}:{name}"

    def _limited(self) -> list[tuple[str, str]]:
        """The names that count in some languages only: (languages with a comma between, name)."""
        languages: dict[str, list[str]] = {}
        for language, name in self.limited:
            languages.setdefault(name, []).append(language)
        return [(",".join(several), name) for name, several in languages.items()]

    def _is_foreign(self, name: str, language: str) -> bool:
        """Whether a place is called otherwise in the language: there, *Island* isn't Iceland."""
        return self.type == "LOC" and bool(self.called[language]) and name not in self.called[language]

    def _is_doubtful(self, name: str) -> bool:
        return (name.isupper() and not self.curated) if self.type == "ORG" else self.prior < CURATED_PRIOR


class Build:
    """The table while it grows, and the counts of what was kept and dropped."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.counts: Counter[str] = Counter()
        self.source_names: dict[str, set[str]] = defaultdict(set)

    def note(self, what: str, count: int = 1) -> None:
        """Count a decision for the report."""
        self.counts[what] += count


def usable(name: str) -> bool:
    """Latin script, no list separators of the table, not too long, with a letter."""
    return (
        bool(PLAIN_LATIN.match(name))
        and 1 < len(name) <= 80
        and len(name.split()) <= 9
        and any(c.isalpha() for c in name)
    )
