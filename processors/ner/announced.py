"""What the words beside a name, or in it, surely say that it is, whatever the network or a silver label makes of it.

1. The word in small letters right before it (*minister Claes*, *weekblad Rappler*, *the chipmaker Tessaly*, *la société Ardevia*, *film
   Dragonheart*, *eiland Hispaniola*): classes of lexicon/cues, without the words that something else follows as gladly
   (*concurrent Jansen*, *politie Antwerpen*, *opvolger Athlon*). German is left out: every noun has a capital there, and a
   genitive follows (*Regierung Ägyptens*).
2. Its last word, where only companies have it (*Heijting Bouw*, *Otten & Co KG*).

For how many names of the gold labels this holds, and how often it is right, is in models/names/README.md.
"""

from collections.abc import Sequence

from processors.ner.cues import CODES, cue
from schemas.entities import EntityType

_TYPES: dict[str, EntityType] = {
    CODES["title"]: "PER", CODES["kin"]: "PER", CODES["body"]: "ORG", CODES["place"]: "LOC", CODES["work"]: "MISC",
}  # fmt: skip
_UNSURE_WORDS = """
eigenaar eigenares marktonderzoeker kampioen leider baas kandidaat verdachte opvolger opvolgster voorganger
concurrent consultant aandeelhouder aandeelhouders aandeel producent uitgever werkgever personeel werknemers overnemer beursgenoteerde
beurs politie rechtbank parket hof raad parlement kamer senaat regering leger departement school college ziekenhuis dienst commissie comité
bergketen
owner champion champions leader boss candidate successor predecessor
rival shareholder shareholders shares staff employees employer developer contractor producer publisher operator regulator police
court council parliament senate government army department college school hospital commission committee
propriétaire champion championne leader patron candidat successeur prédécesseur
employeur salariés action actionnaire actionnaires producteur éditeur constructeur exploitant opérateur maison tribunal
cour conseil parlement sénat gouvernement armée département service école collège lycée hôpital clinique
ensemble chaîne revue
"""
_UNSURE = tuple(_UNSURE_WORDS.split())
_PLACE_WORDS = """
stad dorp deelgemeente wijk provincie regio streek eiland rivier baai vallei luchthaven vliegveld
city town village province region island river bay valley airport ville région île rivière baie vallée aéroport
"""
_PLACES = tuple(_PLACE_WORDS.split())
"""Of words for places, those that hardly anything else follows."""
_LANGUAGES = frozenset(["nl", "en", "fr"])
_COMPANY_WORDS = """
NV BV BVBA SA AG KG GmbH Inc Inc. Ltd Ltd. Corp Corp. LLC Plc Group Groep Groupe Gruppe Holding Holdings Bank Bouw Energy Pharma
Logistics Services Solutions Technologies Systems Partners Industries Motors Airlines Airways Insurance Verzekeringen Pictures
"""
_COMPANY = frozenset(_COMPANY_WORDS.split())


def announced_type(before: str, name: Sequence[str], language: str, *, full_name: bool = False) -> EntityType | None:
    """What a name is by the words beside it or in it; None where they don't say.

    before: the word right before it, empty where there is none. full_name: it looks like a person's first and last name, which
    only a title or a relative speaks of then.
    """
    if len(name) > 1 and name[-1] in _COMPANY and not full_name:
        return "ORG"
    if language not in _LANGUAGES or not before.islower() or not name[0][0].isupper() or before.endswith(_UNSURE):
        return None
    kind = _TYPES.get(cue(before, language, capital=False))
    if (kind == "LOC" and not before.endswith(_PLACES)) or (kind != "PER" and full_name):
        return None
    return kind


def is_adjective(name: Sequence[str]) -> bool:
    """Whether a MISC name may be one of *Leidse*, *Haarlem-supporters*, of which the word before says nothing."""
    return "-" in name[0] or name[-1].endswith("se")
