"""What messages say around the news, in the four languages, and how they write times and languages. Pure."""

import zoneinfo
from datetime import UTC, datetime
from typing import Final

LANGUAGES: Final = ("nl", "en", "de", "fr")
DEFAULT = "en"

_PHRASES: dict[str, dict[str, str]] = {
    "nl": {
        "colon": ":",
        "also_in": "Ook in",
        "and_more": "en nog {count}",
        "why": "Waarom",
        "why_filter": "Voldoet aan",
        "about": "Gaat over",
        "read": "Lees het artikel",
        "no_link": "Dit artikel heeft geen link.",
        "untitled": "(zonder titel)",
        "no_source": "onbekende bron",
        "subscription": "Abonnement",
        "pause": "Pauzeren",
        "unsubscribe": "Uitschrijven",
        "digest_one": "1 melding",
        "digest_many": "{count} meldingen",
        "more_bells_one": "Er is nog 1 melding; alle meldingen staan in: belfry alerts list",
        "more_bells": "Er zijn nog {count} meldingen; alle meldingen staan in: belfry alerts list",
        "notice": "over dit abonnement",
        "test": "Dit is een proefbericht van Belfry. Meldingen van dit abonnement komen hier aan.",
    },
    "en": {
        "colon": ":",
        "also_in": "Also in",
        "and_more": "and {count} more",
        "why": "Why",
        "why_filter": "Satisfies",
        "about": "About",
        "read": "Read the article",
        "no_link": "This article has no link.",
        "untitled": "(untitled)",
        "no_source": "unknown source",
        "subscription": "Subscription",
        "pause": "To pause it",
        "unsubscribe": "Unsubscribe",
        "digest_one": "1 alert",
        "digest_many": "{count} alerts",
        "more_bells_one": "There is 1 more alert; all are in: belfry alerts list",
        "more_bells": "There are {count} more alerts; all are in: belfry alerts list",
        "notice": "about this subscription",
        "test": "This is a test message from Belfry. Alerts of this subscription arrive here.",
    },
    "de": {
        "colon": ":",
        "also_in": "Auch in",
        "and_more": "und {count} weitere",
        "why": "Warum",
        "why_filter": "Erfüllt",
        "about": "Es geht um",
        "read": "Artikel lesen",
        "no_link": "Dieser Artikel hat keinen Link.",
        "untitled": "(ohne Titel)",
        "no_source": "unbekannte Quelle",
        "subscription": "Abonnement",
        "pause": "Pausieren",
        "unsubscribe": "Abbestellen",
        "digest_one": "1 Meldung",
        "digest_many": "{count} Meldungen",
        "more_bells_one": "Es gibt 1 weitere Meldung; alle stehen in: belfry alerts list",
        "more_bells": "Es gibt {count} weitere Meldungen; alle stehen in: belfry alerts list",
        "notice": "zu diesem Abonnement",
        "test": "Dies ist eine Testnachricht von Belfry. Meldungen dieses Abonnements kommen hier an.",
    },
    "fr": {
        "colon": "\u00a0:",
        "also_in": "Aussi dans",
        "and_more": "et {count} de plus",
        "why": "Pourquoi",
        "why_filter": "Répond à",
        "about": "Sujets",
        "read": "Lire l’article",
        "no_link": "Cet article n’a pas de lien.",
        "untitled": "(sans titre)",
        "no_source": "source inconnue",
        "subscription": "Abonnement",
        "pause": "Mettre en pause",
        "unsubscribe": "Se désabonner",
        "digest_one": "1 alerte",
        "digest_many": "{count} alertes",
        "more_bells_one": "Il y a 1 autre alerte ; toutes sont dans : belfry alerts list",
        "more_bells": "Il y a {count} autres alertes ; toutes sont dans : belfry alerts list",
        "notice": "à propos de cet abonnement",
        "test": "Ceci est un message d’essai de Belfry. Les alertes de cet abonnement arrivent ici.",
    },
}

_DAYS = {
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
}
_MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
_TIMES = {
    "nl": "{day} {number} {month} {year}, {hour:02}:{minute:02} ({zone})",
    "en": "{day} {number} {month} {year}, {hour:02}:{minute:02} ({zone})",
    "de": "{day}, {number}. {month} {year}, {hour:02}:{minute:02} Uhr ({zone})",
    "fr": "{day} {number} {month} {year} à {hour} h {minute:02} ({zone})",
}

_NAMED = "nl en de fr es it pt pl ru uk af fy da sv no fi cs sk hu ro bg el tr ar he fa zh ja ko hr sr sl lt lv et be ca id vi hi"
_LANGUAGE_NAMES = {
    "nl": "Nederlands Engels Duits Frans Spaans Italiaans Portugees Pools Russisch Oekraïens Afrikaans Fries Deens Zweeds "
    "Noors Fins Tsjechisch Slowaaks Hongaars Roemeens Bulgaars Grieks Turks Arabisch Hebreeuws Perzisch Chinees Japans "
    "Koreaans Kroatisch Servisch Sloveens Litouws Lets Estisch Belarussisch Catalaans Indonesisch Vietnamees Hindi",
    "en": "Dutch English German French Spanish Italian Portuguese Polish Russian Ukrainian Afrikaans Frisian Danish Swedish "
    "Norwegian Finnish Czech Slovak Hungarian Romanian Bulgarian Greek Turkish Arabic Hebrew Persian Chinese Japanese "
    "Korean Croatian Serbian Slovene Lithuanian Latvian Estonian Belarusian Catalan Indonesian Vietnamese Hindi",
    "de": "Niederländisch Englisch Deutsch Französisch Spanisch Italienisch Portugiesisch Polnisch Russisch Ukrainisch "
    "Afrikaans Friesisch Dänisch Schwedisch Norwegisch Finnisch Tschechisch Slowakisch Ungarisch Rumänisch Bulgarisch "
    "Griechisch Türkisch Arabisch Hebräisch Persisch Chinesisch Japanisch Koreanisch Kroatisch Serbisch Slowenisch "
    "Litauisch Lettisch Estnisch Belarussisch Katalanisch Indonesisch Vietnamesisch Hindi",
    "fr": "néerlandais anglais allemand français espagnol italien portugais polonais russe ukrainien afrikaans frison "
    "danois suédois norvégien finnois tchèque slovaque hongrois roumain bulgare grec turc arabe hébreu persan chinois "
    "japonais coréen croate serbe slovène lituanien letton estonien biélorusse catalan indonésien vietnamien hindi",
}


def message_language(language: str | None) -> str:
    """The language that messages to a subscriber are in: theirs where Belfry has it, else English."""
    return language if language in _PHRASES else DEFAULT


def phrase(name: str, language: str, count: int = 0) -> str:
    """What a message says for `name`; `count` stands in it where it counts something, which may be one. Raises KeyError."""
    phrases = _PHRASES[language]
    return phrases.get(f"{name}_one" if count == 1 else name, phrases[name]).format(count=count)


def time_text(moment: datetime, time_zone: str, language: str) -> str:
    """The moment as people of this language write it, in this zone (UTC where the zone isn't known)."""
    try:
        local = moment.astimezone(zoneinfo.ZoneInfo(time_zone))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OverflowError, OSError):
        local = moment.astimezone(UTC)
    zone = local.tzname() or "UTC"
    return _TIMES[language].format(
        day=_DAYS[language].split()[local.weekday()],
        number="1er" if language == "fr" and local.day == 1 else local.day,
        month=_MONTHS[language].split()[local.month - 1],
        year=local.year,
        hour=local.hour,
        minute=local.minute,
        # Some zones have no letters of their own, only +03.
        zone=zone if zone.isalpha() else time_zone,
    )


def language_name(code: str | None, language: str) -> str:
    """What a language is called; its code where Belfry has no name for it; nothing for undetermined ones."""
    if code is None or code == "und":
        return ""
    names: dict[str, str] = dict(zip(_NAMED.split(), _LANGUAGE_NAMES[language].split(), strict=True))
    return names.get(code, code.upper())
