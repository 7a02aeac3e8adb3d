"""Which voices can be downloaded: from where, how large, under which licence, with which checksum.

Reads `catalogue.toml`; downloads nothing. What it does not list may still be put into the folder of
voices by hand.
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from synclips.download.resumable import Checksum
from synclips.errors import ConfigError


@dataclass(frozen=True)
class RemoteFile:
    """One file of a voice.

    Attributes:
        url: Where it is.
        checksum: What it must be.
    """

    url: str
    checksum: Checksum

    @property
    def name(self) -> str:
        """Which it has on disk."""
        return PurePosixPath(urlsplit(self.url).path).name


@dataclass(frozen=True)
class Offer:
    """A voice, or several in one file, that can be downloaded.

    Attributes:
        engine: What speaks with it.
        name: Of the voice or the pack of voices.
        language: Tag; empty for several.
        gender: As in `Voice`.
        licence: Of the voice, by its authors' words.
        files: What it is made of; the last one makes it complete.
    """

    engine: str
    name: str
    language: str
    gender: str | None
    licence: str
    files: tuple[RemoteFile, ...]

    @property
    def key(self) -> str:
        """What the user writes to get it."""
        return f"{self.engine}/{self.name}"

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.checksum.size for file in self.files)

    @property
    def how(self) -> str:
        """Its size, and the command that gets it."""
        return f"{self.size / 1e6:.0f} MB; synclips voices --get {self.key}"


@lru_cache(maxsize=1)
def offers() -> tuple[Offer, ...]:
    """All of them; of several for one language the first is the one to recommend."""
    text = files("synclips.speech").joinpath("catalogue.toml").read_text(encoding="utf-8")
    return tuple(
        Offer(
            row["engine"],
            row["name"],
            row.get("language", ""),
            row.get("gender"),
            row["licence"],
            tuple(
                RemoteFile(file["url"], Checksum(file["size"], "sha256", file["sha256"]))
                for file in row["files"]
            ),
        )
        for row in tomllib.loads(text)["voice"]
    )


def offers_of(engine: str) -> list[Offer]:
    """Those of one engine."""
    return [offer for offer in offers() if offer.engine == engine]


def find_offer(key: str) -> Offer:
    """The offer of a key such as piper/en_US-lessac-medium.

    Raises:
        ConfigError: There is none.
    """
    for offer in offers():
        if offer.key == key:
            return offer
    known = ", ".join(offer.key for offer in offers())
    raise ConfigError(
        f"There is no {key} to get; take one of {known}, or put its files into the folder of voices"
        " by hand."
    )
