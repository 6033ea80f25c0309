"""Building the gazetteer: the same facts give the same bytes, ids come from sources only, and what is kept and dropped."""

import gzip
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from processors.gazetteer import Gazetteer, read_gazetteer
from processors.recognise import Recogniser

ROOT = Path(__file__).resolve().parents[2]
ENTITIES = ROOT / "lexicon" / "entities"
SHARED = Path(os.environ.get("BELFRY_SHARED", ROOT.parent / "shared")) / "data" / "entities"
BUILT = ("gazetteer.tsv.gz", "given_names.txt", "REPORT.md")

FACTS = {
    "places.tsv": [
        "qid type name_en name_nl name_de name_fr aliases country_iso population source",
        "Q1 country Aland Aland Alland Alanie Republic_of_Aland AA 5000000 x",
        "Q2 city Alburg Alburg Alburg Albourg Alburga AA 900000 x",
        "Q3 city Wood Wood Wood Wood Woods AA 200000 x",
        "Q4 region Alburg Alburg Provinz_Alburg Alburg - AA - x",
        "Q5 country Insel Eiland Insel Île - AB 1000 x",
        "Q6 city 東京 - - - - JP 10 x",
    ],
    "organisations.tsv": [
        "qid type name_en name_nl name_de name_fr aliases countries source",
        "Q10 intergovernmental Union_of_Lands Unie_der_Landen - Union_des_pays UOL|Lands_Treaty - x",
        "Q11 police Guard Wacht Wache Garde - AA x",
        "Q13 court Bergström - - - - AA x",
        "Q12 police Aland_Police - - - - AA x",
    ],
    "eurovoc_organisations.tsv": [
        "eurovoc_id microthesaurus name_en name_nl name_fr aliases_en aliases_nl aliases_fr qid",
        "77 7606 River_Commission Riviercommissie Commission_des_rivières - - - -",
    ],
    "people.tsv": [
        "qid name_en aliases role country surname_variants given_variants source",
        "Q20 Anna_Bergström - President_[2020-] AA Bergstrom|Bergstroem Ana x",
        "Q21 Otto_Wood - member_of_parliament AA - - x",
    ],
    "people_former.tsv.gz": [
        "qid name_en aliases role country surname_variants given_variants source",
        "Q22 Otto_Alt - minister_[1990-1992] AA - - x",
    ],
    "curated.tsv": [
        "id type name nl en de fr any surnames",
        "Q2 LOC Alburg Alburg|Oud-Alburg Alburg Alburg Albourg - -",
        "x:river-watch ORG River_Watch Rivierwacht River_Watch Flusswacht - RW -",
        "Q10 ORG Union_of_Lands UL UL UL - - -",
    ],
    "contexts.tsv": ["id names languages words", "x:river-watch Watch nl rivier|vloed"],
    "demonyms.tsv": ["id name nl en de fr", "Q1 Aland Alands|Alander Alandic alandisch|Alander alandais"],
}  # fmt: skip


def table(lines: list[str]) -> bytes:
    rows = [[cell.replace("_", " ") if cell != "-" else "" for cell in line.split(" ")] for line in lines]
    header = lines[0].split(" ")
    return "".join("\t".join(row) + "\n" for row in [header, *rows[1:]]).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, lines in FACTS.items():
        data = table(lines)
        (tmp_path / name).write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
    (tmp_path / "more_given_names.txt").write_text("bea\n")
    return tmp_path


def build(facts: Path, out: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(ROOT / "tools" / "build_gazetteer.py"), str(facts), "--out", str(out)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "random"},
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip


def names_of(known: Gazetteer, entity_id: str) -> set[str]:
    place = known.place(entity_id)
    keys = (
        "alburg",
        "oud - alburg",
        "albourg",
        "wood",
        "insel",
        "eiland",
        "aland",
        "rw",
        "rivierwacht",
        "uol",
        "ul",
        "police",
    )
    return {r.written for key in keys for r in known.readings(key) if r.entity == place and r.role == "name"}


def test_the_same_facts_give_the_same_bytes_and_what_they_should(folder: Path) -> None:
    ran = build(folder, folder)
    assert (ran.returncode, ran.stderr) == (0, "")
    first = {name: (folder / name).read_bytes() for name in BUILT}
    known = read_gazetteer(folder)

    assert known.ids("Republic of Aland") == ("Q1",)
    assert names_of(known, "Q2") == {"Alburg", "Oud-Alburg", "Albourg"}
    assert names_of(known, "Q4") == {"Alburg"}, "the desk's city goes before its region by its prior"
    assert known.ids("Provinz Alburg") == ("Q4",)
    assert known.place("Q6") is None, "no name in Latin script"
    assert known.place("Q11") is None, "Guard doesn't say whose"
    assert known.place("Q13") is None, "somebody's surname"
    assert known.ids("Aland Police") == ("Q12",)
    assert known.ids("River Commission") == ("x:eurovoc-77",)
    assert known.ids("Lands Treaty") == (), "a related thing"
    assert [r.languages for r in known.readings("ul")] == [("nl", "en", "de")], "a short name counts where it is used"
    assert known.ids("Ana Bergstroem") == ("Q20",)
    assert known.ids("Bergström") == ("Q20",), "a leader whose surname nobody else has"
    assert known.ids("Alt") == (), "neither a leader nor long enough"
    assert known.given_names == {"bea", "otto"}
    assert "kept: country" in first["REPORT.md"].decode()

    recogniser = Recogniser(known)
    found = recogniser.recognise("", "Alandse troepen bij Oud-Alburg. Insel is geen eiland, Eiland wel.", "nl")
    assert [r.foreign for r in known.readings("alburg")] == [("fr",), ("de",)], (
        "two places, each otherwise in a language"
    )
    assert [r.needs for r in known.readings("watch")] == [("rivier", "vloed")]
    assert [(one.text, one.id, one.link) for one in found] == [
        ("Alandse", "Q1", "demonym"), ("Oud-Alburg", "Q2", "name"), ("Insel", "Q5", "name"), ("Eiland", "Q5", "name")
    ]  # fmt: skip

    assert build(folder, folder).returncode == 0
    assert {name: (folder / name).read_bytes() for name in BUILT} == first


def test_ids_that_no_source_vouches_for_are_refused_and_nothing_is_written(folder: Path) -> None:
    with (folder / "curated.tsv").open("a") as curated:
        curated.write("Q999\tLOC\tNowhere\tNergens\t\t\t\t\t\nQ1\tLOC\tZembla\tZembla\t\t\t\t\t\n")
    ran = build(folder, folder)
    assert (ran.returncode, ran.stderr.splitlines()) == (
        1,
        ["curated.tsv:5: Q999 stands in no source", "curated.tsv:6: Q1 is 'Aland' in the source, not 'Zembla'"],
    )
    assert not (folder / "gazetteer.tsv.gz").exists()


@pytest.mark.shared
def test_the_shipped_table_is_what_the_sources_give(tmp_path: Path) -> None:
    if not SHARED.is_dir():
        pytest.skip(f"needs the entity facts in {SHARED}")
    for name in ("contexts.tsv", "curated.tsv", "demonyms.tsv", "more_given_names.txt"):
        shutil.copy(ENTITIES / name, tmp_path)
    assert build(SHARED, tmp_path).returncode == 0
    assert [name for name in BUILT if (tmp_path / name).read_bytes() != (ENTITIES / name).read_bytes()] == []
