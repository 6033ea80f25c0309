"""Two reports of the same day about the same event, by two hands: same names, numbers and quotation, other words."""

import random

from eval.stories.material import Report

_NAMES = [
    "Verbeke",
    "Hoekstra",
    "Lindner",
    "Marchal",
    "Osborne",
    "Daelman",
    "Reinders",
    "Falk",
    "Perrin",
    "Whitcombe",
    "Baeten",
    "Zijlstra",
    "Krüger",
    "Lemoine",
    "Ashdown",
    "Claessens",
    "Terpstra",
    "Vogt",
    "Girard",
    "Holloway",
    "Meeus",
    "Postma",
    "Engel",
    "Roussel",
    "Pemberton",
    "Nijs",
    "Visser",
    "Brandt",
    "Fontaine",
    "Marsh",
]
_TOWNS = [
    "Doornik",
    "Zutphen",
    "Wexford",
    "Marburg",
    "Cambrai",
    "Roermond",
    "Halifax",
    "Bautzen",
    "Arlon",
    "Tienen",
    "Ieper",
    "Meppel",
    "Kendal",
    "Gotha",
    "Sedan",
    "Ninove",
    "Sneek",
    "Whitby",
    "Celle",
    "Vannes",
    "Diksmuide",
    "Tiel",
    "Oldham",
    "Soest",
    "Albi",
    "Lokeren",
    "Hoorn",
    "Penrith",
    "Goslar",
    "Mende",
]
_FIRMS = [
    "Corvax",
    "Delfgas",
    "Norland",
    "Petrofin",
    "Alvesta",
    "Brugmann",
    "Helix",
    "Omnia",
    "Zephyr",
    "Tarvin",
    "Molenaers",
    "Kestrel",
    "Ovidia",
    "Lumax",
    "Stelcor",
    "Branta",
    "Quanto",
    "Velmar",
    "Ardent",
    "Solvik",
]

_EVENTS: dict[str, list[list[tuple[str, str, str]]]] = {
    "nl": [
        [
            (
                "In {t} is woensdagnacht brand uitgebroken in een loods van {f}.",
                "Een opslagplaats van {f} in {t} is in de nacht van woensdag op donderdag in vlammen opgegaan.",
                "Zware uitslaande brand heeft een magazijn van {f} aan de rand van {t} verwoest.",
            ),
            (
                "De brandweer was met {n} wagens ter plaatse en had het vuur pas tegen de ochtend onder controle.",
                "Het blussen duurde tot zonsopgang; {n} voertuigen werden ingezet.",
                "Pas na uren kregen de spuitgasten, die met {n} wagens waren uitgerukt, de vlammen klein.",
            ),
            (
                "{m} omwonenden moesten hun huis uit vanwege de rook.",
                "Wegens giftige dampen werden {m} buurtbewoners opgevangen in een sporthal.",
                "Uit voorzorg zijn {m} mensen uit de buurt geëvacueerd.",
            ),
            (
                '"We hebben nog nooit zo\'n vuurzee gezien", zei burgemeester {p}.',
                'Burgemeester {p}: "We hebben nog nooit zo\'n vuurzee gezien."',
                'Volgens {p}, de burgemeester, hebben "we nog nooit zo\'n vuurzee gezien".',
            ),
            (
                "Over de oorzaak tast het parket voorlopig in het duister.",
                "Hoe het vuur is ontstaan, wordt nog onderzocht.",
                "Een deskundige van het gerecht zoekt uit of de brand is aangestoken.",
            ),
            (
                "Het bedrijf verwacht weken stil te liggen en raamt de schade op {k} miljoen euro.",
                "De schade loopt volgens een eerste schatting op tot {k} miljoen, en de productie ligt voor onbepaalde tijd plat.",
                "Voor {k} miljoen euro ging verloren; wanneer er weer gewerkt kan worden, is onduidelijk.",
            ),
            (
                "Vorig jaar kreeg {f} al een boete omdat de nooduitgangen versperd waren.",
                "Inspecteurs hadden de onderneming in het verleden op de vingers getikt over de brandveiligheid.",
                "Vakbonden klagen al langer over de onveilige toestanden in het gebouw.",
            ),
        ],
        [
            (
                "Minister {p} trekt {k} miljoen euro uit voor nieuwe treinstellen op de lijn naar {t}.",
                "Er komt {k} miljoen voor materieel op het spoor naar {t}, heeft minister {p} bekendgemaakt.",
                "De verbinding met {t} krijgt langere treinen: {p} maakt daarvoor {k} miljoen euro vrij.",
            ),
            (
                "De eerste van de {n} toestellen zouden over twee jaar rijden.",
                "Over twee jaar moet het eerste van {n} stellen in dienst komen.",
                "In totaal gaat het om {n} treinen, die vanaf overmorgen het jaar worden geleverd.",
            ),
            (
                '"De reiziger heeft lang genoeg gestaan", aldus de minister in de commissie.',
                '"De reiziger heeft lang genoeg gestaan", verdedigde zij haar plan voor de Kamerleden.',
                'In het parlement klonk het dat "de reiziger lang genoeg heeft gestaan".',
            ),
            (
                "Reizigersbonden reageren verheugd, maar vragen ook meer personeel.",
                "Bij de belangenvereniging van pendelaars is men tevreden, al blijft het tekort aan machinisten een zorg.",
                "Wie zal die treinen besturen, vraagt de vereniging van treingebruikers zich af.",
            ),
            (
                "De oppositie spreekt van een aalmoes en wijst op {m} geschrapte ritten in de voorbije maand.",
                "Vorige maand vielen {m} ritten uit, en daar verandert dit niets aan, zeggen critici in het halfrond.",
                "Volgens de tegenstanders lost het geld de {m} afgelaste treinen van vorige maand niet op.",
            ),
            (
                "De bestelling gaat naar {f}, dat de stellen in eigen land bouwt.",
                "Bouwer {f} haalt het contract binnen.",
                "Fabrikant {f} kwam als beste uit de aanbesteding.",
            ),
        ],
    ],
    "en": [
        [
            (
                "A ferry with {m} people on board ran aground off {t} early on Friday.",
                "{m} passengers and crew had to be taken off a ship that hit rocks near {t} before dawn on Friday.",
                "Rescuers brought {m} people ashore after a passenger vessel got stuck on a sandbank outside {t}.",
            ),
            (
                "Lifeboats and {n} helicopters took part in the operation.",
                "{n} helicopters were sent, along with lifeboats from three harbours.",
                "The coastguard called in {n} helicopters and every boat that was within reach.",
            ),
            (
                '"It felt like an earthquake", said passenger {p}.',
                'One traveller, {p}, told reporters: "It felt like an earthquake."',
                '{p}, who was on deck, said "it felt like an earthquake".',
            ),
            (
                "Nobody was seriously hurt, although a few were treated for shock.",
                "Some of those rescued were taken to hospital with light injuries.",
                "Doctors saw to bruises and cold, but there were no grave cases.",
            ),
            (
                "The company {f}, which runs the service, said the radar had failed.",
                "A fault in the navigation system was to blame, according to operator {f}.",
                "{f}, the line's owner, spoke of a technical failure.",
            ),
            (
                "Investigators will look at the voyage recorder next week.",
                "An inquiry has been opened and the ship's data are being read out.",
                "What went wrong on the bridge is now a matter for the marine accident branch.",
            ),
            (
                "The damage is put at {k} million pounds and the crossing will stay closed until further notice.",
                "Crossings are suspended; early estimates of the cost run to {k} million pounds.",
                "Insurers expect to pay {k} million, and no date was given for the route to reopen.",
            ),
        ],
        [
            (
                "{f} will cut {m} jobs at its plant in {t}, the company announced on Tuesday.",
                "Staff in {t} were told on Tuesday that {m} of them will lose their work at {f}.",
                "{m} posts are to go in {t} as manufacturer {f} shuts down a production line.",
            ),
            (
                '"We had no choice", chief executive {p} told the workers.',
                'Chief executive {p} defended the decision by saying "we had no choice".',
                '"We had no choice" was all that {p}, who leads the firm, would say.',
            ),
            (
                "Unions called it a slap in the face and threatened to strike.",
                "A walkout is likely, representatives of the employees said.",
                "Angry shop stewards have asked their members to down tools.",
            ),
            (
                "Orders have fallen by {n} per cent since the spring.",
                "Demand dropped {n} per cent in half a year, figures show.",
                "The order book is {n} per cent thinner than it was six months ago.",
            ),
            (
                "The government offered {k} million in aid in vain.",
                "Ministers had put {k} million on the table to keep the site open, without result.",
                "Talks about a rescue package worth {k} million broke down last week.",
            ),
            (
                "It is the third closure in the region this year.",
                "The area has already seen two factories disappear since January.",
                "Local shopkeepers fear that the town will not recover from yet another blow.",
            ),
        ],
    ],
    "de": [
        [
            (
                "Bei einem Zugunglück nahe {t} sind am Donnerstag {n} Menschen verletzt worden.",
                "{n} Verletzte hat am Donnerstag der Zusammenstoß zweier Züge in der Nähe von {t} gefordert.",
                "In der Nähe von {t} ist ein Regionalzug entgleist; {n} Reisende kamen ins Krankenhaus.",
            ),
            (
                "Rund {m} Helfer waren bis in den Abend im Einsatz.",
                "Etwa {m} Einsatzkräfte bargen Fahrgäste aus den Waggons, teils mit schwerem Gerät.",
                "Feuerwehr und Technisches Hilfswerk schickten {m} Leute an die Strecke.",
            ),
            (
                '"So etwas vergisst man nie", sagte Einsatzleiter {p}.',
                'Einsatzleiter {p} erklärte: "So etwas vergisst man nie."',
                '"So etwas vergisst man nie", so der sichtlich bewegte {p}, der die Rettung leitete.',
            ),
            (
                "Warum ein Signal übersehen wurde, ist noch unklar.",
                "Die Ermittler prüfen, ob menschliches Versagen vorliegt.",
                "Zur Ursache wollte sich die Staatsanwaltschaft vorerst nicht äußern.",
            ),
            (
                "Der Betreiber {f} richtete einen Ersatzverkehr mit Bussen ein.",
                "Statt der Bahnen fahren bis auf Weiteres Busse, teilte {f} mit.",
                "Pendler müssen sich auf Verspätungen einstellen, warnt das Unternehmen {f}.",
            ),
            (
                "Der Schaden wird auf {k} Millionen Euro geschätzt.",
                "Nach ersten Angaben entstand ein Sachschaden von {k} Millionen Euro.",
                "Fachleute sprechen von mindestens {k} Millionen Euro, die der Wiederaufbau kosten wird.",
            ),
        ],
    ],
    "fr": [
        [
            (
                "Un incendie a détruit dans la nuit de mardi un entrepôt de {f} à {t}.",
                "À {t}, les flammes ont ravagé mardi soir un bâtiment appartenant à {f}.",
                "Le dépôt de la société {f}, près de {t}, est parti en fumée en quelques heures.",
            ),
            (
                "Près de {m} riverains ont été évacués par précaution.",
                "Les autorités ont demandé à {m} habitants de quitter leur domicile.",
                "Quelque {m} personnes ont passé la nuit dans un gymnase.",
            ),
            (
                '"Nous avons eu beaucoup de chance", a déclaré la maire {p}.',
                'La maire, {p}, estime que "nous avons eu beaucoup de chance".',
                'Selon {p}, première magistrate de la ville, "nous avons eu beaucoup de chance".',
            ),
            (
                "Il a fallu {n} équipes de pompiers pour venir à bout du feu.",
                "Les secours, répartis en {n} équipes, ont lutté jusqu'au petit matin.",
                "Au total, {n} casernes ont envoyé des hommes et du matériel.",
            ),
            (
                "Une enquête a été ouverte pour en déterminer l'origine.",
                "Le parquet n'exclut aucune piste, y compris criminelle.",
                "La cause du sinistre reste pour l'instant inconnue.",
            ),
            (
                "Les dégâts sont évalués à {k} millions d'euros.",
                "La facture pourrait atteindre {k} millions, d'après l'assureur.",
                "L'entreprise parle d'une perte d'au moins {k} millions d'euros.",
            ),
        ],
    ],
}


def pairs(rng: random.Random, count: int) -> list[tuple[Report, Report]]:
    """So many events, each told by two hands; the quotation is often in the same words."""
    kinds = [(language, event) for language, events in _EVENTS.items() for event in events]
    return [_pair(language, event, rng) for language, event in (kinds * (count // len(kinds) + 1))[:count]]


def _pair(language: str, event: list[tuple[str, str, str]], rng: random.Random) -> tuple[Report, Report]:
    facts = {
        "t": rng.choice(_TOWNS), "f": rng.choice(_FIRMS), "p": rng.choice(_NAMES),
        "n": rng.randint(3, 29), "m": rng.randint(40, 900), "k": rng.randint(2, 95),
    }  # fmt: skip
    one: list[str] = []
    other: list[str] = []
    for ways in event:
        first, second, *_ = rng.sample(ways, 3)
        one.append(first.format(**facts))
        other.append((first if '"' in first and rng.random() < 0.5 else second).format(**facts))
    lead, rest = other[0], other[1:]
    rng.shuffle(rest)
    return (language, tuple(one)), (language, (lead, *rest))
