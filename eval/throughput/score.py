"""Words a second of whole enrichment, beside bare `nlp.pipe` of the same pipeline on the same texts; memory of a worker.

Processor time, one core. A part of the texts warms up; the rest is seen for the first time, as news is. Rounds of the two
alternate article by article, so that whatever else the machine does meets both alike.
"""

import gc
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime

from eval.figure import Figure
from eval.throughput.memory import LONG_CHARACTERS, worker_memory
from eval.throughput.texts import articles, word_count
from processors.agents.enrich_job import EnrichJob, enrich_job
from processors.extract import content
from processors.garbage import collect_seldom
from processors.models import shipped_models
from processors.ner.network import load_pipeline
from processors.ner.proposer import PIPELINE
from schemas.articles import RawArticle
from schemas.identity import content_hash

_NOW = datetime(2026, 11, 24, tzinfo=UTC)
_GROUP = 16
_WARM_UP = 40
_BARE_SHARE = 0.60
_WORDS_A_SECOND = 8_000
_MEMORY_MB = 700


def score() -> list[Figure]:
    """Speeds, their ratio, and memory."""
    texts = articles()
    random.Random(7).shuffle(texts)
    warm, fresh = texts[:_WARM_UP], texts[_WARM_UP:]
    nlp = load_pipeline(PIPELINE)
    bare: Callable[[list[tuple[str, str]]], object] = lambda some: list(nlp.pipe([text for _, text in some]))  # noqa: E731
    for step in (bare, enriched):
        step(warm)
    gc.collect()
    collect_seldom()
    took = {"bare": 0.0, "whole": 0.0}
    for start in range(0, len(fresh), _GROUP):
        group = fresh[start : start + _GROUP]
        for name, step in (("bare", bare), ("whole", enriched)):
            began = time.process_time()
            step(group)
            took[name] += time.process_time() - began
    words = word_count(fresh)
    began = time.process_time()
    enriched(fresh)
    again = time.process_time() - began
    whole, alone = words / took["whole"], words / took["bare"]
    memory = worker_memory(texts)
    note = "RSS of the process of the role and of its pool, after articles in four languages"
    return [
        Figure("whole enrichment, words not seen before", whole, "words/s", bar=_WORDS_A_SECOND, n=words),
        Figure("bare nlp.pipe of the same pipeline", alone, "words/s", n=words),
        Figure("whole enrichment as a share of that", whole / alone, bar=_BARE_SHARE, n=words),
        Figure("whole enrichment, the same texts again", words / again, "words/s", n=words),
        Figure("memory of a worker", memory.rss_mb, "MB", bar=_MEMORY_MB, n=len(texts), note=note, at_most=True),
        Figure("memory of a worker, shared pages counted in parts", memory.pss_mb, "MB", n=len(texts), note="PSS"),
        Figure(
            "memory of a worker at its highest",
            memory.highest_mb,
            "MB",
            n=1,
            note=f"RSS, with a text of {LONG_CHARACTERS:,} characters",
        ),
    ]


def enriched(texts: list[tuple[str, str]]) -> list[bytes]:
    """What the worker sends for each: its code from the raw article on, without Kafka."""
    models = shipped_models()
    sent: list[bytes] = []
    for number, (language, text) in enumerate(texts):
        raw = RawArticle(article_id=str(number), language=language, published_at=_NOW, fetched_at=_NOW, body=text)
        found = content(raw)
        job = EnrichJob.of(raw, found, content_hash(found.title, found.text), 1, "2026-11")
        sent.append(enrich_job(models, job).value)
    return sent
