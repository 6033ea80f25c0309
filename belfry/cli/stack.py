"""`belfry stack fetch`: what the local servers need, so that all else works without network."""

import typer

from belfry.settings import settings
from belfry.stack import fetch as fetch_stack

app = typer.Typer(name="stack", help="The local Kafka and Elasticsearch.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def stack() -> None:
    """The local Kafka and Elasticsearch."""


@app.command()
def fetch() -> None:
    """Download and compile Kafka and Elasticsearch (93 MB, once), and check what is there already."""
    config = settings()
    fetch_stack(config.cache, maven_repository=config.maven_repository, check=True)
