"""Dutch separable verbs: `op bouwen` for *opbouwen*, whose participle is *opgebouwd*."""

from collections.abc import Collection, Iterator

from processors.matching.folding import folded
from processors.matching.lemmas import lemmas
from word_build.opentaal import Dictionary

_PARTICLES = """
aan achter achterna achterop achterover achteruit af alleen bezig deel dwars gade gelijk gerust kennis lastig lief prijs schuil stand teniet tekort bij bijeen binnen boven buiten dicht dood door goed heen in kapot klaar kwijt langs
leeg los mede mee mis na neer om omhoog omlaag omver onder op open over overeen plaats rond samen schoon stil stop stuk
tegemoet tegen teleur tentoon terecht terug thuis toe uit uiteen vast vol voor vooraf voorbij voort vooruit vrij waar weg weer wel
"""
PARTICLES = tuple(_PARTICLES.split())
"""What separates from Dutch verbs."""

_WITHOUT_GE = ("be", "ver", "ont", "her", "er")
"""Verbs that begin so have participles without ge-, and only a particle that separates can stand before them."""


def separable_verbs(dictionary: Dictionary, listed: Collection[str], inseparable: Collection[str]) -> Iterator[str]:
    """`particle verb` for each infinitive whose participle has its ge- behind the particle: *op-ge-bouwd*."""
    infinitives = set(map(folded, dictionary.infinitives()))
    with_ge = _verbs_with_inner_ge(listed)
    for infinitive in infinitives.difference(inseparable):
        for particle in PARTICLES:
            verb = infinitive.removeprefix(particle)
            if verb == infinitive or verb not in infinitives:
                continue
            if verb.startswith(_WITHOUT_GE) or (particle, infinitive) in with_ge:
                yield f"{particle} {verb}"


def _verbs_with_inner_ge(listed: Collection[str]) -> set[tuple[str, str]]:
    """(particle, infinitive), by the lemma of the participle (*opgebouwd*) or of what is behind its particle (*gebouwd*)."""
    lemmas_of = lemmas("nl").listed
    found: set[tuple[str, str]] = set()
    for surface in listed:
        for particle in PARTICLES:
            if surface.startswith(f"{particle}ge"):
                of_all = (lemma for lemma in map(folded, lemmas_of(surface)) if lemma != surface)
                of_rest = (particle + folded(lemma) for lemma in lemmas_of(surface[len(particle) :]))
                found |= {(particle, lemma) for lemma in (*of_all, *of_rest) if _has_inner_ge(surface, particle, lemma)}
    return found


def _has_inner_ge(participle: str, particle: str, infinitive: str) -> bool:
    """Whether the ge- is the participle's own, not that of a verb such as *geven*."""
    own = infinitive.startswith(f"{particle}ge")
    return participle.startswith(f"{particle}gege") if own else True
