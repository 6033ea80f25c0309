"""The Proposer that a choice of models asks for: each language's own model, and Belfry's for the others."""

from collections.abc import Sequence
from pathlib import Path

from processors.gazetteer import Gazetteer
from processors.ner.choice import NameModels
from processors.proposals import FieldSeen, Proposal, Proposer

PIPELINE = Path(__file__).resolve().parents[2] / "models" / "names"


class ByLanguage:
    """Asks the Proposer of each article's language."""

    def __init__(self, own: Proposer, others: dict[str, Proposer]) -> None:
        self._own = own
        self._others = others

    def proposals(
        self, articles: Sequence[Sequence[FieldSeen]], languages: Sequence[str]
    ) -> Sequence[Sequence[Sequence[Proposal]]]:
        """See Proposer."""
        found: dict[int, Sequence[Sequence[Proposal]]] = {}
        for proposer in (self._own, *self._others.values()):
            mine = [n for n, language in enumerate(languages) if self._others.get(language, self._own) is proposer]
            answers = proposer.proposals([articles[n] for n in mine], [languages[n] for n in mine])
            found.update(zip(mine, answers, strict=True))
        return [found[n] for n in range(len(articles))]


def proposer(models: NameModels, gazetteer: Gazetteer) -> Proposer | None:
    """What finds names besides the gazetteer and the rules. Raises SettingsError for a model that can't be loaded."""
    if not models.on:
        return None
    # spaCy takes a second to import, and who does without a model needn't wait for it.
    from processors.ner.network import load_pipeline
    from processors.ner.official import OfficialTagger
    from processors.ner.tagger import NameTagger

    own = NameTagger(load_pipeline(PIPELINE), gazetteer)
    others: dict[str, Proposer] = {language: OfficialTagger(model) for language, model in models.official}
    return ByLanguage(own, others) if others else own
