"""What enrichment finds in the samples, as the golden files hold it: one JSON file for each file of samples.

An article is known by its id, or by its file. Each entity is [field, start, end, text, type, id, name, link], each mention
of a concept [field, start, end, text], so that a line of a difference is a mention that came or went.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from processors.first_version import enriched_first_version
from processors.models import shipped_models
from producers.articles import ReadArticle, Rules
from producers.read import read_articles
from schemas.articles import EnrichedArticle

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
EXPECTED = Path(__file__).resolve().parent / "expected"


def golden_texts() -> dict[Path, str]:
    """The content of each golden file, by its path."""
    found: dict[Path, dict[str, Any]] = {}
    for read in _articles():
        sample = Path(read.place.path).relative_to(SAMPLES)
        article = enriched_first_version(read.raw, shipped_models())
        path = EXPECTED / sample.with_name(f"{sample.name}.json")
        found.setdefault(path, {})[read.given_id or str(sample)] = _result(article)
    return {path: _as_text(results) for path, results in found.items()}


def _articles() -> Iterator[ReadArticle]:
    """The articles of the samples. Raises ValueError where one is refused: the samples are in order."""
    rules = Rules(now=lambda: datetime(2026, 11, 24, tzinfo=UTC), source="samples")
    for read in read_articles([str(SAMPLES)], rules):
        if not isinstance(read, ReadArticle):
            raise ValueError(str(read))
        yield read


def _result(article: EnrichedArticle) -> dict[str, Any]:
    return {
        "language": article.language,
        "title": article.title,
        "entities": [[e.field, e.start, e.end, e.text, e.type, e.id, e.name, e.link] for e in article.entities],
        "concepts": {
            concept.id: [[span.field, span.start, span.end, span.text] for span in concept.spans]
            for concept in article.concepts
        },
    }


def _as_text(results: dict[str, Any]) -> str:
    """JSON with a mention a line."""
    articles: list[str] = []
    for name, result in results.items():
        concepts = [f"   {_json(one)}: {_list(spans, 3)}" for one, spans in result["concepts"].items()]
        inside = ",\n".join(concepts)
        lines = (
            f'  "language": {_json(result["language"])}',
            f'  "title": {_json(result["title"])}',
            f'  "entities": {_list(result["entities"], 2)}',
            '  "concepts": ' + (f"{{\n{inside}\n  }}" if inside else "{}"),
        )
        articles.append(f" {_json(name)}: {{\n" + ",\n".join(lines) + "\n }")
    return "{\n" + ",\n".join(articles) + "\n}\n"


def _list(rows: list[list[Any]], depth: int) -> str:
    margin = " " * depth
    return f"[\n{margin} " + f",\n{margin} ".join(map(_json, rows)) + f"\n{margin}]" if rows else "[]"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
