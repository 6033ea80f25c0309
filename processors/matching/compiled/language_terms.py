"""The terms in one language: which normal forms and written forms are which terms."""

from collections.abc import Iterator, Sequence

from processors.matching.compiled.layout import AS_MENTION, AS_STEP, T_JOINED
from processors.matching.compiled.store import Rows
from processors.matching.compiled.terms import Key, Terms
from processors.matching.compiled.wildcards import Wildcards
from processors.matching.words import Normaliser, Unit

Rows_ = list[tuple[int, int]]
Keys = tuple[str, ...]
"""Of a term: stems, or `=` and an exact form."""

_MANY_CHANGES = 1 << 10


class LanguageTerms:
    """See the module. A term that is in `hints` for a stem is only maybe there where the stem is."""

    def __init__(self, normaliser: Normaliser, terms: Terms) -> None:
        self._normaliser = normaliser
        self._terms = terms
        self.stems: dict[str, list[int]] = {}
        self.exacts: dict[str, list[int]] = {}
        self.hints: dict[str, list[int]] = {}
        self.wildcards = Wildcards()
        self.has_wildcards = 0
        self.sequences = Rows(2, room=1024)
        self.sequence_terms = Rows(room=64)
        self.changed: dict[str, None] | None = None
        """Keys (see term_keys.py) whose entries changed since it was made empty; None where that was too many, or never."""

    def add(self, term: int, key: Key) -> tuple[Keys, Sequence[str] | None]:
        """Look for a term from now on; returns what known words must be compared with: keys and a wildcard's pieces."""
        self.sequences.reserve(self._terms.count)
        self.sequences.array[term] = 0
        if key.kind == "wildcard":
            pieces = self._pieces(key.text)
            self._note(*self.wildcards.add(pieces, term))
            self.has_wildcards += 1
            return (), pieces
        if key.kind == "exact":
            exact = self._normaliser.exact_form(key.text)
            self.exacts.setdefault(exact, []).append(term)
            self._note("=" + exact)
            return ("=" + exact,), None
        word = self._normaliser.query_word(key.text)
        for stem in word.stems:
            self.stems.setdefault(stem, []).append(term)
        keys = (*word.stems, *self._add_sequence(term, word.sequence))
        self._note(*keys)
        return keys, None

    def discard(self, term: int, key: Key) -> None:
        """Look no longer for a term that was added."""
        if key.kind == "wildcard":
            self._note(*self.wildcards.discard(self._pieces(key.text), term))
            self.has_wildcards -= 1
        elif key.kind == "exact":
            exact = self._normaliser.exact_form(key.text)
            _drop(self.exacts, exact, term)
            self._note("=" + exact)
        else:
            word = self._normaliser.query_word(key.text)
            for stem in word.stems:
                _drop(self.stems, stem, term)
            self._note(*word.stems)
            at, count = self.sequences.array[term].tolist()
            for place, stems in enumerate(word.sequence[:count]):
                part = int(self.sequence_terms.array[at + place])
                self._note(*stems)
                for stem in stems:
                    _drop(self.stems, stem, part)
                    if place == 0:
                        _drop(self.hints, stem, term)
                self._terms.release(part)
            self.sequences.array[term] = 0

    def keys(self) -> Iterator[str]:
        """All keys, see term_keys.py."""
        yield from self.stems
        yield from (stem for stem in self.hints if stem not in self.stems)
        yield from map("=".__add__, self.exacts)
        yield from self.wildcards.keys()

    def entries(self, key: str) -> Iterator[int]:
        """The terms of a key that is no wildcard's, each `term << 1`, and 1 more where it is only hinted at."""
        if key[0] == "=":
            yield from (term << 1 for term in self.exacts.get(key[1:], ()))
        else:
            yield from (term << 1 for term in self.stems.get(key, ()))
            yield from (term << 1 | 1 for term in self.hints.get(key, ()))

    def _note(self, *keys: str) -> None:
        if self.changed is not None:
            self.changed.update(dict.fromkeys(keys))
            if len(self.changed) > _MANY_CHANGES + len(self.stems):
                self.changed = None

    def _add_sequence(self, term: int, sequence: Sequence[Sequence[str]]) -> Iterator[str]:
        """Parts of the spaced form are terms of their own; the first hints that the word may be there."""
        if not sequence:
            return
        key = self._terms.key(term)
        parts = [
            self._terms.use(Key("part", f"{self._normaliser.language} {place} {key.text}"))
            for place in range(len(sequence))
        ]
        self.sequences.reserve(self._terms.count)
        self.sequences.array[term] = (self.sequence_terms.extend(parts), len(parts))
        self._terms.table.array[term, T_JOINED] = 1
        for place, (part, stems) in enumerate(zip(parts, sequence, strict=True)):
            for stem in stems:
                self.stems.setdefault(stem, []).append(part)
                if place == 0:
                    self.hints.setdefault(stem, []).append(term)
                yield stem

    def _pieces(self, pattern: str) -> tuple[str, ...]:
        return tuple(self._normaliser.fold_form(piece) if piece else "" for piece in pattern.split("*"))


def uses(terms: LanguageTerms, units: Sequence[Unit]) -> Rows_:
    """The rows of a word: (term, unit << 2 | use) for each unit that a term fits (see layout.AS_MENTION, AS_STEP)."""
    if len(units) == 1:
        fitting = fitting_terms(terms, units[0])
        if len(fitting) > 1:
            fitting = list(dict.fromkeys(fitting))
        rows = [(term, AS_MENTION | AS_STEP) for term in fitting]
        if terms.hints:
            rows += ((term, 0) for term in hinted_terms(terms, units) if term not in fitting)
        return rows
    fitted: dict[int, list[int]] = {}
    for number, unit in enumerate(units):
        for term in dict.fromkeys(fitting_terms(terms, unit)):
            fitted.setdefault(term, []).append(number)
    rows = [
        (term, number << 2 | _use(number, numbers, units)) for term, numbers in fitted.items() for number in numbers
    ]
    return rows + [(term, 0) for term in hinted_terms(terms, units) if term not in fitted]


def hinted_terms(terms: LanguageTerms, units: Sequence[Unit]) -> list[int]:
    """The terms of which the first part of their spaced form is there, each once."""
    found = (term for unit in units for stem in unit.stems for term in terms.hints.get(stem, ()))
    return list(dict.fromkeys(found))


def fitting_terms(terms: LanguageTerms, unit: Unit) -> list[int]:
    """The terms that a unit fits, some perhaps twice."""
    found: list[int] = []
    stems = terms.stems
    for stem in unit.stems:
        if stem in stems:
            found += stems[stem]
    if terms.has_wildcards:
        for form in unit.forms:
            found += terms.wildcards.fitting(form)
    if terms.exacts and unit.exact in terms.exacts:
        found += terms.exacts[unit.exact]
    return found


def _use(number: int, fitted: Sequence[int], units: Sequence[Unit]) -> int:
    """How a unit may be used where a term fits the units `fitted`: the widest is the mention."""
    use = AS_MENTION | AS_STEP
    unit = units[number]
    whole = unit.parent
    while whole >= 0:
        if whole in fitted:
            use &= ~AS_MENTION
            if (units[whole].first, units[whole].last) == (unit.first, unit.last):
                use &= ~AS_STEP
        whole = units[whole].parent
    return use


def _drop(terms: dict[str, list[int]], key: str, term: int) -> None:
    here = terms[key]
    here.remove(term)
    if not here:
        del terms[key]
