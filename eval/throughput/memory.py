"""The memory of an enrich worker with its pool: the real pool, in a process that has imported what the role does."""

import asyncio
import importlib
import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from processors.agents.enrich_job import EnrichJob
from processors.extract import content
from schemas.articles import RawArticle
from schemas.identity import content_hash

LONG_CHARACTERS = 600_000
_NOW = datetime(2026, 11, 24, tzinfo=UTC)


@dataclass(frozen=True)
class Memory:
    """In megabytes, of all processes together. highest_mb: the most that each ever had, a long text included."""

    rss_mb: float
    pss_mb: float
    highest_mb: float


def worker_memory(texts: list[tuple[str, str]]) -> Memory:
    """What the worker takes once it has enriched the texts (language, text)."""
    ran = subprocess.run(
        [sys.executable, "-m", "eval.throughput.memory"],
        input=json.dumps(texts), capture_output=True, text=True, check=True, cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    return Memory(**json.loads(ran.stdout))


def _measured(texts: list[tuple[str, str]]) -> Memory:
    importlib.import_module("processors.agents.enrich_role")  # Faust and what else the role holds
    from processors.agents.enrichment import PooledEnrichment

    enrichment = PooledEnrichment(limit_s=120)
    enrichment.begin().result(300)
    asyncio.run(enrichment.enriched([_job(language, text) for language, text in texts]))
    own = psutil.Process()
    processes = (own, *own.children(recursive=True))
    infos = [process.memory_full_info() for process in processes]
    dutch = "\n".join(text for language, text in texts if language == "nl")
    asyncio.run(enrichment.enriched([_job("nl", (dutch * 5)[:LONG_CHARACTERS])]))
    highest_kb = sum(_highest_kb(process.pid) for process in processes)
    enrichment.close()
    return Memory(sum(info.rss for info in infos) / 2**20, sum(info.pss for info in infos) / 2**20, highest_kb / 2**10)


def _job(language: str, text: str) -> EnrichJob:
    raw = RawArticle(article_id="a", language=language, published_at=_NOW, fetched_at=_NOW, body=text)
    found = content(raw)
    return EnrichJob.of(raw, found, content_hash(found.title, found.text), 1, "2026-11")


def _highest_kb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0])


if __name__ == "__main__":
    measured = _measured(json.load(sys.stdin))
    print(json.dumps(asdict(measured)))
