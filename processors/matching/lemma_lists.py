r"""simplemma's lists of lemmas as files that are looked into where they lie, rather than as dicts.

German's list has over a million words: 120 MB and two seconds as a dict, in every process that reads German. As a file that is
mapped into memory it is 26 MB that all processes share, and a look-up takes about as long. The file is written once, to
BELFRY_CACHE (by `make setup`, else by whoever needs it first); where that can't be, the same bytes are kept in memory.

Layout, little-endian: magic, number of buckets and of words (4 bytes each), where each bucket begins and the last one ends (4
bytes each), the buckets. A word is in the bucket of its CRC-32, as `\nWORD\tLEMMA\n`, the lemma empty where it is the word.
"""

import contextlib
import importlib.metadata
import mmap
import os
import struct
import sys
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from zlib import crc32

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

_MAGIC = b"BLFLEM1\n"
_HEADER = struct.Struct("<8sII")
_WORDS_A_BUCKET = 8


class LemmaList(Mapping[str, str]):
    """The lemmas of one language's words, read from what `encoded` made. Safe to share."""

    def __init__(self, data: "bytes | mmap.mmap") -> None:
        """Raises ValueError where the data isn't such a list, or only a part of one."""
        if len(data) < _HEADER.size:
            raise ValueError("no list of lemmas")
        magic, self._buckets, self._count = _HEADER.unpack(data[: _HEADER.size])
        start = _HEADER.size + 4 * (self._buckets + 1)
        if magic != _MAGIC or len(data) < start:
            raise ValueError("no list of lemmas")
        self._starts = array("I", data[_HEADER.size : start])
        if sys.byteorder == "big":
            self._starts.byteswap()
        if len(data) != self._starts[-1]:
            raise ValueError("a list of lemmas that has been cut")
        self._data = data

    def get(self, key: str, default: str | None = None) -> str | None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The lemma of a word, `default` where it isn't listed."""
        word = key.encode("utf-8", "surrogatepass")
        bucket = crc32(word) % self._buckets
        words = self._data[self._starts[bucket] : self._starts[bucket + 1]]
        found = words.find(b"\n%b\t" % word)
        if found < 0:
            return default
        start = found + len(word) + 2
        end = words.index(b"\n", start)
        return words[start:end].decode() if end > start else key

    def __getitem__(self, key: str) -> str:
        lemma = self.get(key)
        if lemma is None:
            raise KeyError(key)
        return lemma

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        for line in bytes(self._data[self._starts[0] :]).decode().split("\n"):
            if line:
                yield line.partition("\t")[0]

    def __len__(self) -> int:
        return self._count


def encoded(lemmas: Iterable[tuple[str, str]], count: int) -> bytes:
    """The data of a LemmaList of `count` words. A word or lemma with a tab or a line end can't be kept, and none has one."""
    number = max(count // _WORDS_A_BUCKET, 1)
    buckets: list[list[bytes]] = [[] for _ in range(number)]
    for word, lemma in lemmas:
        key = word.encode()
        buckets[crc32(key) % number].append(b"%b\t%b" % (key, b"" if lemma == word else lemma.encode()))
    blobs = [b"\n%b\n" % b"\n".join(words) if words else b"" for words in buckets]
    starts = array("I", [_HEADER.size + 4 * (number + 1)])
    for blob in blobs:
        starts.append(starts[-1] + len(blob))
    if sys.byteorder == "big":
        starts.byteswap()
    return b"".join([_HEADER.pack(_MAGIC, number, count), starts.tobytes(), *blobs])


@cache
def lemma_list(code: str) -> LemmaList:
    """Simplemma's list for a language by simplemma's code. Raises ValueError where it has none."""
    path = _folder() / f"{code}-{importlib.metadata.version('simplemma')}.lemmas"
    with contextlib.suppress(OSError, ValueError):
        return _mapped(path)
    words = DefaultDictionaryFactory(cache_max_size=0).get_dictionary(code)
    data = encoded(words.items(), len(words))
    with contextlib.suppress(OSError, ValueError):
        _write(path, data)
        return _mapped(path)
    return LemmaList(data)


def _folder() -> Path:
    return Path(os.environ.get("BELFRY_CACHE") or "~/.cache/belfry").expanduser() / "lemmas"


def _mapped(path: Path) -> LemmaList:
    with path.open("rb") as file:
        return LemmaList(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, also where several processes do it at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            file.write(data)
            file.close()
            Path(file.name).chmod(0o644)  # an image is built by one user and run by another
            Path(file.name).replace(path)
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise
