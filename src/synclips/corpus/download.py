"""One file from a web server, whole or not at all: resumed, retried, and checked where possible.

Bytes are collected in `NAME.part`, with `NAME.part.json` to recognise the file they are of, and
take their name when all have arrived. Knows HTTP; does not know what the files are.
"""

import hashlib
import json
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, astuple, dataclass, replace
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

import requests

from synclips.errors import InputError, OutputError
from synclips.media.partial import unwritable

Progress = Callable[[str, int, int | None], None]

_CHUNK = 1 << 16
_UNUSABLE = (
    requests.TooManyRedirects,
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
)
_WAY_OUT = "try again later or name another --source"


@dataclass(frozen=True)
class Patience:
    """How long a server is asked again.

    Attributes:
        attempts: in a row that bring nothing new; an attempt that does starts the count anew.
        first_wait: seconds before the second attempt, doubled before each further one.
        longest_wait: seconds, also when the server asks for more.
        connect_timeout: seconds until a connection must stand.
        read_timeout: seconds a server may be silent.
    """

    attempts: int = 5
    first_wait: float = 1.0
    longest_wait: float = 60.0
    connect_timeout: float = 10.0
    read_timeout: float = 30.0


class Downloader:
    """Fetches files one after the other; use it as a context manager.

    A server that has failed one file through all attempts gets a single attempt for each further
    one until it delivers again, so that a dead server does not cost minutes per file.
    """

    def __init__(
        self,
        patience: Patience | None = None,
        progress: Progress | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._patience = patience or Patience()
        self._progress = progress or (lambda name, done, total: None)
        self._pause = pause
        self._failing: set[str] = set()
        self._session = requests.Session()
        # A body compressed on the way could not be resumed by byte.
        self._session.headers["Accept-Encoding"] = "identity"

    def __enter__(self) -> "Downloader":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.close()

    def fetch(self, url: str, target: Path, label: str = "") -> None:
        """Bring `url` to `target`, which does not exist yet; a partial file is continued.

        Args:
            url: of http or https.
            target: its folder exists.
            label: what progress is told to be of; the name of `target` by default.

        Raises:
            InputError: The server does not have the file, or could not deliver it in all attempts.
            OutputError: The file cannot be written, or does not fit on the disk.
        """
        host = urlsplit(url).netloc
        partial = _Partial(target)
        attempts = 1 if host in self._failing else self._patience.attempts
        failures, best = 0, partial.size
        while True:
            try:
                self._attempt(url, partial, label or target.name)
                partial.finish()
            except _TroubleError as trouble:
                if trouble.is_final:
                    raise InputError(f"{url} {trouble}; {_WAY_OUT}.") from trouble
                # What a server that ignores ranges sends again is nothing new.
                failures = 0 if partial.size >= best + _CHUNK else failures + 1
                best = max(best, partial.size)
                if failures >= attempts:
                    self._failing.add(host)
                    times = "" if attempts == 1 else f", {attempts} times in a row"
                    raise InputError(f"{url} {trouble}{times}; {_WAY_OUT}.") from trouble
                wait = self._patience.first_wait * 2 ** max(failures - 1, 0)
                self._pause(min(max(wait, trouble.wait), self._patience.longest_wait))
            else:
                self._failing.discard(host)
                return

    def _attempt(self, url: str, partial: "_Partial", label: str) -> None:
        """Ask once for what is missing, and write it."""
        offset = partial.size
        known = partial.identity if offset else _Identity()
        if offset and (known.url != url or offset > (known.total or offset)):
            offset, known = 0, _Identity()
        if offset and offset == known.total:
            return
        headers = {"Range": f"bytes={offset}-"} if offset else {}
        if offset and known.validator:
            headers["If-Range"] = known.validator
        patience = self._patience
        try:
            with self._session.get(
                url,
                headers=headers,
                stream=True,
                timeout=(patience.connect_timeout, patience.read_timeout),
            ) as response:
                self._receive(response, partial, _Identity.of(url, response), known, offset, label)
        except _UNUSABLE as error:
            raise _TroubleError("cannot be followed", is_final=True) from error
        except requests.RequestException as error:
            raise _TroubleError(_reason(error, partial.size, partial.identity.total)) from error

    def _receive(
        self,
        response: requests.Response,
        partial: "_Partial",
        identity: "_Identity",
        known: "_Identity",
        offset: int,
        label: str,
    ) -> None:
        status = response.status_code
        if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            partial.restart()
            raise _TroubleError("has changed or shrunk on the server")
        if status not in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
            again = status in (408, 425, 429) or status >= 500
            raise _TroubleError(
                f"answered {status} {response.reason or ''}".rstrip(),
                is_final=not again,
                wait=_retry_after(response),
            )
        if status == HTTPStatus.PARTIAL_CONTENT:
            start, identity = _range(response, identity)
            if start != offset or not identity.continues(known):
                partial.restart()
                raise _TroubleError("has changed on the server, or was sent from a wrong place")
            identity = identity.filled_from(known)
        else:
            offset = 0  # the server sends all of it, whatever was asked
        partial.make_room(offset, identity.total)
        partial.begin(identity, offset)
        self._progress(label, offset, identity.total)
        for chunk in response.iter_content(_CHUNK):
            partial.write(chunk)
            offset += len(chunk)
            self._progress(label, offset, identity.total)
        if identity.total is not None and offset != identity.total:
            raise _TroubleError(f"ended after {offset} of {identity.total} bytes")


class _TroubleError(Exception):
    """An attempt failed; says why, whether to ask again, and when at the earliest."""

    def __init__(self, reason: str, is_final: bool = False, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.is_final = is_final
        self.wait = wait


@dataclass(frozen=True)
class _Identity:
    """What a server says a file is, to tell whether two answers are about the same one."""

    url: str = ""
    total: int | None = None
    etag: str = ""
    modified: str = ""

    @classmethod
    def of(cls, url: str, response: requests.Response) -> "_Identity":
        length = response.headers.get("Content-Length", "")
        return cls(
            url,
            int(length) if length.isdecimal() else None,
            response.headers.get("ETag", ""),
            response.headers.get("Last-Modified", ""),
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

    def continues(self, other: "_Identity") -> bool:
        """Whether nothing that both tell speaks against their being the same."""
        pairs = zip(astuple(self), astuple(other), strict=True)
        return all(mine == others for mine, others in pairs if mine and others)

    def filled_from(self, other: "_Identity") -> "_Identity":
        pairs = zip(astuple(self), astuple(other), strict=True)
        return _Identity(*(mine or others for mine, others in pairs))


class _Partial:
    """The bytes that have arrived, and what they are of."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self._path = target.with_name(target.name + ".part")
        self._note = target.with_name(target.name + ".part.json")

    @property
    def size(self) -> int:
        return self._path.stat().st_size if self._path.exists() else 0

    @property
    def identity(self) -> _Identity:
        try:
            return _Identity(**json.loads(self._note.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return _Identity()

    def restart(self) -> None:
        self._path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def make_room(self, offset: int, total: int | None) -> None:
        reusable = self.size - offset  # what is about to be overwritten
        free = shutil.disk_usage(self.target.parent).free + reusable
        if total is not None and total - offset > free:
            raise OutputError(
                f"{self.target} needs {(total - offset) / 1e9:.1f} GB and the disk has"
                f" {free / 1e9:.1f} GB free; free some space and run the command again."
            )

    def begin(self, identity: _Identity, offset: int) -> None:
        try:
            if not offset:
                # The old note must not vouch for new bytes, nor the new note for old ones.
                self.restart()
                self._path.write_bytes(b"")
            self._note.write_text(json.dumps(asdict(identity)), encoding="utf-8")
        except OSError as error:
            raise unwritable(self.target, error) from error

    def write(self, chunk: bytes) -> None:
        try:
            with self._path.open("ab") as file:
                file.write(chunk)
        except OSError as error:
            raise unwritable(self.target, error) from error

    def finish(self) -> None:
        """Compare the checksum, if the server told one, and give the file its name."""
        expected = self.identity.md5
        if expected:
            with self._path.open("rb") as file:
                found = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
            if found.hexdigest() != expected:
                self.restart()
                raise _TroubleError("arrived with another checksum than the server states")
        try:
            self._path.replace(self.target)
        except OSError as error:
            raise unwritable(self.target, error) from error
        self._note.unlink(missing_ok=True)


def _range(response: requests.Response, identity: _Identity) -> tuple[int | None, _Identity]:
    """First byte of a 206 answer, and the identity with the total of the whole file."""
    text = response.headers.get("Content-Range", "")
    match = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+|\*)", text.strip())
    if match is None:
        return None, identity
    total = None if match[3] == "*" else int(match[3])
    return int(match[1]), replace(identity, total=total)


def _retry_after(response: requests.Response) -> float:
    """Seconds to wait that the server asks for, as a number or as a date; 0 if it does not."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(parsedate_to_datetime(text).timestamp() - time.time(), 0.0)
    except ValueError:
        return 0.0


def _reason(error: requests.RequestException, size: int, total: int | None) -> str:
    if isinstance(error, requests.exceptions.SSLError):
        return "could not be reached safely (its certificate was refused)"
    if isinstance(error, requests.Timeout):
        return "did not answer in time"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        whole = "an unknown size" if total is None else f"{total / 1e6:.1f} MB"
        return f"was cut off at {size / 1e6:.1f} MB of {whole}"
    return "could not be reached, or broke the connection"
