"""Texts that are a form filled in anew: the weather, the markets, results. Alike but for numbers and names, and no copies."""

import random

from eval.stories.material import Report

_PLACES = {
    "nl": ["Gent", "Brugge", "Utrecht", "Zwolle", "Hasselt", "Leiden", "Aalst", "Breda", "Namen", "Assen"],
    "en": ["Leeds", "Bath", "Dover", "Perth", "Derby", "Truro", "Luton", "Crewe", "Wells", "Ripon"],
    "de": ["Kassel", "Jena", "Trier", "Ulm", "Essen", "Bremen", "Passau", "Siegen", "Halle", "Fulda"],
    "fr": ["Lille", "Nantes", "Dijon", "Brest", "Tours", "Metz", "Amiens", "Pau", "Nancy", "Caen"],
}
_FIRMS = [
    "Corvax",
    "Delfgas",
    "Norland",
    "Petrofin",
    "Alvesta",
    "Brugmann",
    "Helix",
    "Tervuren Staal",
    "Omnia",
    "Zephyr",
]
_DAYS = {
    "nl": ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "de": ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
}
_WEATHER = {
    "nl": """In {p0} wordt het {d0} {n0} graden, met een wind uit het zuidwesten van {n1} kilometer per uur en {n2} millimeter regen.
In {p1} blijft het met {n3} graden wat frisser en valt er in de loop van de middag nog {n4} millimeter.
De kans op onweer bedraagt {n5} procent in het binnenland en {n6} procent aan de kust.
{d1} begint de dag met nevel en temperaturen rond {n7} graden in {p2}.
De verwachting voor de rest van de week blijft onzeker, met maxima tussen {n8} en {n9} graden.""",
    "en": """Temperatures in {p0} will reach {n0} degrees on {d0}, with south-westerly winds of {n1} kilometres an hour and {n2} millimetres of rain.
It will stay a little cooler in {p1} at {n3} degrees, where {n4} millimetres are still expected in the afternoon.
The risk of thunderstorms is {n5} per cent inland and {n6} per cent along the coast.
{d1} will start with mist and temperatures around {n7} degrees in {p2}.
The outlook for the rest of the week remains uncertain, with highs between {n8} and {n9} degrees.""",
    "de": """In {p0} werden am {d0} {n0} Grad erreicht, der Wind weht mit {n1} Kilometern pro Stunde aus Südwest, dazu fallen {n2} Millimeter Regen.
In {p1} bleibt es mit {n3} Grad etwas kühler, am Nachmittag kommen dort noch {n4} Millimeter hinzu.
Die Wahrscheinlichkeit für Gewitter liegt im Binnenland bei {n5} Prozent und an der Küste bei {n6} Prozent.
Der {d1} beginnt mit Nebel und Temperaturen um {n7} Grad in {p2}.
Die Aussichten für den Rest der Woche bleiben unsicher, mit Höchstwerten zwischen {n8} und {n9} Grad.""",
    "fr": """À {p0}, il fera {n0} degrés {d0}, avec un vent de sud-ouest de {n1} kilomètres à l'heure et {n2} millimètres de pluie.
Il fera un peu plus frais à {p1}, avec {n3} degrés, où {n4} millimètres sont encore attendus dans l'après-midi.
Le risque d'orage est de {n5} pour cent à l'intérieur des terres et de {n6} pour cent sur la côte.
La journée de {d1} débutera par de la brume et des températures autour de {n7} degrés à {p2}.
Les prévisions pour le reste de la semaine restent incertaines, avec des maximales entre {n8} et {n9} degrés.""",
}
_MARKETS = {
    "nl": """De beurs is {d0} {n0} procent hoger gesloten op een stand van {n1}{n2} punten, na een rustige handelsdag.
{f0} won {n3} procent tot {n4},{n5} euro en was daarmee de sterkste stijger van de dag.
Ook {f1} deed het goed, met een winst van {n6} procent bij een omzet van {n7} miljoen aandelen.
Onderaan stond {f2}, dat {n8} procent verloor en sloot op {n9},{n4} euro.
De euro noteerde bij het slot van de handel 1,{n1} dollar en een vat olie kostte {n2} dollar.""",
    "en": """The market closed {n0} per cent higher at {n1}{n2} points on {d0} after a quiet day of trading.
{f0} gained {n3} per cent to {n4}.{n5} euros, making it the strongest share of the day.
{f1} also did well, adding {n6} per cent on a volume of {n7} million shares.
{f2} came last, losing {n8} per cent to end at {n9}.{n4} euros.
The euro stood at 1.{n1} dollars at the close of trading and a barrel of oil cost {n2} dollars.""",
    "de": """Die Börse hat am {d0} {n0} Prozent höher bei {n1}{n2} Punkten geschlossen, der Handel verlief ruhig.
{f0} gewann {n3} Prozent auf {n4},{n5} Euro und war damit der stärkste Wert des Tages.
Auch {f1} legte um {n6} Prozent zu, gehandelt wurden {n7} Millionen Aktien.
Schlusslicht war {f2} mit einem Verlust von {n8} Prozent auf {n9},{n4} Euro.
Der Euro stand bei Handelsschluss bei 1,{n1} Dollar, ein Fass Öl kostete {n2} Dollar.""",
    "fr": """La bourse a clôturé {d0} en hausse de {n0} pour cent à {n1}{n2} points, au terme d'une séance calme.
{f0} a gagné {n3} pour cent à {n4},{n5} euros et signe ainsi la plus forte hausse du jour.
{f1} s'est également bien comporté, avec un gain de {n6} pour cent et {n7} millions de titres échangés.
En bas du classement, {f2} a cédé {n8} pour cent et terminé à {n9},{n4} euros.
L'euro valait 1,{n1} dollar à la clôture et le baril de pétrole {n2} dollars.""",
}
_RESULTS = {
    "nl": """{p0} heeft {d0} met {n0}-{n1} gewonnen van {p1} en staat nu met {n2} punten op de {n3}de plaats in de stand.
Na {n4} minuten kwamen de bezoekers op voorsprong, maar nog voor de rust was het gelijk.
In de {n5}ste minuut viel de beslissing, voor {n6}00 toeschouwers in het stadion van {p0}.
{p1} speelt volgende week thuis tegen {p2}, dat zelf met {n7}-{n8} verloor en {n9} punten heeft.""",
    "en": """{p0} beat {p1} {n0}-{n1} on {d0} and are now in {n3}th place in the table with {n2} points.
The visitors took the lead after {n4} minutes, but the scores were level before the break.
The decision came in the {n5}th minute in front of {n6}00 spectators at the home of {p0}.
Next week {p1} play at home against {p2}, who lost {n7}-{n8} themselves and have {n9} points.""",
    "de": """{p0} hat am {d0} mit {n0}:{n1} gegen {p1} gewonnen und steht nun mit {n2} Punkten auf Platz {n3} der Tabelle.
Nach {n4} Minuten gingen die Gäste in Führung, doch noch vor der Pause fiel der Ausgleich.
Die Entscheidung fiel in der {n5}. Minute vor {n6}00 Zuschauern im Stadion von {p0}.
{p1} spielt nächste Woche zu Hause gegen {p2}, das selbst mit {n7}:{n8} verlor und {n9} Punkte hat.""",
    "fr": """{p0} a battu {p1} {n0}-{n1} {d0} et occupe désormais la {n3}e place du classement avec {n2} points.
Les visiteurs ont ouvert le score après {n4} minutes, mais l'égalisation est tombée avant la pause.
La décision est intervenue à la {n5}e minute devant {n6}00 spectateurs dans le stade de {p0}.
La semaine prochaine, {p1} recevra {p2}, qui s'est lui-même incliné {n7}-{n8} et compte {n9} points.""",
}
_FORMS = (_WEATHER, _MARKETS, _RESULTS)


def forms(rng: random.Random, count: int) -> list[Report]:
    """So many forms filled in, every language and kind in turn."""
    kinds = [(language, form[language]) for form in _FORMS for language in _PLACES]
    return [
        (language, tuple(_filled(form, language, rng)))
        for language, form in (kinds * (count // len(kinds) + 1))[:count]
    ]


def _filled(form: str, language: str, rng: random.Random) -> list[str]:
    places, days, firms = rng.sample(_PLACES[language], 3), rng.sample(_DAYS[language], 2), rng.sample(_FIRMS, 3)
    values = {f"p{index}": name for index, name in enumerate(places)}
    values |= {f"d{index}": name for index, name in enumerate(days)}
    values |= {f"f{index}": name for index, name in enumerate(firms)}
    values |= {f"n{index}": str(rng.randint(2, 39)) for index in range(10)}
    return form.format(**values).splitlines()
