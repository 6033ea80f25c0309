"""Build the word lists of lexicon/words from OpenTaal's dictionary and list, and from what is known by hand (nl.toml).

    python tools/build_words.py HUNSPELL WORDLIST

HUNSPELL is the folder of nl.dic and nl.aff (Debian's hunspell-nl: /usr/share/hunspell), WORDLIST OpenTaal's list of words and
their inflected forms (Debian's wdutch: /usr/share/dict/dutch). Names that read like compounds come from the gazetteer. The result depends on these alone, byte for byte.
"""

import argparse
import gzip
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from word_build.opentaal import Dictionary
from word_build.parts import Hand, parts
from word_build.separable import separable_verbs
from word_build.whole_names import whole_names

from processors.matching.folding import folded
from processors.matching.segment import Element

LEXICON = Path(__file__).resolve().parents[1] / "lexicon"
WORDS = LEXICON / "words"


def packed(lines: Iterable[str]) -> bytes:
    """The lines, sorted, gzipped without name and time."""
    return gzip.compress("".join(f"{line}\n" for line in sorted(lines)).encode(), compresslevel=9, mtime=0)


def element_lines(table: Mapping[str, Element]) -> Iterable[str]:
    """A line for each element: surface, cost, and the base where it differs."""
    for surface, element in table.items():
        yield f"{surface} {element.cost}" + (f" {element.base}" if element.base != surface else "")


def write(folder: Path, lists: Mapping[str, Iterable[str]]) -> None:
    """Write the lists and say how large they are."""
    for name, lines in lists.items():
        content = packed(lines)
        (folder / f"{name}.txt.gz").write_bytes(content)
        sys.stdout.write(f"{name}: {gzip.decompress(content).count(10):,} lines, {len(content):,} bytes\n")


def main() -> int:
    """Build all lists."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("hunspell", type=Path)
    arguments.add_argument("wordlist", type=Path)
    given = arguments.parse_args()
    dictionary = Dictionary(given.hunspell)
    listed = {folded(line) for line in given.wordlist.read_text(encoding="utf-8").splitlines() if line.isalpha()}
    listed |= {folded(word.text) for word in dictionary.words}
    hand = Hand.read(tomllib.loads((WORDS / "nl.toml").read_text(encoding="utf-8")))
    found = parts(dictionary, listed, hand)
    lists = {
        "nl-modifiers": element_lines(found.modifiers),
        "nl-heads": element_lines(found.heads),
        "nl-closed": found.closed,
        "nl-separable": {
            *separable_verbs(dictionary, listed, hand.inseparable),
            *(pair.replace(":", " ") for pair in hand.separable),
        },
        "nl-names": found.names,
        "nl-infinitives": set(map(folded, dictionary.infinitives())),
    }
    write(WORDS, {**lists, "whole-names": ()})
    # By what was just written, so only where that is what the package reads.
    write(WORDS, {"whole-names": whole_names(LEXICON / "entities" / "gazetteer.tsv.gz")})
    return 0


if __name__ == "__main__":
    sys.exit(main())
