"""What pages say on behalf of their site, not of the article: consent, subscriptions, sharing, see-also. Pure.

Only for the text of web pages, line by line: a line stays or goes whole. What is quoted stays, since an article may be about
cookies. Kept apart from finding the article (trafilatura), because a page whose only text is such a notice has no article.
"""

import re
from dataclasses import dataclass
from typing import Literal

Wall = Literal["", "cookie_wall", "paywall"]

_MAX_NOTICE_CHARS = 700
"""A longer line is no notice, whatever it says."""
_UNQUOTED = r"(?<![\"'“”„«‘’])"
_COOKIE = re.compile(
    r"cookie|tracker|traceur|gepersonaliseerde advertenties|personali[sz]ed ad|personalisierte werbung", re.IGNORECASE
)
_SITE_SPEAKS = re.compile(
    _UNQUOTED
    + r"""\b(?:
    (?:wij|we)\s(?:en\sonze|gebruiken|plaatsen|maken\sgebruik|vragen)|onze\s(?:\d+\s)?partners|deze\s(?:web)?site\s(?:gebruikt|maakt\sgebruik|plaatst)
    |(?:uw|je|jouw)\s(?:toestemming|cookie|privacy|voorkeuren)|cookie-?\s?(?:beleid|instellingen|voorkeuren|verklaring|melding)
    |cookies\s(?:te\s)?accepteren|accepteer\s(?:alle\s)?cookies
    |we\s(?:use|and\sour|store|ask)|our\s(?:\d+\s)?(?:partners|use\sof|cookie)|this\s(?:web)?site\suses|your\s(?:consent|privacy|choices|cookie)
    |cookie\s(?:policy|settings|preferences|notice)|accept\s(?:all\s)?cookies
    |wir\s(?:verwenden|nutzen|setzen|und\sunsere|benötigen)|unsere\s(?:\d+\s)?partner|diese\s(?:web)?(?:seite|site)\s(?:verwendet|nutzt|benutzt)
    |(?:ihre|deine)\s(?:einwilligung|zustimmung|privatsphäre)|cookie-?\s?(?:richtlinie|einstellungen|hinweis)|cookies\s(?:zu\s)?akzeptieren
    |nous\s(?:utilisons|et\snos|déposons|demandons)|nos\s(?:\d+\s)?partenaires|(?:ce|notre)\ssite\s(?:utilise|dépose)|votre\s(?:consentement|vie\sprivée)
    |(?:politique|gestion|paramètres)\sde(?:s)?\scookies|accepter\s(?:les|tous\sles)\s(?:cookies|traceurs)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# These go only where the page has asked for consent as well.
_BESIDE_CONSENT = re.compile(
    r"""(?:
    (?:ja,?\s)?(?:ik\sga\s)?akkoord|(?:alles\s|alle\s(?:cookies\s)?)?(?:accepteren|weigeren|toestaan)|(?:mijn\s)?(?:instellingen|voorkeuren)(?:\s(?:aanpassen|beheren|wijzigen))?
    |(?:i\s)?(?:accept|agree|reject|decline)(?:\sall)?(?:\scookies)?|(?:manage|more)\s(?:options|preferences|choices)|(?:cookie|privacy)?\s?settings
    |(?:alle\s)?(?:akzeptieren|ablehnen|zustimmen|annehmen)|einstellungen(?:\sverwalten)?|mehr\s(?:informationen|erfahren)
    |tout\s(?:accepter|refuser)|(?:accepter|refuser|paramétrer)(?:\set\scontinuer)?|continuer\ssans\saccepter|en\ssavoir\splus|meer\sinformatie
    |.{0,200}\b(?:toestemming|consent|einwilligung|consentement|privacy|akkoord|datenschutz|vie\sprivée)\b.{0,200}
    )[.!]?""",
    re.IGNORECASE | re.VERBOSE,
)
_SUBSCRIBE = re.compile(
    r"""(?:
    (?:wil\s(?:je|u)\s)?verder\slezen\??(?:\s|$)|al\s(?:een\s)?abonnee\b|(?:bent\su|ben\sje)\sal\sabonnee|word\s(?:nu\s)?(?:abonnee|lid)\b|neem\s(?:nu\s)?een\sabonnement
    |log\s(?:hier\s)?in\s(?:om|en\slees)|dit\sartikel\sis\s(?:alleen|exclusief|uitsluitend)|(?:exclusief|alleen)\svoor\s(?:onze\s)?abonnees|maak\s(?:een\s)?gratis\saccount
    |(?:already|not)\sa\ssubscriber|subscribe\s(?:now|to|for)\b|this\s(?:article|content|story)\sis\s(?:only\s)?(?:for|available\sto|exclusive)|(?:sign|log)\sin\sto\s(?:read|continue|keep)
    |to\scontinue\sreading|create\sa\sfree\saccount|start\syour\s(?:free\s)?trial|you\shave\s\w+\sfree\sarticles?
    |weiterlesen\smit|(?:jetzt|hier)\s(?:abonnieren|anmelden|testen|registrieren)|diese[rn]?\s(?:artikel|text|inhalt)\sist\s(?:nur|exklusiv)|(?:bereits|schon)\sabonnent
    |mit\s\w+\+\s|(?:cet|l')\s?article\sest\sréservé|réservé\s(?:à\snos|aux)\sabonnés|abonnez-vous|déjà\sabonné|il\svous\sreste\s\d+|pour\s(?:lire\sla\ssuite|continuer)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_MAX_SUBSCRIBE_CHARS = 250
_SEE_ALSO = re.compile(
    r"""(?:
    lees\s(?:ook|meer|hier|verder)|bekijk\s(?:ook|hier)|zie\sook|luister\sook|meer\s(?:over|nieuws|lezen)|ook\sinteressant
    |read\s(?:also|more|next|this)|also\sread|see\salso|watch|related(?:\s(?:articles|stories|topics|content))?|more\s(?:on\sthis(?:\sstory)?|from\s[^:]{2,30})|most\sread|recommended
    |lesen\ssie\s(?:auch|hier)|lesen\ssie\sdazu|mehr\szum\sthema|siehe\sauch|auch\sinteressant|mehr\sdazu
    |(?:à\s)?lire\s(?:aussi|également)|voir\saussi|à\sécouter|sur\sle\smême\s(?:sujet|thème)|pour\saller\splus\sloin
    )\s*(?::.*|[|>»→–-].*|)""",
    re.IGNORECASE | re.VERBOSE,
)
_FURNITURE = re.compile(
    r"""(?:
    advertentie|reclame|advertisement|anzeige|werbung|publicité|(?:de\s)?tekst\s(?:gaat|loopt)\s(?:door|verder)\sonder\s.{3,30}|(?:lees|artikel\sgaat)\sverder\sonder\s.{3,30}
    |(?:article|story)\scontinues\sbelow(?:\s.{3,30})?|deel\s(?:dit|via|op|met)\b.{0,60}|share\s(?:this|on|via)\b.{0,60}|(?:artikel\s)?teilen|partager(?:\s.{0,40})?|print(?:en)?|delen|share
    |volg\sons\s.{0,80}|follow\sus\s.{0,80}|folgen\ssie\suns\s.{0,80}|suivez-nous\s.{0,80}|reacties?(?:\s\(\d+\))?|comments?(?:\s\(\d+\))?|kommentare?(?:\s\(\d+\))?|commentaires?
    |(?:schrijf\s(?:je|u)\s(?:nu\s)?in|meld\s(?:je|u)\saan)\b.{0,20}(?:nieuwsbrief|newsletter).{0,80}|sign\sup\s(?:for|to)\s.{0,40}newsletter.{0,80}|.{0,40}newsletter\s(?:abonnieren|bestellen).{0,60}|inscrivez-vous\s.{0,60}newsletter.{0,60}
    |(?:copyright|©|\(c\)).{0,100}|.{0,60}(?:alle\srechten\svoorbehouden|all\srights\sreserved|alle\srechte\svorbehalten|tous\sdroits\sréservés).{0,60}
    )[.:!]?""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Told:
    """What is left of a page's text, and which wall stood before it, if any."""

    text: str
    wall: Wall


def without_boilerplate(text: str) -> Told:
    """The text without lines that are no part of an article. Linear but for a constant: no line over a bound is looked into."""
    lines = text.split("\n")
    consent = [_is_consent(line) for line in lines]
    asked = any(consent)
    kept: list[str] = []
    walls: set[Wall] = set()
    for line, is_consent in zip(lines, consent, strict=True):
        bare = line.strip()
        if is_consent or (asked and len(bare) <= _MAX_NOTICE_CHARS and _BESIDE_CONSENT.fullmatch(bare)):
            walls.add("cookie_wall")
        elif len(bare) <= _MAX_SUBSCRIBE_CHARS and _SUBSCRIBE.match(bare):
            walls.add("paywall")
        elif len(bare) > _MAX_SUBSCRIBE_CHARS or not (_SEE_ALSO.fullmatch(bare) or _FURNITURE.fullmatch(bare)):
            kept.append(line)
    left = "\n".join(kept)
    if left.strip():
        # Beside an article a notice of cookies is only a notice; that it is for subscribers tells why it is short.
        return Told(left, "paywall" if "paywall" in walls else "")
    return Told("", "cookie_wall" if "cookie_wall" in walls else "paywall" if walls else "")


def _is_consent(line: str) -> bool:
    return len(line) <= _MAX_NOTICE_CHARS and _COOKIE.search(line) is not None and _SITE_SPEAKS.search(line) is not None
