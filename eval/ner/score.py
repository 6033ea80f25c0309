"""Names: precision, recall and F1 by exact spans, of the whole pipeline as it ships (lists, model, rules, consistency).

An article's text is its sentences, one a line. A genitive 's belongs to a name here, as the corpora have it; Belfry's mentions end
before it. The private yardstick is measured where its folder is, printed, and never published.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from eval.figure import Figure
from eval.ner.texts import YARDSTICK, Span, Text, german_texts, own_texts, yardstick_texts
from models.train import learnt
from models.training.corpora import SHARED, own_files, spans
from models.training.scores import Score, scores
from processors.gazetteer import default_gazetteer
from processors.ner.choice import SHIPPED, NameModels
from processors.recognise import recognise
from tools.check_corpus import known_names, problems, shown_names

BAR = 0.74
WHOLE = "PER+ORG+LOC"


def found_names(text: Text, models: NameModels = SHIPPED) -> set[Span]:
    """The names that Belfry finds in a text."""
    return {text.span(one) for one in recognise("", text.text, text.language, models)}


def score() -> list[Figure]:
    """The figures of `make eval`."""
    return [*_yardstick(), *_dutch(), *_others(), _speed()]


def _yardstick() -> Iterator[Figure]:
    if not YARDSTICK.exists():
        return
    texts = list(yardstick_texts())
    found = [found_names(text) for text, _ in texts]
    all_lines = scores([text.names for text, _ in texts], found)[WHOLE]
    wanted = [_outside(text.names, headers) for text, headers in texts]
    kept = [_outside(names, headers) for names, (_, headers) in zip(found, texts, strict=True)]
    for name, one in scores(wanted, kept).items():
        bar = BAR if name == WHOLE else None
        yield Figure(f"Dutch, yardstick without headers, {name}, F1", one.f1, bar=bar, n=one.wanted, published=False)
    yield Figure(f"Dutch, yardstick, all lines, {WHOLE}, F1", all_lines.f1, n=all_lines.wanted, published=False)


def _outside(names: set[Span] | frozenset[Span], lines: frozenset[tuple[int, int]]) -> set[Span]:
    return {name for name in names if not any(start <= name[0] < end for start, end in lines)}


def _dutch() -> Iterator[Figure]:
    texts = own_texts("nl")
    found = [found_names(text) for text in texts]
    yield from _by_type("Dutch", texts, found)
    is_known = known_names(_learnt_names())
    new = scores(
        [_but(text, text.names, is_known) for text in texts],
        [_but(text, names, is_known) for text, names in zip(texts, found, strict=True)],
    )
    for name, one in new.items():
        yield _f1(f"Dutch, names neither learnt nor listed, {name}", one)
    lists = scores([text.names for text in texts], [found_names(text, NameModels(on=False)) for text in texts])[WHOLE]
    yield _f1(f"Dutch, by lists and rules alone, {WHOLE}", lists)


def _learnt_names() -> set[str]:
    """Every name in what was learnt from: Belfry's own corpus and, where they are, the files beside the checkout."""
    own_part, _ = problems((path.name, path.read_text(encoding="utf-8")) for path in own_files())
    others = learnt(default_gazetteer()) if SHARED.exists() else []
    return shown_names(own_part) | {
        " ".join(word for word, _ in sentence.chunks[start:end])
        for sentence in others
        for start, end, _ in spans([tag for _, tag in sentence.chunks])
    }


def _but(text: Text, names: Iterable[Span], left_out: Callable[[str], bool]) -> set[Span]:
    return {name for name in names if not left_out(text.text[name[0] : name[1]])}


def _others() -> Iterator[Figure]:
    for language, name in (("en", "English"), ("fr", "French")):
        texts = own_texts(language)
        yield from _by_type(name, texts, [found_names(text) for text in texts])
    if SHARED.exists():
        texts = german_texts()
        yield from _by_type("German (GermEval, held back)", texts, [found_names(text) for text in texts])


def _by_type(language: str, texts: Sequence[Text], found: Sequence[set[Span]]) -> Iterator[Figure]:
    for name, one in scores([text.names for text in texts], found).items():
        yield Figure(f"{language}, {name}, precision", one.precision, n=one.found)
        yield Figure(f"{language}, {name}, recall", one.recall, n=one.wanted)
        yield _f1(f"{language}, {name}", one)


def _f1(name: str, one: Score) -> Figure:
    return Figure(f"{name}, F1", one.f1, n=one.wanted)


def _speed() -> Figure:
    """Words a second, on one core."""
    texts = [text for language in ("nl", "en", "fr") for text in own_texts(language)]
    for text in {
        text.language: text for text in texts
    }.values():  # each language's word lists are read at its first text
        found_names(text)
    began = time.process_time()
    for text in texts:
        found_names(text)
    words = sum(len(text.text.split()) for text in texts)
    note = (
        "names alone, texts never seen before, one after the other; the whole of enrichment is under Speed and memory"
    )
    return Figure("Speed", words / (time.process_time() - began), "words/s", n=words, note=note)
