"""One file from a web server, whole or not at all: resumed, retried, and checked where possible.

Knows HTTP and how long to be patient; does not know what the files are.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

import requests

from synclips.download.resumable import Checksum, Identity, Resumable
from synclips.errors import InputError
from synclips.progress import Progress

_CHUNK = 1 << 16
_UNUSABLE = (
    requests.TooManyRedirects,
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
)


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

    Args:
        patience: how long a server is asked again.
        progress: told the label of a file, bytes that are there, and bytes in all if known.
        pause: waits so many seconds.
        way_out: what the user may do when a file cannot be had; ends the sentence that says so.
    """

    def __init__(
        self,
        patience: Patience | None = None,
        progress: Progress | None = None,
        pause: Callable[[float], None] = time.sleep,
        way_out: str = "try again later",
    ) -> None:
        self._patience = patience or Patience()
        self._progress = progress or (lambda name, done, total: None)
        self._pause = pause
        self._way_out = way_out
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

    def fetch(
        self, url: str, target: Path, label: str = "", expected: Checksum | None = None
    ) -> None:
        """Bring `url` to `target`, which does not exist yet; a partial file is continued.

        Args:
            url: of http or https.
            target: its folder exists.
            label: what progress is told to be of; the name of `target` by default.
            expected: what the file must be; nothing is kept of another.

        Raises:
            InputError: The server does not have the file, or another one than expected, or could
                not deliver it in all attempts.
            OutputError: The file cannot be written, or does not fit on the disk.
        """
        host = urlsplit(url).netloc
        partial = Resumable(target)
        attempts = 1 if host in self._failing else self._patience.attempts
        failures, best = 0, partial.size
        while True:
            try:
                self._attempt(url, partial, label or target.name, expected)
                if not partial.finish(expected):
                    if expected is not None:
                        raise _another("checksum")
                    raise _TroubleError("arrived with another checksum than the server states")
            except _TroubleError as trouble:
                if trouble.is_final:
                    raise InputError(f"{url} {trouble}; {self._way_out}.") from trouble
                if trouble.is_outdated:
                    continue
                # What a server that ignores ranges sends again is nothing new.
                failures = 0 if partial.size >= best + _CHUNK else failures + 1
                best = max(best, partial.size)
                if failures >= attempts:
                    self._failing.add(host)
                    times = "" if attempts == 1 else f", {attempts} times in a row"
                    raise InputError(f"{url} {trouble}{times}; {self._way_out}.") from trouble
                wait = self._patience.first_wait * 2 ** max(failures - 1, 0)
                self._pause(min(max(wait, trouble.wait), self._patience.longest_wait))
            else:
                self._failing.discard(host)
                return

    def _attempt(self, url: str, partial: Resumable, label: str, expected: Checksum | None) -> None:
        """Ask once for what is missing, and write it."""
        offset = partial.size
        known = partial.identity if offset else Identity()
        if offset and (known.url != url or offset > (known.total or offset)):
            offset, known = 0, Identity()
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
                self._receive(
                    response,
                    partial,
                    Identity.of(url, response.headers),
                    known,
                    offset,
                    label,
                    None if expected is None else expected.size,
                )
        except _UNUSABLE as error:
            raise _TroubleError("cannot be followed", is_final=True) from error
        except requests.RequestException as error:
            raise _TroubleError(_reason(error, partial.size, partial.identity.total)) from error

    def _receive(
        self,
        response: requests.Response,
        partial: Resumable,
        identity: Identity,
        known: Identity,
        offset: int,
        label: str,
        size: int | None,
    ) -> None:
        status = response.status_code
        if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            partial.restart()
            raise _TroubleError("has changed on the server", is_outdated=offset > 0)
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
                raise _TroubleError("has changed on the server", is_outdated=offset > 0)
            identity = identity.filled_from(known)
        else:
            offset = 0  # the server sends all of it, whatever was asked
        if size is not None and identity.total not in (None, size):
            partial.restart()
            raise _another("size")
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
    """An attempt failed; says why, and what to do about it.

    Attributes:
        is_final: there is no point in asking again.
        is_outdated: only what had arrived earlier was unusable, and is gone now.
        wait: seconds to wait at least.
    """

    def __init__(
        self, reason: str, *, is_final: bool = False, is_outdated: bool = False, wait: float = 0.0
    ) -> None:
        super().__init__(reason)
        self.is_final = is_final
        self.is_outdated = is_outdated
        self.wait = wait


def _another(what: str) -> _TroubleError:
    """The server has a file, but not the one that is meant; asking again brings the same."""
    return _TroubleError(f"has another {what} than it should have", is_final=True)


def _range(response: requests.Response, identity: Identity) -> tuple[int | None, Identity]:
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
