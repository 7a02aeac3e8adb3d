"""A file that arrives in pieces, perhaps over several runs, and is named when it is whole.

Bytes are collected in `NAME.part`, with `NAME.part.json` to recognise the file they are of. Knows
what headers say about a file; does not know how to ask for it.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

from synclips.errors import OutputError
from synclips.media.partial import unwritable


@dataclass(frozen=True)
class Checksum:
    """What a file must be.

    Attributes:
        size: bytes.
        algorithm: as hashlib names it, such as sha256.
        digest: in hexadecimal, small letters.
    """

    size: int
    algorithm: str
    digest: str

    def fits(self, path: Path) -> bool:
        """Whether a file is this one."""
        return path.stat().st_size == self.size and _digest(path, self.algorithm) == self.digest


@dataclass(frozen=True)
class Identity:
    """What a server says a file is, to tell whether two answers are about the same one.

    Attributes:
        url: where it was asked for.
        total: size of the whole file in bytes; None if not told.
        etag: as in the header, quotes included; empty if not told.
        modified: as in the header; empty if not told.
    """

    url: str = ""
    total: int | None = None
    etag: str = ""
    modified: str = ""

    @classmethod
    def of(cls, url: str, headers: Mapping[str, str]) -> "Identity":
        """From the headers of an answer that carries the whole file."""
        length = headers.get("Content-Length", "")
        return cls(
            url,
            int(length) if length.isdecimal() else None,
            headers.get("ETag", ""),
            headers.get("Last-Modified", ""),
        )

    @property
    def validator(self) -> str:
        """For If-Range, which takes no weak tags (RFC 9110, 13.1.5)."""
        return self.modified if self.etag.startswith("W/") or not self.etag else self.etag

    @property
    def md5(self) -> str:
        """Checksum of the whole file, which Zenodo gives as its tag; empty if there is none."""
        match = re.fullmatch(r'"md5:([0-9a-fA-F]{32})"', self.etag)
        return match[1].lower() if match else ""

    def continues(self, other: "Identity") -> bool:
        """Whether nothing that both tell speaks against their being the same."""
        pairs = zip(astuple(self), astuple(other), strict=True)
        return all(mine == others for mine, others in pairs if mine and others)

    def filled_from(self, other: "Identity") -> "Identity":
        """This, and what only the other tells."""
        pairs = zip(astuple(self), astuple(other), strict=True)
        return Identity(*(mine or others for mine, others in pairs))


class Resumable:
    """The bytes of one file that have arrived, and what they are of."""

    def __init__(self, target: Path) -> None:
        """For a file that shall once be `target`; touches nothing."""
        self.target = target
        self._path = target.with_name(target.name + ".part")
        self._note = target.with_name(target.name + ".part.json")

    @property
    def size(self) -> int:
        """Bytes that are there."""
        return self._path.stat().st_size if self._path.exists() else 0

    @property
    def identity(self) -> Identity:
        """What they are of; empty if that is not known."""
        try:
            return Identity(**json.loads(self._note.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return Identity()

    def restart(self) -> None:
        """Throw away what is there."""
        self._path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def make_room(self, offset: int, total: int | None) -> None:
        """Raise OutputError if what comes after `offset` does not fit on the disk."""
        reusable = self.size - offset  # what is about to be overwritten
        free = shutil.disk_usage(self.target.parent).free + reusable
        if total is not None and total - offset > free:
            raise OutputError(
                f"{self.target} needs {(total - offset) / 1e9:.1f} GB and the disk has"
                f" {free / 1e9:.1f} GB free; free some space and run the command again."
            )

    def begin(self, identity: Identity, offset: int) -> None:
        """Note what is about to come; from the start of the file if `offset` is 0."""
        try:
            if not offset:
                # The old note must not vouch for new bytes, nor the new note for old ones.
                self.restart()
                self._path.write_bytes(b"")
            self._note.write_text(json.dumps(asdict(identity)), encoding="utf-8")
        except OSError as error:
            raise unwritable(self.target, error) from error

    def write(self, chunk: bytes) -> None:
        """Append bytes."""
        try:
            with self._path.open("ab") as file:
                file.write(chunk)
        except OSError as error:
            raise unwritable(self.target, error) from error

    def finish(self, expected: Checksum | None = None) -> bool:
        """Give the file its name; False, and nothing is left, if a checksum is against it."""
        stated = self.identity.md5
        if (stated and _digest(self._path, "md5") != stated) or (
            expected is not None and not expected.fits(self._path)
        ):
            self.restart()
            return False
        try:
            self._path.replace(self.target)
        except OSError as error:
            raise unwritable(self.target, error) from error
        self._note.unlink(missing_ok=True)
        return True


def _digest(path: Path, algorithm: str) -> str:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, lambda: hashlib.new(algorithm, usedforsecurity=False))
    return found.hexdigest()
