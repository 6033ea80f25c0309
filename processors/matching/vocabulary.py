"""The words of a language as simplemma lists them: what tells whether a wildcard fits a few words or thousands."""

import re
from collections.abc import Sequence
from functools import cache

from simplemma.strategies.dictionaries.dictionary_factory import DEFAULT_DICTIONARY_FACTORY, SUPPORTED_LANGUAGES


class ListedWords:
    """The listed words of some languages. A list is read at the first wildcard: German's takes a second."""

    def __init__(self, languages: Sequence[str]) -> None:
        self._languages = [language for language in languages if language in SUPPORTED_LANGUAGES]

    def count(self, pattern: str) -> int:
        """How many words the wildcard fits in the language where it fits the most."""
        pieces = [re.escape(piece) for piece in pattern.lower().split("*")]
        fitting = re.compile(rf"^{'.*'.join(pieces)}$", re.MULTILINE)
        return max((len(fitting.findall(_words(language))) for language in self._languages), default=0)


@cache
def _words(language: str) -> str:
    """The listed words in small letters, one a line."""
    return "\n".join(DEFAULT_DICTIONARY_FACTORY.get_dictionary(language)).lower()
