"""A voice of the catalogue brought into the folder of voices.

Knows the order of files and what is there already; nothing else of synclips starts a download of a
voice, and nothing does that was not told to.
"""

from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from synclips.download.downloader import Downloader
from synclips.errors import OutputError
from synclips.media.partial import unwritable
from synclips.speech.catalogue import Offer


def describe(offer: Offer, folder: Path) -> str:
    """What would be downloaded, line by line, for people to read before it is."""
    lines = [f"{offer.key}: {offer.size / 1e6:.1f} MB into {folder / offer.engine}"]
    lines.append(f"licence: {offer.licence}")
    for file in offer.files:
        lines += [file.url, f"  {file.checksum.size} bytes, sha256 {file.checksum.digest}"]
    return "\n".join(lines)


def fetch_voice(offer: Offer, folder: Path) -> bool:
    """Download a voice without asking anybody; for the `fetch` of `synclips.say`.

    Args:
        offer: The voice.
        folder: Of voices; made if need be.

    Returns:
        True: it is there.

    Raises:
        InputError, OutputError: As `get_voice`.
    """
    with Downloader() as downloader:
        get_voice(offer, folder, downloader)
    return True


def get_voice(
    offer: Offer,
    folder: Path,
    downloader: Downloader,
    say: Callable[[str], None] = lambda sentence: None,
) -> list[Path]:
    """Download what is missing of a voice; what is there and right stays.

    Args:
        offer: The voice.
        folder: Of voices; made if need be.
        downloader: Fetches each file.
        say: Told which file is there already.

    Returns:
        The files.

    Raises:
        InputError: A file cannot be had, or is another one than in the catalogue.
        OutputError: The folder cannot be written, or another download runs into it.
    """
    place = folder / offer.engine
    paths = []
    try:
        place.mkdir(parents=True, exist_ok=True)
        with FileLock(place / ".lock", timeout=0):
            for file in offer.files:
                path = place / file.name
                if path.exists() and file.checksum.fits(path):
                    say(f"{path} is there already.")
                else:
                    downloader.fetch(file.url, path, expected=file.checksum)
                paths.append(path)
    except Timeout as error:
        raise OutputError(
            f"{place} is being filled by another download; wait until it ends."
        ) from error
    except OSError as error:
        raise unwritable(place, error) from error
    return paths
