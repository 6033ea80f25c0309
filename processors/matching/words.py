"""The normal form: what can be found in a written word (article's side), and what a query's word looks for.

A text is cut into *tokens*: maximal written words with their hyphens, apostrophes, dots of abbreviations and
thousands separators. Each token is analysed once (results are cached) into *units*, each of which a term of a query
may fit; a token takes `width` consecutive positions (its hyphen parts). Positions count words, over the whole field,
and do not stop at the end of a sentence.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

UnitKind = Literal["whole", "hyphen", "compound"]
EndingRules = Literal["none", "french", "english"]


@dataclass(frozen=True, slots=True)
class Token:
    """A written word in a field: `field[start:end]`. `acronym`: in capitals only, with words in small letters beside it."""

    start: int
    end: int
    acronym: bool


class Unit(NamedTuple):  # ten times as fast to make as a frozen dataclass, and each new word makes some
    """One thing that a term may fit inside a token.

    kind
        whole: the token itself (after elision, 's and dots are dropped), `first`..`last` spanning all its hyphen
        parts; hyphen: one hyphen part; compound: one part of a compound (of the whole token or of a hyphen part).
    stems
        Its normal forms, 1 or more. The whole unit of a hyphenated token holds those of its joined form
        (`build-up` -> `buildup`).
    forms
        Folded written forms, which wildcards are tested against: for a hyphenated whole both the hyphenated
        and the joined form; one otherwise, and in German a second with umlauts spelt out or restored.
        `fold_form(exact)` is among them.
    exact
        The written form that `=` compares, case and diacritics kept; None for compound parts.
    first, last
        Positions relative to the token's first position. A compound part has its word's (hyphen part's) position.
    rank
        Order among the compound parts of one word, from 0, for BEFORE; 0 for other kinds.
    parent
        For a compound part: index (in `Analysis.units`) of the whole or hyphen unit that it is a part of; for a
        hyphen part: 0, the whole; for the whole: -1. A unit and its ancestors are a word and its own parts.
    start, end
        Offsets within the token. A hyphen part's own; a compound part has those of the word or hyphen part it is in.
    """

    kind: UnitKind
    stems: tuple[str, ...]
    forms: tuple[str, ...]
    exact: str | None
    first: int
    last: int
    rank: int
    parent: int
    start: int
    end: int


class Analysis(NamedTuple):
    """All units of a token, the whole first; `width` is how many positions the token takes (1 or its hyphen parts)."""

    units: tuple[Unit, ...]
    width: int


@dataclass(frozen=True, slots=True)
class QueryWord:
    """What a query's Word looks for in texts of one language.

    stems
        It fits a unit that shares one of these.
    sequence
        For a hyphenated word, the spaced form besides: one tuple of stems for each part, at consecutive positions
        (which also finds the hyphenated form's parts); empty otherwise.
    """

    stems: tuple[str, ...]
    sequence: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class PlainWords:
    """What the analyses of a language's plain words come to, for who must analyse thousands a second.

    A plain word is of letters and digits alone, each of which folds to one ASCII letter or digit. It has one unit, whose form
    is its letters folded; so is its stem, where it is an acronym or a dotted abbreviation. What may be an acronym or a word
    (two to five capitals among capitals only) has that stem besides those of a word.

    stems
        The stems of any other one. In capitals only, they are those that it has with a capital and small letters.
    listed
        Words that lists know something of. With none of these (as written, folded, with the other case of the first letter and small
        letters behind), a word has the stems that `rules` give it.
    rules
        Whose rules for endings are looked at; none: a word that isn't listed is its own stem, folded.
    elided
        What is dropped, with the apostrophe behind it, before a plain word; in small letters.
    possessive
        Whether 's is dropped behind a plain word.
    """

    stems: Callable[[str], tuple[str, ...]]
    listed: Callable[[], Iterable[str]]
    rules: EndingRules
    elided: tuple[str, ...]
    possessive: bool


class Normaliser(Protocol):
    """The normal form of one language. Instances are pure but for a bounded cache, and may be shared by threads."""

    language: str
    plain: PlainWords | None
    """None where plain words are as involved as others: where they may have parts."""

    def tokens(self, text: str) -> Sequence[Token]:
        """The tokens of a field, in order, not overlapping."""
        ...

    def analyse(self, written: str, *, acronym: bool) -> Analysis:
        """What can be found in a token as it is written. Depends on nothing but its arguments and the language."""
        ...

    def query_word(self, text: str) -> QueryWord:
        """What a word of a query looks for. In a query, a word of two to five capitals is always an acronym."""
        ...

    def exact_form(self, text: str) -> str:
        """What `=text` compares with `Unit.exact`: elision, 's, dots of abbreviations, thousands separators dropped."""
        ...

    def fold_form(self, text: str) -> str:
        """What a piece of a wildcard, or the whole of an `=`-term, is among `Unit.forms`: its `exact_form`, folded."""
        ...
