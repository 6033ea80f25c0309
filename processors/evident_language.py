"""Whether a text is evidently in the language that its source states, so that no detector has to be asked.

Reading the opening of an article costs the detector as much as matching it against thousands of subscriptions. A good
part of any prose is a few dozen small words. Where an opening has as many of a language's as it should have, and far
fewer of any other's, no detector is sure of another language; elsewhere nothing is said.
"""

_SMALL_WORDS = {
    "en": """the and to that for with from his her he she are this which have had not but they were their has been will would
        who its said by it at a of in is was as on be or an""",
    "nl": """de het een en van in op te dat met niet zijn voor naar ze zij hij heeft hebben werd wordt worden ook uit bij maar
        nog dit door aan zei er om als was is of die over tot""",
    "de": """der das und den von mit für auf ist nicht ein eine einem einen einer dem des sich auch nach bei wird wurde sie er
        zu zur zum im vom aus haben sagte die in an als war dass durch""",
    "fr": """et du une dans pour est sur par avec aux ses au cette été leur mais le les des qui elle il ont sont la de un en à
        que se ne pas""",
    # Languages that share words with these, to be told apart from them.
    "af": "die nie 'n ŉ vir hy hulle sy gesê sê het wat van te en in is om aan op met dat daar was",
    "lb": "an de déi den dat vun fir mat net ass och um eng ee vum huet am op mir dass",
    "da": "og det at en er som på af til den ikke de med for har der et i var fra",
    "sv": "och att det som en på är av för med den till har inte om ett i var de",
    "es": "el los las del por con una para su como más es y al lo de la que en a se un no",
    "it": "il di che è per con del della una i le non si gli la un in da al ha sono",
    "pt": "o os do da em um uma não com para dos de que e a no se por as na",
    "ca": "els amb el i per una dels la de que en a un del les va és no",
}
_STATED = frozenset({"en", "nl", "de", "fr"})
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_LANGUAGES = {
    word: tuple(language for language, words in _WORDS.items() if word in words)
    for words in _WORDS.values()
    for word in words
}

LEAST_WORDS = 20
LEAST_SHARE = 0.16
"""Of the opening's words: nine of ten openings of English, Dutch, German and French articles have more."""
LEAST_LEAD = 1.8
"""How many times as many as any other language has."""


def is_evidently(language: str, opening: str) -> bool:
    """Whether the opening of a text is surely in the language; False also where that takes a closer look."""
    if language not in _STATED:
        return False
    words = opening.lower().split()
    if len(words) < LEAST_WORDS:
        return False
    counts = dict.fromkeys(_WORDS, 0)
    for word in words:
        for known in _LANGUAGES.get(word, ()):
            counts[known] += 1
    own = counts.pop(language)
    return own >= LEAST_SHARE * len(words) and own >= LEAST_LEAD * max(counts.values())
