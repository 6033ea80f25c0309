"""Which model finds names: Belfry's own, none, or an official one that is installed."""

import subprocess
import sys
from pathlib import Path

import pytest
import spacy

from belfry.settings import Settings
from processors.models import shipped_models
from processors.ner.choice import NameModels, official_models
from processors.recognise import PIECE_CHARACTERS, recognise, recognise_batch
from schemas.errors import SettingsError

TEXT = "Volgens Odiel Quaghebeur van brouwerij De Kwelderhoek staakt het personeel van het bedrijf Nordvalk."
NO_MODEL = NameModels(on=False)


def named(text: str, language: str, models: NameModels) -> set[tuple[str, str]]:
    return {(one.text, one.type) for one in recognise("", text, language, models)}


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A folder with a spaCy model that knows two names and calls them by labels of its own."""
    nlp = spacy.blank("nl")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns(  # pyright: ignore[reportAttributeAccessIssue]
        [
            {"label": "GPE", "pattern": "Kwelderhoek"},
            {"label": "PERSON", "pattern": "Nordvalk"},
            {"label": "DATE", "pattern": "morgen"},
        ]
    )
    nlp.to_disk(tmp_path / "tiny")
    return tmp_path / "tiny"


def test_the_model_finds_names_that_no_list_has() -> None:
    assert ("De Kwelderhoek", "ORG") in named(TEXT, "nl", NameModels())
    assert ("De Kwelderhoek", "ORG") not in named(TEXT, "nl", NO_MODEL)


def test_what_a_list_knows_keeps_its_id() -> None:
    found = recognise("", "De NAVO en Annalena Baerbock praten in Kiev.", "nl")
    assert [one.id for one in found] == ["Q7184", "Q564328", "Q1899"]


def test_a_genitive_ends_the_mention() -> None:
    assert ("Oosterzwin", "LOC") in named(
        "In Oosterzwin's haven ligt een schip, niet ver van Oosterzwin.", "nl", NameModels()
    )


def test_a_language_that_the_model_does_not_know_has_lists_and_rules_alone() -> None:
    text = "El Gobierno de Nordvalk habla con la OTAN."
    assert recognise("", text, "es") == recognise("", text, "es", NO_MODEL)


def test_where_nobody_finds_new_names_every_entity_is_on_a_list() -> None:
    text = "President Odiel Quaghebeur ja NATO juht kohtusid Kiievis."
    assert ("Odiel Quaghebeur", "PER") in named(text, "et", NameModels()), "a rule knows the title"
    models = shipped_models()
    assert [(one.text, one.id) for one in models.entities("", text, "et")] == [("NATO", "Q7184")]
    assert "Odiel Quaghebeur" in {one.text for one in models.entities("", text, "nl")}


def test_who_does_without_a_model_does_not_wait_for_spacy() -> None:
    code = (
        "import sys\n"
        "from processors.first_version import enriched_first_version\n"
        "from processors.models import shipped_models\n"
        "from processors.ner.choice import NameModels\n"
        "from processors.recognise import recognise, shipped_recogniser\n"
        "shipped_models(NameModels(on=False))\n"
        "print(len(recognise('', 'Annalena Baerbock kwam. Baerbock sprak.', 'nl', NameModels(on=False))))\n"
        "print('spacy' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found, loaded = done.stdout.split()
    assert int(found) > 0
    assert loaded == "False"


def test_past_a_length_lists_alone_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("processors.recognise.NEW_NAMES_CHARACTERS", PIECE_CHARACTERS // 2)
    filler = "nog wat woorden zonder iets erin. " * (PIECE_CHARACTERS // 30)
    text = f"{TEXT} De NAVO zwijgt. {filler} Het bedrijf Zelvarix staakt, de NAVO zwijgt."
    found = [one.text for one in recognise("", text, "nl")]
    assert found[-1:] == ["NAVO"]
    assert ("De Kwelderhoek" in found, "Zelvarix" in found, found.count("NAVO")) == (True, False, 2)
    monkeypatch.undo()
    assert "Zelvarix" in [one.text for one in recognise("", text, "nl")]


def test_a_batch_is_found_as_one_by_one() -> None:
    articles = [("", TEXT, "nl"), ("Rain in Kyiv", "", "en"), ("", "", "de")]
    assert recognise_batch(articles) == [recognise(*article) for article in articles]


def test_an_official_model_is_asked_for_its_language_alone(tiny: Path) -> None:
    models = NameModels(official=(("nl", str(tiny)),))
    assert {("Kwelderhoek", "LOC"), ("Nordvalk", "PER")} <= named(TEXT + " Dat is morgen.", "nl", models)
    assert ("morgen", "MISC") not in named(TEXT + " Dat is morgen.", "nl", models)
    assert recognise("", TEXT, "en", models) == recognise("", TEXT, "en")


def test_an_installed_package_is_found_by_its_name(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site" / "nl_tiny_model"
    package.mkdir(parents=True)
    code = f"import spacy\ndef load(**options):\n    return spacy.util.load_model_from_path(spacy.util.ensure_path({str(tiny)!r}), **options)\n"
    (package / "__init__.py").write_text(code)
    installed = tmp_path / "site" / "nl_tiny_model-1.0.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: nl_tiny_model\nVersion: 1.0.0\n")
    monkeypatch.syspath_prepend(tmp_path / "site")
    assert ("Kwelderhoek", "LOC") in named(TEXT, "nl", NameModels(official=(("nl", "nl_tiny_model"),)))
    sys.modules.pop("nl_tiny_model")


@pytest.mark.parametrize("model", ["nl_no_such_model", "/no/such/folder"])
def test_a_model_that_is_not_there_is_refused_with_the_remedy(model: str) -> None:
    with pytest.raises(SettingsError, match="install it"):
        recognise("", "x", "nl", NameModels(official=(("nl", model),)))


def test_a_model_that_finds_no_names_is_refused(tmp_path: Path) -> None:
    spacy.blank("nl").to_disk(tmp_path / "empty")
    with pytest.raises(SettingsError, match="finds names"):
        recognise("", "x", "nl", NameModels(official=(("nl", str(tmp_path / "empty")),)))


def test_the_setting_names_a_model_for_each_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELFRY_NER_MODELS", " nl=nl_core_news_lg, en = /models/en ")
    assert Settings().name_models == NameModels(official=(("nl", "nl_core_news_lg"), ("en", "/models/en")))
    monkeypatch.setenv("BELFRY_NER", "false")
    assert not Settings().name_models.on


@pytest.mark.parametrize("setting", ["nl_core_news_lg", "nl=a,nl=b", "nl=", "dutch=x"])
def test_a_setting_that_cannot_be_read_is_refused(setting: str) -> None:
    with pytest.raises(SettingsError, match="BELFRY_NER_MODELS"):
        official_models(setting)
