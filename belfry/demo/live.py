"""Prints what arrives, as it arrives: each article once it is enriched, each bell once its article is known."""

import threading

from rich.console import Console

from belfry.demo.show import article_line, bell_panel, dead_line
from belfry.demo.watch import Seen
from schemas.alerts import Alert
from schemas.articles import EnrichedArticle


class Live:
    """What the Watcher calls. Safe to call from any thread.

    A bell and its article come from different topics, so a bell may be read first: it waits for the article whose words
    it shows, at most until `flush`.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = threading.Lock()
        self._articles: dict[tuple[str, int], EnrichedArticle] = {}
        self._waiting: dict[tuple[str, int], list[Alert]] = {}
        self.bells = 0

    def __call__(self, seen: Seen) -> None:
        """Show one thing."""
        with self._lock:
            if isinstance(seen, EnrichedArticle):
                key = (seen.article_id, seen.version)
                self._articles[key] = seen
                self._console.print(article_line(seen))
                for alert in self._waiting.pop(key, []):
                    self._ring(alert)
            elif isinstance(seen, Alert):
                if (seen.article_id, seen.version) in self._articles:
                    self._ring(seen)
                else:
                    self._waiting.setdefault((seen.article_id, seen.version), []).append(seen)
            else:
                self._console.print(dead_line(seen))

    def flush(self) -> None:
        """Show the bells that still wait for their article."""
        with self._lock:
            for alerts in self._waiting.values():
                for alert in alerts:
                    self._ring(alert)
            self._waiting.clear()

    def _ring(self, alert: Alert) -> None:
        self.bells += 1
        self._console.print(bell_panel(alert, self._articles.get((alert.article_id, alert.version))))
