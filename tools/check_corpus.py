"""Check Belfry's own named-entity corpus and print what it holds.

    python tools/check_corpus.py [FOLDER]

A folder (models/corpus/train and models/corpus/test where none is given) holds *.txt: a sentence a line, a blank line between
articles, names as `[Annalena Baerbock|PER]` (models/corpus/README.md). The exit status is 1, with the places named, if anything is
malformed or said twice, if the test part has five words in a row in common with the training part, also from one sentence into
the next, or if fewer than half of the names of one of its languages are new: neither in the training part nor on Belfry's lists
(lexicon/entities, lexicon/cues).
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, cast

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "models" / "corpus" / "train"
Kind = Literal["PER", "ORG", "LOC", "MISC"]
KINDS: tuple[Kind, ...] = ("PER", "ORG", "LOC", "MISC")
ARTICLE_SENTENCES = range(3, 13)  # enough for a second mention by surname, no more than a batch takes gladly

APART_WORDS = 5
_WORD = re.compile(r"[^\W_]+")
_MARKED = re.compile(r"\[([^\[\]|]*)\|([^\[\]|]*)\]")
# A name begins and ends with its word: "[NAVO|ORG]-top" and "[Obama|PER]'s" would be two annotations of one token.
_JOINED_BEFORE = re.compile(r"\w$|\w[-'’]$")
_JOINED_AFTER = re.compile(r"\w|[-'’]\w")
# But French and Italian drop a vowel before it: "l'[OTAN|ORG]", "qu'[Anne|PER]".
_ELIDED = re.compile(r"(?:^|[\s(«\"“-])(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’]$", re.IGNORECASE)


class Name(NamedTuple):
    """A name at `start` to `end` of its sentence's plain text, in characters."""

    start: int
    end: int
    kind: Kind


class Sentence(NamedTuple):
    """A sentence without markup, and its names in order."""

    text: str
    names: tuple[Name, ...]


class MalformedError(ValueError):
    """The markup or the layout breaks a rule of the format; the message names the rule."""


def parsed(line: str) -> Sentence:
    """The sentence that an annotated line says.

    Names never overlap and come in order; `text[start:end]` is trimmed and not empty. Raises MalformedError.
    """
    pieces: list[str] = []
    names: list[Name] = []
    length = at = 0
    for mark in _MARKED.finditer(line):
        before, name, kind = line[at : mark.start()], mark[1], mark[2]
        if kind not in KINDS:
            raise MalformedError(f"unknown type {kind!r}, expected one of {', '.join(KINDS)}")
        if not name or name != name.strip():
            raise MalformedError(f"a name is empty or has a space at its edge: {mark[0]!r}")
        joined = _JOINED_BEFORE.search(before) and not _ELIDED.search(before)
        if joined or _JOINED_AFTER.match(line, mark.end()):
            raise MalformedError(f"a name is a part of a word: {line[max(0, mark.start() - 5) : mark.end() + 5]!r}")
        start = length + len(before)
        names.append(Name(start, start + len(name), kind))
        pieces += before, name
        length, at = start + len(name), mark.end()
    text = "".join((*pieces, line[at:]))
    if re.search(r"[\[\]|]", text):
        raise MalformedError("a bracket or a bar outside a name")
    if not text or text != " ".join(text.split()):
        raise MalformedError("spaces at an edge, or two in a row")
    return Sentence(text, tuple(names))


def articles(content: str) -> list[list[str]]:
    """The annotated lines of a file's text, article by article."""
    return [block.split("\n") for block in re.split(r"\n{2,}", content.strip("\n"))]


def problems(files: Iterable[tuple[str, str]]) -> tuple[list[Sentence], list[str]]:
    """All sentences of the files (name, content), and what is wrong with them, each with its place."""
    sentences: list[Sentence] = []
    found: list[str] = []
    seen: dict[str, str] = {}
    for file, content in files:
        for number, article in enumerate(articles(content), start=1):
            if len(article) not in ARTICLE_SENTENCES:
                found.append(
                    f"{file}: article {number} ({article[0][:40]}) has {len(article)} sentences, expected 3 to 12"
                )
            for line in article:
                place = f"{file}: article {number}: {line[:60]}"
                try:
                    sentence = parsed(line)
                except MalformedError as error:
                    found.append(f"{place}: {error}")
                    continue
                if sentence.text in seen:
                    found.append(f"{place}: said before, in {seen[sentence.text]}")
                seen.setdefault(sentence.text, file)
                sentences.append(sentence)
    return sentences, found


def summary(sentences: Sequence[Sentence]) -> str:
    """What the sentences hold: their number, words, names of each type, different names, sentences without one."""
    kinds = Counter(name.kind for sentence in sentences for name in sentence.names)
    different = {(sentence.text[name.start : name.end], name.kind) for sentence in sentences for name in sentence.names}
    words = sum(len(sentence.text.split()) for sentence in sentences)
    without = sum(not sentence.names for sentence in sentences)
    lines = [f"{len(sentences):,} sentences, {words:,} words, {without:,} sentences without a name"]
    for kind in KINDS:
        share = kinds[kind] / max(1, kinds.total())
        lines.append(f"{kind}: {kinds[kind]:,} ({share:.0%}), {sum(k == kind for _, k in different):,} different")
    return "\n".join((*lines, f"all: {kinds.total():,}, {len(different):,} different"))


def word_runs(text: str) -> set[tuple[str, ...]]:
    """Every `APART_WORDS` words of a text in a row, in small letters."""
    words = [word.lower() for word in _WORD.findall(text)]
    return {tuple(words[at : at + APART_WORDS]) for at in range(len(words) - APART_WORDS + 1)}


def article_texts(folder: Path) -> list[str]:
    """The articles of a folder's files without markup, each in one piece. Raises MalformedError."""
    contents = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    return [" ".join(parsed(line).text for line in article) for content in contents for article in articles(content)]


def common_runs(train: Iterable[str], test: Iterable[str]) -> list[str]:
    """What texts of the two parts have in common, as problems."""
    learnt = {run: text for text in train for run in word_runs(text)}
    return [
        f"test: {text[:60]}: has {' '.join(run)!r} in common with {learnt[run][:60]!r}"
        for text in test
        for run in sorted(word_runs(text) & learnt.keys())
    ]


def shown_names(sentences: Iterable[Sentence]) -> set[str]:
    """The different names of sentences, as written."""
    return {sentence.text[name.start : name.end] for sentence in sentences for name in sentence.names}


def known_names(learnt: Iterable[str]) -> Callable[[str], bool]:
    """Tells whether a name is among those learnt or on one of Belfry's lists, case and accents aside."""
    # Belfry's own packages, found whichever way this is run.
    sys.path.insert(0, str(ROOT))
    from processors.gazetteer import default_gazetteer
    from processors.names import name_key
    from processors.ner.cues import organisations

    known = {name_key(name) for name in (*learnt, *organisations())}
    gazetteer = default_gazetteer()
    return lambda name: name_key(name) in known or bool(gazetteer.readings(name_key(name)))


def few_new_names(learnt: Iterable[str], test: Mapping[str, Iterable[Sentence]]) -> list[str]:
    """The parts (by what they are called) of whose names fewer than half are new, as problems; prints the counts."""
    is_known = known_names(learnt)
    found: list[str] = []
    for part, sentences in test.items():
        names = shown_names(sentences)
        new = sum(not is_known(name) for name in names)
        said = f"{part}: {new} of the {len(names)} names are new"
        sys.stdout.write(f"{said}\n")
        if 2 * new < len(names):
            found.append(f"{said}, fewer than half")
    return found


def read(folder: Path) -> tuple[list[Sentence], list[str]]:
    """The sentences of a folder and what is wrong with them; prints the counts."""
    files = [(path.name, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.txt"))]
    if not files:
        return [], [f"no *.txt in {folder}"]
    sentences, found = problems(files)
    sys.stdout.write(f"{folder.name}: {summary(sentences)}\n")
    return sentences, found


def main() -> int:
    """Check a folder, or both parts and that they are apart; print the counts."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path, nargs="?")
    folder = cast("Path | None", arguments.parse_args().folder)
    if folder is not None:
        _, found = read(folder)
    else:
        train, found = read(CORPUS)
        held_apart = CORPUS.with_name("test")
        _, wrong = read(held_apart)
        found += wrong
        if not found:  # what is malformed can't be compared
            parts = {
                path.name: problems([(path.name, path.read_text("utf-8"))])[0] for path in held_apart.glob("*.txt")
            }
            found += common_runs(article_texts(CORPUS), article_texts(held_apart))
            found += few_new_names(shown_names(train), dict(sorted(parts.items())))
    sys.stderr.write("".join(f"{problem}\n" for problem in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
