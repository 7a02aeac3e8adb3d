"""The program itself: where commands are added, and how it ends."""

import io
import logging
import signal
import sys
import threading
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from synclips import __version__
from synclips.errors import SynclipsError

app = typer.Typer(
    name="synclips",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
corpus = typer.Typer(help="Training corpora.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(corpus, name="corpus")


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"synclips {__version__}")
        raise typer.Exit


@app.callback()
def program(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="Show it and exit."),
    ] = False,
) -> None:
    """Open lip-sync: a video or a portrait and speech in, the video speaking it out."""


class _Notes(logging.Handler):
    """What is logged while a command works, as a line; each only once, since files are read again.

    Such as that a part of a file is damaged. What broke is told whole, and every time.
    """

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._told: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Tell it."""
        sentence = record.getMessage()
        if record.exc_info:
            typer.echo(f"synclips: {self.format(record)}", err=True)
        elif sentence not in self._told:
            self._told.add(sentence)
            typer.echo(f"synclips: {sentence}", err=True)


def main(*command: str) -> None:
    """Run the command line; a `SynclipsError` is one sentence and exit status 1.

    Args:
        command: What comes before the arguments of the shell, such as `corpus`, `get`.
    """
    _spell_out(sys.stdout)
    notes, log = _Notes(), logging.getLogger("synclips")
    log.addHandler(notes)
    # As on control-C, so that what is half written is removed; `train` has a way of its own.
    before = {number: signal.signal(number, _terminated) for number in _endings()}
    try:
        app([*command, *sys.argv[1:]], prog_name="synclips")
    except SynclipsError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(
            f"synclips: {error}", markup=False
        )
        sys.exit(1)
    except SystemExit as stop:
        why = getattr(stop.__context__, "__cause__", None)
        # Control-C, which Typer ends on without a word, or another signal.
        if type(why) is KeyboardInterrupt or isinstance(stop, _Terminated):
            Console(stderr=True).print("synclips: stopped.")
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)  # None is one set by a library
        log.removeHandler(notes)


def _spell_out(stream: object) -> None:
    r"""Write letters that are not in a stream's encoding as `\u043f`, as on standard error.

    On Windows files and pipes know the letters of one part of the world, and a surrogate, which
    stands for a byte of a file's name, is in no encoding.
    """
    if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
        stream.reconfigure(errors="backslashreplace")


class _Terminated(SystemExit):
    """A signal came that ends programs."""


def _endings() -> list[signal.Signals]:
    """The signals that end a program: on request, or when its terminal is closed.

    The latter is ignored where somebody wants that, by nohup.
    """
    if threading.current_thread() is not threading.main_thread():
        return []
    names = ("SIGTERM", "SIGHUP")
    there = [signal.Signals[name] for name in names if name in signal.Signals.__members__]
    return [number for number in there if signal.getsignal(number) is not signal.SIG_IGN]


def _terminated(number: int, frame: FrameType | None) -> None:
    raise _Terminated(128 + number)
