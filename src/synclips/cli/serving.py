"""The command that waits for a browser: `serve`."""

import socket
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from synclips.cli.choices import Device, Model, VoicesFolder
from synclips.cli.program import app
from synclips.errors import ConfigError
from synclips.options import DEFAULT_MODEL, SayOptions, SyncOptions


@app.command()
def serve(
    host: Annotated[
        str,
        typer.Option(
            help="Where to listen; by default only this machine can call. Who can call can use it:"
            " there is no password."
        ),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    name: Annotated[
        list[str] | None,
        typer.Option(help="A name by which it is called, as behind a proxy. Repeat for several."),
    ] = None,
    largest: Annotated[
        int, typer.Option(min=1, help="Megabytes of a video and its speech.")
    ] = 2000,
    model: Model = DEFAULT_MODEL,
    device: Device = "auto",
    voices_folder: VoicesFolder = None,
) -> None:
    """Open a page in the browser for `sync` and `say`, and the same over HTTP."""
    try:
        import uvicorn

        from synclips.serve.app import create_app
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("synclips"):
            raise
        raise ConfigError('The page needs more packages; run pip install -e ".[serve]".') from error
    from synclips.pipeline import LipSync
    from synclips.speech.voices_folder import require_voices_folder

    picture = SyncOptions(model, device)
    LipSync.of(picture)  # what is wrong with it is told now
    require_voices_folder(voices_folder)
    named = f"[{host}]" if ":" in host else host
    try:
        listening = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET
        )
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(
            f"{host}:{port} cannot be listened on ({reason}); choose another --port or --host."
        ) from error
    with listening, tempfile.TemporaryDirectory(prefix="synclips-") as folder:
        served = create_app(
            Path(folder),
            picture=picture,
            voice=SayOptions(voices_folder=voices_folder),
            names={"localhost", host, *(name or [])},
            largest=largest * 10**6,
        )
        typer.echo(
            f"http://{named}:{listening.getsockname()[1]} is open; control-C ends it, and results"
            " that were not saved are gone then."
        )
        # Somebody who does not read on, or sends no more, must not keep it from ending.
        config = uvicorn.Config(served, log_level="warning", timeout_graceful_shutdown=2)
        server = uvicorn.Server(config)
        server.run(sockets=[listening])
