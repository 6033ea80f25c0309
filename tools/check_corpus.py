"""Check Belfry's own named-entity corpus and print what it holds.

    python tools/check_corpus.py [FOLDER]

FOLDER (models/corpus/train) holds *.txt: a sentence a line, a blank line between articles, names as `[Annalena Baerbock|PER]`
(models/corpus/README.md). The exit status is 1, with the places named, if anything is malformed or said twice.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, cast

CORPUS = Path(__file__).resolve().parents[1] / "models" / "corpus" / "train"
Kind = Literal["PER", "ORG", "LOC", "MISC"]
KINDS: tuple[Kind, ...] = ("PER", "ORG", "LOC", "MISC")
ARTICLE_SENTENCES = range(3, 13)  # enough for a second mention by surname, no more than a batch takes gladly

_MARKED = re.compile(r"\[([^\[\]|]*)\|([^\[\]|]*)\]")
# A name begins and ends with its word: "[NAVO|ORG]-top" and "[Obama|PER]'s" would be two annotations of one token.
_JOINED_BEFORE = re.compile(r"\w$|\w[-'’]$")
_JOINED_AFTER = re.compile(r"\w|[-'’]\w")


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
        if _JOINED_BEFORE.search(before) or _JOINED_AFTER.match(line, mark.end()):
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


def main() -> int:
    """Check the folder, print the counts."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path, nargs="?", default=CORPUS)
    folder = cast("Path", arguments.parse_args().folder)
    files = [(path.name, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.txt"))]
    if not files:
        sys.stderr.write(f"no *.txt in {folder}\n")
        return 1
    sentences, found = problems(files)
    sys.stdout.write(summary(sentences) + "\n")
    sys.stderr.write("".join(f"{problem}\n" for problem in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
