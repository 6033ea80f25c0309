"""What the demo subscribes to, and what it sends. Pure but for reading the samples."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from producers.articles import ReadArticle, Rules
from producers.read import read_articles
from schemas.errors import BelfryError, InputProblem

SAMPLES = Path(__file__).resolve().parents[2] / "samples"

SUBSCRIPTIONS = (
    ("troop-build-up", "concept:troop-buildup"),
    ("nato-russia", "concept:nato-russia-council"),
    ("sanctions", "(sanctie* OR sanction* OR Sanktion*) NEAR/8 (pakket OR package OR Paket OR paquet)"),
    ("talks-in-geneva", '(Genève OR Geneva OR Genf) AND (overleg OR gesprek OR talks OR Gespräch OR "pourparlers")'),
)
"""Id and query of each."""

SEARCH = "russische troepen"

BROKEN = (b"demo-broken", b'{"title": "A record that breaks o')
"""Key and value of a record that is no article."""


@dataclass(frozen=True)
class Course:
    """Articles in the order in which they are sent, and what `belfry ingest` refuses of the samples."""

    articles: list[ReadArticle]
    refused: list[InputProblem]


def course(now: Callable[[], datetime], samples: Path = SAMPLES) -> Course:
    """The samples, and behind them what a pipeline has to cope with: the first one again, and one under embargo.

    Raises BelfryError where the samples are missing.
    """
    read = list(read_articles([str(samples)], Rules(now=now, source="samples")))
    articles = [item for item in read if isinstance(item, ReadArticle)]
    if not articles:
        raise BelfryError(f"there are no samples under {samples}: the demo runs from a checkout of the project")
    last = articles[-1]
    held = last.raw.model_copy(
        update={"article_id": "demo-embargo", "guid": "demo-embargo", "embargoed_until": now() + timedelta(days=1)}
    )
    return Course(
        articles=[*articles, articles[0], replace(last, raw=held)],
        refused=[item for item in read if isinstance(item, InputProblem)],
    )
