"""How the demo looks: an article, a bell with its words marked, a summary."""

import statistics
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from belfry.supervisor.status import Counts
from schemas.alerts import Alert
from schemas.articles import EnrichedArticle
from schemas.dead_letters import DeadLetter
from schemas.errors import InputProblem
from schemas.spans import Span

_AROUND = 60


def article_line(article: EnrichedArticle) -> Text:
    """An article in a line or two: language, title, entities by canonical name, concepts."""
    line = Text("  article  ", style="dim")
    line.append(f"{article.language} ", style="bold cyan")
    line.append(_cut(article.title, 70), style="bold")
    names = list(dict.fromkeys(entity.name for entity in article.entities if entity.link == "name"))
    if names:
        line.append("\n           entities  ", style="dim").append(_cut(" · ".join(names), 90))
    if article.concepts:
        line.append("\n           concepts  ", style="dim")
        line.append(" · ".join(concept.id for concept in article.concepts), style="green")
    return line


def bell_panel(alert: Alert, article: EnrichedArticle | None) -> Panel:
    """A bell: which subscription, which article, and the words that made it ring."""
    head = Text.assemble((alert.article.title, "bold"), "  ", (alert.article.source, "dim"))
    fields = {"title": "", "text": ""} if article is None else {"title": article.title, "text": article.text}
    lines: list[Text] = [head, *(in_context(span, fields[span.field]) for span in alert.spans[:3])]
    if len(alert.spans) > 3:
        lines.append(Text(f"and {len(alert.spans) - 3} more", style="dim"))
    return Panel(
        Group(*lines), title=f"🔔 {alert.subscription_id}", title_align="left", border_style="yellow", width=100
    )


def dead_line(letter: DeadLetter) -> Text:
    """A dead letter in a line."""
    return Text.assemble(("  refused  ", "dim"), (letter.reason, "red"), f" {_cut(letter.error, 80)}")


def refused_line(problem: InputProblem) -> Text:
    """An input that was refused before it was sent."""
    return Text.assemble(("  refused  ", "dim"), (problem.code, "red"), f" {_cut(str(problem), 160)}")


def in_context(span: Span, field: str) -> Text:
    """The marked words with some text around them; the words alone where the text isn't known."""
    before = field[max(0, span.start - _AROUND) : span.start].replace("\n", " ")
    after = field[span.end : span.end + _AROUND].replace("\n", " ")
    return Text.assemble("…", before, (span.text.replace("\n", " "), "bold black on yellow"), after, "…")


def summary(counts: Counts, sent: int, times: Mapping[str, Sequence[float]]) -> Iterable[Text]:
    """The counts that must add up, and the latencies."""
    adds_up = counts.received == counts.indexed + counts.dead + counts.repeated + counts.held
    yield Text.assemble(
        ("sent ", "dim"),
        (str(sent), "bold"),
        (" = indexed ", "dim"),
        (str(counts.indexed), "bold"),
        (" + dead-lettered ", "dim"),
        (str(counts.dead), "bold"),
        (" + repeated ", "dim"),
        (str(counts.repeated), "bold"),
        (" + held ", "dim"),
        (str(counts.held), "bold"),
        ("   ✓" if adds_up and counts.received == sent else "   does not add up!", "green" if adds_up else "red"),
    )
    yield Text.assemble(("bells ", "dim"), (str(counts.alerts), "bold"))
    for name, seconds in times.items():
        if seconds:
            ordered = sorted(seconds)
            worst = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
            yield Text.assemble(
                (f"{name}: ", "dim"), f"median {statistics.median(ordered):.2f} s, 99th percentile {worst:.2f} s"
            )


def print_next(console: Console, home_hint: str) -> None:
    """What to try now."""
    console.print("\n[bold]Next[/]")
    console.print("  belfry up                                   the same, to stay")
    console.print("  belfry subscriptions add --id mine --query 'sanctie* NEAR/5 Rusland'")
    console.print(f"  belfry ingest {home_hint}", soft_wrap=True)
    console.print('  belfry search "russische troepen"')
    console.print("  belfry down")


def _cut(text: str, length: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1] + "…"
