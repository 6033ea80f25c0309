"""`belfry query explain`: what a query means, before it is used."""

from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer

from schemas.errors import QueryError

if TYPE_CHECKING:
    from processors.matching.explain import Explanation
    from processors.matching.words import QueryWord

LANGUAGES = ("nl", "en", "de", "fr")

app = typer.Typer(help="What a query means: explain.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def query() -> None:
    """What a query means, before it is used."""


# A query may begin with - (and is then told what to write instead), which is no option.
@app.command(context_settings={"ignore_unknown_options": True})
def explain(
    query: Annotated[str, typer.Argument(help="The query, quoted for the shell: '\"massing of troops\" OR troep*'")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout, nothing else there")] = False,
) -> None:
    """Print a query's syntax tree, what its words look for in each language, and what is odd about it."""
    # Imported here: every command would wait for the alert language otherwise.
    from processors.matching.explain import explanation, pointed_out
    from processors.matching.meanings import shipped_meanings
    from processors.matching.vocabulary import ListedWords

    try:
        explained = explanation(query, LANGUAGES, shipped_meanings(), vocabulary=ListedWords(LANGUAGES))
    except QueryError as error:
        typer.echo(f"belfry: {pointed_out(query, error)}", err=True)
        raise typer.Exit(2) from error
    typer.echo(orjson.dumps(as_object(explained)).decode() if as_json else as_text(explained))


def as_object(explained: "Explanation") -> dict[str, Any]:
    """The explanation as `--json` prints it; `tree` is a list of lines, two spaces for each level."""
    return {
        "query": explained.canonical,
        "tree": explained.outline.split("\n"),
        "normal_forms": {
            language: {
                word: {"stems": list(found.stems), "sequence": [list(part) for part in found.sequence]}
                for word, found in words.items()
            }
            for language, words in explained.normal_forms.items()
        },
        "names": {name: list(meant) for name, meant in explained.names.items()},
        "totals": "exact" if explained.exact_totals else "approximate",
        "warnings": [
            {"code": warning.code, "message": warning.message, "column": warning.column}
            for warning in explained.warnings
        ],
    }


def as_text(explained: "Explanation") -> str:
    """The explanation for people: sections under headings, those without content left out."""
    sections = [f"Query\n  {explained.canonical}", f"Tree\n{_indented(explained.outline)}"]
    if any(explained.normal_forms.values()):
        forms = [
            "  ".join((language, ", ".join(f"{word} → {_looked_for(found)}" for word, found in words.items())))
            for language, words in explained.normal_forms.items()
        ]
        sections.append("Normal form\n" + _indented("\n".join(forms)))
    if explained.names:
        names = "\n".join(f"{name} → {', '.join(meant)}" for name, meant in explained.names.items())
        sections.append(f"Names\n{_indented(names)}")
    totals = "exact" if explained.exact_totals else "approximate: the index can't count what the matcher decides"
    sections.append(f"Totals of a search\n  {totals}")
    if explained.warnings:
        lines = [f"column {warning.column}: {warning.message} ({warning.code})" for warning in explained.warnings]
        sections.append("Warnings\n" + _indented("\n".join(lines)))
    return "\n\n".join(sections)


def _looked_for(found: "QueryWord") -> str:
    alone = "|".join(found.stems)
    return f"{alone} or {' '.join('|'.join(part) for part in found.sequence)}" if found.sequence else alone


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))
