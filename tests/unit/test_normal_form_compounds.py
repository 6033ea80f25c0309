"""Dutch and German compounds, on words of our own: the twin of the measure on a treebank (test_normal_form_shared.py)."""

import pytest

from tests.normal_form import finds, parts, units

DUTCH = """
raketopslag raket opslag; troepenopbouw troep opbouw; oorlogsschepen oorlog schip; vredesakkoord vrede akkoord
wapenleveringen wapen levering; kernwapens kern wapen; gasleidingen gas leiding; burgeroorlog burger oorlog
vluchtelingenkampen vluchteling kamp; regeringsleiders regering leider; ministerraad minister raad
veiligheidsgaranties veiligheid garantie; stikstofcrisis stikstof crisis; klimaatakkoord klimaat akkoord
vredesonderhandelingen vrede onderhandeling; landbouwdrone landbouw drone; waterstofbom waterstof bom
grenscontroles grens controle; troepenterugtrekking troep terugtrekking; raketaanvallen raket aanval
luchtalarm lucht alarm; luchtaanval lucht aanval; straaljagers straal jager; gevechtsvliegtuig gevecht vliegtuig
oorlogsmisdaden oorlog misdaad; mensenrechten mens recht; staatsgreep staat greep; verkiezingsfraude verkiezing fraude
stembureaus stem bureau; partijvoorzitter partij voorzitter; coalitieakkoord coalitie akkoord; begrotingstekort begroting tekort
energieprijzen energie prijs; olieprijs olie prijs; gasvoorraad gas voorraad; stroomstoring stroom storing
elektriciteitsnetwerk elektriciteit netwerk; kerncentrale kern centrale; windmolenpark windmolen park; zonnepanelen zon paneel
drugsbendes drugs bende; gevangenisstraf gevangenis straf; rechtszaak recht zaak
politieagenten politie agent; moordonderzoek moord onderzoek; bomaanslag bom aanslag; terreurdreiging terreur dreiging
treinverkeer trein verkeer; vliegtuigcrash vliegtuig crash; scheepvaartroute scheepvaart route; containerschepen container schip
havenarbeiders haven arbeider; vakbondsleden vakbond lid; werkloosheidscijfers werkloosheid cijfer; loonsverhoging loon verhoging
pensioenfondsen pensioen fonds; aandelenkoersen aandeel koers; renteverhoging rente verhoging; inflatiecijfers inflatie cijfer
ziekenhuisbedden ziekenhuis bed; vaccinatiegraad vaccinatie graad; griepvirus griep virus; kankeronderzoek kanker onderzoek
schoolgebouwen school gebouw; studentenhuizen student huis; taalwetgeving taal wetgeving; gemeentebestuur gemeente bestuur
provincieraad provincie raad; stadsbestuur stad bestuur; dorpsplein dorp plein; straatgeweld straat geweld
overstromingsgevaar overstroming gevaar; bosbranden bos brand; hittegolf hitte golf; aardgasvoorraden aardgas voorraad
handelsverdrag handel verdrag; importheffingen import heffing; sanctiepakket sanctie pakket; wapenembargo wapen embargo
vredesmissie vrede missie; legerbasis leger basis; marineschip marine schip; grensconflict grens conflict
luchtruim lucht ruim; oorlogsverklaring oorlog verklaring; spionagezaak spionage zaak; cyberaanval cyber aanval
desinformatiecampagne desinformatie campagne; persvrijheid pers vrijheid; journalistenvereniging journalist vereniging
voetbalwedstrijd voetbal wedstrijd; wereldkampioen wereld kampioen; filmfestival film festival; muziekwedstrijd muziek wedstrijd
oorlogsfilm oorlog film; kunstcollectie kunst collectie; koningshuis koning huis; prinsessenjurk prinses jurk
kinderopvang kind opvang; jeugdzorg jeugd zorg; ouderenzorg oudere zorg; armoedebestrijding armoede bestrijding
asielzoekerscentrum asielzoeker centrum; migratiebeleid migratie beleid; grondwetswijziging grondwet wijziging
Oekraïnecrisis oekraine crisis; Ruslandbeleid rusland beleid; Franstalige frans talig; zestienjarige zestien jarig
gemeenteraadsleden gemeente raad lid; luchtafweersysteem lucht afweer systeem; mensenrechtenorganisatie mens recht organisatie
zorgverzekering zorg verzekering; staatsschulden staat schuld; bombrief bom brief; gaskraan gas kraan; blusinstallaties blus installatie
omverwerpen omver werpen; omvergeworpen omver werpen
opgebouwd op bouwen; samengetrokken samen trekken; binnengevallen binnen vallen; vastgesteld vast stellen; aangekondigd aan kondigen
"""
DUTCH_SIMPLE = """
minister ministers regering president premier kabinet parlement partij oppositie coalitie kamer senaat burger kiezer politiek
militair soldaten leger troepen wapens raketten tanks kogel bom aanslag geweld oorlog vrede conflict crisis grens land staat
belangrijk natuurlijk mogelijk verschillende bijzonder gevaarlijk volgende vorige afgelopen eerste laatste tweede
beginnen geloven proberen vertellen verklaren besluiten verliezen winnen spelen werken wonen leven sterven
voorbeeld voorzitter voorstel voordeel belang begrip bestuur beslissing besluit betoging beweging bewijs bericht
verdachte verkiezing verkeer verklaring verlies verschil vertrek verzet verzoek vergadering verantwoordelijk
Amsterdam Brussel Antwerpen Rotterdam Nederland België Duitsland Frankrijk Rusland Oekraïne Griekenland Oostenrijk Zwitserland
Poetin Zelenski Stoltenberg Rutte Macron Biden Everton Maradona Steinmeier Baerbock
universiteit laboratorium democratie economie situatie organisatie informatie operatie internationaal nationaal
september oktober november december januari maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
kinderen mensen vrouwen mannen huizen steden schepen eieren moeder vader broer zuster dochter
landbouw tijdschrift wedstrijd handleiding slachtoffer burgemeester geschiedenis aardappel wetenschap
goedkoop wanneer bijvoorbeeld misschien eigenlijk tegelijkertijd voortdurend inmiddels niettemin desondanks
kanselier ambassadeur diplomaat generaal kolonel admiraal kapitein sergeant piloot
ziekte patient dokter verpleger virus bacterie vaccin medicijn operatie genezing
"""
GERMAN = """
Waffenlieferungen Waffe Lieferung; Truppenabzug Truppe Abzug; Raketenangriff Rakete Angriff; Flüchtlingslager Flüchtling Lager
Friedensverhandlungen Frieden Verhandlung; Kriegsverbrechen Krieg Verbrechen; Waffenruhe Waffe Ruhe; Energiepreise Energie Preis
Gasleitung Gas Leitung; Sicherheitsrat Sicherheit Rat; Regierungskrise Regierung Krise; Straßenverkehr Straße Verkehr
Bundesamt Bund Amt; Wirtschaftsminister Wirtschaft Minister; Finanzkrise Finanz Krise; Weltkrieg Welt Krieg
Ministerpräsident Minister Präsident; Parlamentswahlen Parlament Wahl; Wahlbetrug Wahl Betrug; Oppositionsführer Opposition Führer
Koalitionsverhandlungen Koalition Verhandlung; Haushaltsdefizit Haushalt Defizit; Staatsverschuldung Staat Verschuldung
Polizeigewalt Polizei Gewalt; Terroranschlag Terror Anschlag; Gefängnisstrafe Gefängnis Strafe; Gerichtsverfahren Gericht Verfahren
Stromausfall Strom Ausfall; Kohlekraftwerk Kohle Kraftwerk; Windenergie Wind Energie; Klimaschutz Klima Schutz
Impfstoff Impf Stoff; Krankenhäuser krank Haus; Gesundheitsminister Gesundheit Minister; Virusvariante Virus Variante
Schulgebäude Schule Gebäude; Kindergarten Kind Garten; Universitätsklinik Universität Klinik; Lehrermangel Lehrer Mangel
Börsenkurse Börse Kurs; Aktienmarkt Aktie Markt; Zinserhöhung Zins Erhöhung; Handelsabkommen Handel Abkommen
Grenzkontrollen Grenze Kontrolle; Zollbehörde Zoll Behörde; Hafenarbeiter Hafen Arbeiter; Containerschiffe Container Schiff
Drohnenangriffe Drohne Angriff; Panzerlieferung Panzer Lieferung; Luftabwehr Luft Abwehr; Atomwaffen Atom Waffe
Russlandpolitik Russland Politik; Ukrainekrieg Ukraine Krieg; Menschenrechte Mensch Recht; Pressefreiheit Presse Freiheit
Kriegsende Krieg Ende; Wochenende Woche Ende; Ruestungsexporte Rüstung Export; Rüstungskonzern Rüstung Konzern
Fußballspiel Fußball Spiel; Filmfestival Film Festival; Musikpreis Musik Preis; Überschwemmungsgebiet Überschwemmung Gebiet
Waldbrände Wald Brand; Hitzewelle Hitze Welle; Erdbebenopfer Erdbeben Opfer; Schiffsunglück Schiff Unglück
"""
GERMAN_SIMPLE = """
Minister Ministerin Regierung Präsident Präsidentin Kanzler Parlament Partei Opposition Koalition Bevölkerung Gesellschaft
Vertrag Angriff Abkommen Gericht Arbeiter Wissenschaft Geschichte Entwicklung Unternehmen Mannschaft Verhandlung Verteidigung
Erklärung Ukraine Russland Deutschland Frankreich Österreich Europa Amerika Ergebnis Verfahren Antwort Aufgabe Ausschuss Bericht
Bewegung Energie Freiheit Gefahr Gewalt Grenze Gruppe Industrie Interesse Kilometer Kommission Kontrolle Kritik Leistung
Material Million Moment Monat Nachricht Operation Organisation Person Problem Prozent Rakete Region Richter Sanktion
Sicherheit Situation Soldat Sprecher Staat Standard Tradition Transport Verantwortung Verbindung Verfassung Vermögen
Verwaltung Vorschlag Vorwurf Widerstand Wirtschaft Zukunft Zustand Gesetz Kandidat General Waffe Panzer Munition Drohne
Streikende Reisende Deutschen Gründung Begründung Bestehen Kleidung Stern Nase Garten Bruder Schwester Mutter Tochter Menschen
September Oktober Dienstag Donnerstag Freitag Sonntag Merkel Scholz Selenskyj Putin Baerbock Stoltenberg
"""


def rows(table: str) -> list[list[str]]:
    return [row.split() for row in table.replace("\n", ";").split(";") if row.strip()]


def wrongly_split(language: str, table: str) -> list[list[str]]:
    return [row for row in rows(table) if any(not finds_part(language, row[0], part) for part in row[1:])]


def finds_part(language: str, word: str, part: str) -> bool:
    return finds(language, part, word) and bool(parts(language, word))


def test_there_are_as_many_words_as_promised():
    assert len(rows(DUTCH)) + len(DUTCH_SIMPLE.split()) >= 250
    assert len(rows(GERMAN)) + len(GERMAN_SIMPLE.split()) >= 160


@pytest.mark.parametrize(("language", "table", "allowed"), [("nl", DUTCH, 0.03), ("de", GERMAN, 0.03)])
def test_compounds_have_their_parts_lemmatised(language: str, table: str, allowed: float):
    assert len(wrongly_split(language, table)) <= allowed * len(rows(table)), wrongly_split(language, table)


@pytest.mark.parametrize(("language", "table"), [("nl", DUTCH_SIMPLE), ("de", GERMAN_SIMPLE)])
def test_what_is_no_compound_has_no_parts(language: str, table: str):
    split = {word: parts(language, word) for word in table.split() if parts(language, word)}

    assert len(split) <= 0.02 * len(table.split()), split


@pytest.mark.parametrize(
    ("name", "part", "found"),
    [
        ("Westafrika", "Afrika", True),
        ("Südamerika", "Amerika", True),
        ("Kaapstad", "stad", False),
        ("Lillehammer", "Hammer", False),
        ("Kameraden", "Rad", False),
    ],
)
def test_a_name_is_whole_unless_it_is_of_a_part_of_what_has_a_name(name: str, part: str, found: bool):
    assert finds("nl" if name == "Kaapstad" else "de", part, name) is found


def test_compound_parts_stand_at_the_position_of_their_word_in_their_order():
    found = [(at + unit.first, unit.kind, unit.rank, text) for at, unit, text in units("nl", "nieuwe troepenopbouw")]

    assert found == [
        (0, "whole", 0, "nieuwe"),
        (1, "whole", 0, "troepenopbouw"),
        (1, "compound", 0, "troepenopbouw"),
        (1, "compound", 1, "troepenopbouw"),
    ]


@pytest.mark.parametrize(
    ("word", "wanted"),
    [("luchtmachtbasis", ["luchtmacht", "basis"]), ("gemeenteraadsverkiezing", ["gemeenteraad", "verkiezing"])],
)
def test_a_compound_of_compounds_has_both_kinds_of_parts(word: str, wanted: list[str]):
    found = [unit for _, unit, _ in units("nl", word) if unit.kind == "compound"]
    ranks = {unit.forms[0]: unit.rank for unit in found}

    assert [form for form in wanted if form in ranks] == wanted
    assert ranks[wanted[0]] < ranks[wanted[1]]


@pytest.mark.parametrize(
    ("language", "query", "text"),
    [("nl", "troepenopbouw", "De troep"), ("nl", "oorlogsschip", "Een schip"), ("de", "Waffenlieferung", "Die Waffe")],
)
def test_a_compound_in_a_query_stands_for_itself(language: str, query: str, text: str):
    assert not finds(language, query, text)


@pytest.mark.parametrize(
    ("language", "query", "text"),
    [
        ("nl", "raketaanval", "Twee raketaanvallen"),
        ("nl", "raketopslagplaats", "raketopslagplaatsen"),
        ("nl", "stikstofcrisis", "STIKSTOFCRISISSEN"[:14]),
        ("nl", "gemeenteraadslid", "De gemeenteraadsleden"),
        ("nl", "NAVO-raketschild", "de NAVO-raketschilden"),
        ("de", "Drohnenangriff", "Die Drohnenangriffe"),
        ("de", "Waffenlieferung", "Waffenlieferungen"),
        ("de", "Panzerfabrik", "zwei Panzerfabriken"),
    ],
)
def test_a_compound_in_a_query_finds_its_own_inflections(language: str, query: str, text: str):
    assert finds(language, query, text)


@pytest.mark.parametrize("language", ["en", "fr", "und", "sv"])
def test_only_dutch_and_german_have_compound_parts(language: str):
    assert not parts(language, "raketopslag")
    assert not parts(language, "warehouse")
