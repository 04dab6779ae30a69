"""flask --app crm search ...: the search index."""

import click
from flask.cli import with_appcontext

search = click.Group("search", help="The search index.")


@search.command("rebuild")
@with_appcontext
def rebuild() -> None:
    """Write the whole index anew from the things themselves.

    The index follows every change by itself; this is for after a load that wrote past the application.
    """
    from crm.core.db import transaction
    from crm.core.viewer import SYSTEM, viewing_as
    from crm.search import lines

    with viewing_as(SYSTEM, via="command"), transaction():
        written = lines.rebuild()
    click.echo("Indexed " + ", ".join(f"{number:,} {kind}s" for kind, number in written.items()) + ".")
