"""Dutch and German separable verbs: what to write for a verb that comes apart in a sentence.

`samentrekken` is found where it stands as one word, and not in "zij trekken de troepen samen". A verb that doesn't come
apart (`voorspellen`, `wiederholen`) and a German noun (`Abkommen`) must not be taken for one: a false alarm is worse than
a miss.
"""

_NL_PREFIXES = (
    "aan achter achterna achteruit af bij binnen bijeen door heen in langs los mede mee na neer om omhoog omver op "
    "open over rond samen stil tegen teleur terecht terug toe uit uiteen vast voor voorbij vooruit vrij weg weer"
)
_NL_VERBS = (
    "barsten bellen bieden blazen blijven bouwen breiden breken brengen buigen dalen dienen doen dragen draaien "
    "drijven dringen drukken duwen eisen gaan geven gooien graven grijpen groeien halen hangen houden huren jagen "
    "keren kiezen kijken klagen knippen komen kondigen kopen krijgen laden laten leggen leiden leveren lezen lichten "
    "liggen lopen lossen maken melden nemen passen plaatsen pakken persen richten rijden roepen rukken roeien scheiden "
    "schieten schorten schrijven schuiven schakelen sluiten slaan slepen smijten snijden spannen spelen spreken "
    "springen staan stappen steken stellen stemmen storten stoten sturen stijgen tekenen tellen tonen trappen treden "
    "treffen trekken vallen vangen varen vechten vegen vinden vliegen vluchten voeren voegen volgen vragen vullen "
    "wachten wenden werken werpen wijken wijzen winnen worden zeggen zenden zetten zien zitten zoeken"
)
_DE_PREFIXES = (
    "ab an auf aus auseinander bei ein empor entgegen fest fort frei her herab heran herauf heraus herein herum hervor "
    "hin hinaus hinein hinzu los mit nach nieder statt um vor voran voraus vorbei vorüber weg weiter wieder zu zurück "
    "zusammen"
)
_DE_VERBS = (
    "arbeiten bauen bieten binden bleiben brechen brennen bringen decken drehen dringen drohen drücken fahren fallen "
    "fangen feuern finden fliegen fliehen fordern führen geben gehen greifen halten hängen heben holen kaufen kehren "
    "klagen kommen kündigen laden lassen laufen legen lehnen leiten liefern machen melden nehmen packen reißen reisen "
    "richten rufen rücken rüsten sagen schaffen schalten schicken schießen schlagen schließen schneiden schreiben "
    "sehen senden setzen sprechen springen stehen steigen stellen stimmen stoßen stürzen suchen teilen tragen treffen "
    "treiben treten weisen weichen wenden werfen ziehen"
)
_NEVER_APART = frozenset(
    # Dutch verbs with the stress on the verb, and nouns that look like verbs
    (
        "overdenken overdrijven overhalen overkomen overladen overleggen overleven overlijden overmeesteren overrompelen "
        "overrijden overschrijden overschrijven overspannen overspelen overstelpen overstromen overtreden overtreffen "
        "overtrekken overvallen overvleugelen overvragen overwegen overwerken overwinnen overzien omgeven omhelzen "
        "omlijnen omringen omschrijven omsingelen omsluiten omspannen omvatten omzeilen aanbidden aanvaarden achterhalen "
        "achtervolgen doorboren doorbreken doorgronden doorkruisen doorlopen doorstaan doorsteken doorzien doorzoeken "
        "misbruiken mislukken voorkomen voorspellen voorvoelen voorzeggen voorzien weergeven weerhouden weerklinken "
        "weerleggen weerspiegelen weerspreken weerstaan weerstreven weervaren inkomen herladen herstellen overstemmen "
        "overstijgen overvoeren "
        # German ones, and nouns that are often written in small letters in a query
        "umarmen umfangen umfassen umfahren umgeben umgehen umklammern umkreisen umreißen umringen umrunden umschreiben "
        "umsegeln umstellen umzingeln wiederholen widersprechen abkommen ansehen aufkommen aufsehen aufnehmen einkommen "
        "nachsehen vorkommen vorgehen"
    ).split()
)
_LANGUAGES = (
    (_NL_PREFIXES.split(), frozenset(_NL_VERBS.split())),
    (_DE_PREFIXES.split(), frozenset(_DE_VERBS.split())),
)
_VOWELS = frozenset("aeiouy")


def separated(word: str) -> str | None:
    """What finds a separable verb where it has come apart: `trek* NEAR/6 samen` for samentrekken; else None."""
    lower = word.lower()
    if word[:1].isupper() or lower in _NEVER_APART:
        return None
    for prefixes, verbs in _LANGUAGES:
        for prefix in prefixes:
            verb = lower.removeprefix(prefix)
            if verb != lower and verb in verbs:
                return f"{_looked_for(verb)} NEAR/6 {prefix}"
    return None


def _looked_for(verb: str) -> str:
    """A wildcard where the stem stays as it is written in most forms, else the verb, whose inflections are found."""
    stem = verb.removesuffix("en")
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in _VOWELS:
        return f"{stem[:-1]}*"
    return verb
