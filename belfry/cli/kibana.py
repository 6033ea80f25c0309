"""`belfry kibana export|import`: the saved objects on stdout, or straight into a Kibana."""

import sys
from typing import Annotated

import typer

from belfry.kibana import import_objects, ndjson, saved_objects
from belfry.settings import settings

kibana = typer.Typer(help="Dashboards for Kibana: print them, or put them into one.", no_args_is_help=True)


@kibana.command("export")
def export_objects() -> None:
    """Print the saved objects as NDJSON, ready for Kibana's Stack Management > Saved Objects > Import."""
    sys.stdout.write(ndjson(saved_objects(settings().index_prefix)))


@kibana.command("import")
def import_into(
    url: Annotated[str, typer.Option(help="Address of the Kibana, with user:password@ if it wants them.")],
    keep: Annotated[bool, typer.Option("--keep", help="Keep objects of these ids that are there already.")] = False,
) -> None:
    """Put the saved objects into a Kibana."""
    taken = import_objects(saved_objects(settings().index_prefix), url, overwrite=not keep)
    typer.echo(f"{taken} saved objects are in Kibana", err=True)
