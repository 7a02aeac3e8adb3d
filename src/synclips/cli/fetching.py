"""Voices that come from a server: shown, asked about, and downloaded."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synclips.cli.progress import bars

if TYPE_CHECKING:
    from synclips.speech.catalogue import Offer
    from synclips.speech.delivery import Fetch

Download = Annotated[
    bool | None,
    typer.Option(
        "--download/--no-download",
        help="Download the voice that is asked for if it is not here, after showing its size,"
        " licence, addresses and SHA-256. [default: ask at a terminal; no elsewhere]",
        show_default=False,
    ),
]


def fetching(download: bool | None) -> "Fetch | None":
    """What brings a voice that `say` lacks, if the user lets it.

    Args:
        download: What --download says; None to ask where somebody can answer.

    Returns:
        None where nothing may be downloaded.
    """
    if download is None and _somebody_answers():
        return partial(_fetch, asking=True)
    return partial(_fetch, asking=False) if download else None


def get_named(key: str, told: Path | None) -> None:
    """Show a voice of the catalogue and download it.

    Args:
        key: What it is called there.
        told: What --voices-folder says.

    Raises:
        ConfigError: There is none.
        InputError, OutputError: As `get_voice`.
    """
    from synclips.speech.catalogue import find_offer
    from synclips.speech.voices_folder import voices_folder

    offer, folder = find_offer(key), voices_folder(told)
    _show(offer, folder, typer.echo)
    _get(offer, folder, typer.echo)


def _fetch(offer: "Offer", folder: Path, asking: bool) -> bool:
    tell = partial(typer.echo, err=True)  # a report may go to standard output
    _show(offer, folder, tell)
    if asking and not _agreed():
        return False
    _get(offer, folder, tell)
    return True


def _show(offer: "Offer", folder: Path, tell: Callable[[str], None]) -> None:
    from synclips.speech.voice_download import describe

    tell(describe(offer, folder))


def _get(offer: "Offer", folder: Path, tell: Callable[[str], None]) -> None:
    from synclips.download.downloader import Downloader
    from synclips.speech.voice_download import get_voice

    with bars() as progress, Downloader(progress=progress) as downloader:
        get_voice(offer, folder, downloader, tell)
    tell(f"{offer.key} is complete.")


def _agreed() -> bool:
    """Whether a download is agreed to; the end of the input means no.

    Not by Typer, which writes a space to standard output and makes another error of control-C.
    """
    while True:
        typer.echo("Download it? [Y/n] ", nl=False, err=True)
        line = ""
        try:
            line = sys.stdin.readline()
        finally:
            if not line:  # control-C and control-D leave the line open
                typer.echo(err=True)
        answer = line.strip().lower()
        if not line or answer in ("n", "no"):
            return False
        if answer in ("", "y", "yes"):
            return True


def _somebody_answers() -> bool:
    """Whether a question is seen and can be answered."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))
