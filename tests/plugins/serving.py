"""Fixtures of every folder of tests: a web server that misbehaves as told, and files to serve."""

import io
import random
import shutil
import tarfile
import threading
import zipfile
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@dataclass(frozen=True)
class Act:
    """How one request is answered: well, unless told otherwise."""

    status: int = 200
    cut_after: int | None = None  # bytes of the body, then the connection is closed
    ignores_range: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    shift: int = 0  # bytes by which a range is sent from a wrong place
    silent: bool = False  # no answer until the server stops


class Server:
    """Serves `files` by path; `acts` are used up one per request for a path, then all is well."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.acts: dict[str, list[Act]] = {}
        self.etags: dict[str, str] = {}
        self.requests: list[tuple[str, str]] = []  # path and Range
        self.stopped = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def asked(self, path: str) -> list[str]:
        """The Range of each request for a path."""
        return [wanted for asked, wanted in self.requests if asked == path]

    def stop(self) -> None:
        if not self.stopped.is_set():
            self.stopped.set()
            self._http.shutdown()
            self._http.server_close()
            self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                path = self.path.lstrip("/").partition("?")[0]
                wanted = self.headers.get("Range", "")
                server.requests.append((path, wanted))
                acts = server.acts.get(path)
                act = acts.pop(0) if acts else Act()
                if act.silent:
                    server.stopped.wait(5)
                    return
                body = server.files.get(path)
                if act.status != 200 or body is None:
                    self._send(act.status if act.status != 200 else 404, b"<html>", act)
                    return
                etag = server.etags.get(path, "")
                headers = {"ETag": etag} if etag else {}
                same = self.headers.get("If-Range", etag) == etag
                start = int(wanted[6:-1]) if wanted and same and not act.ignores_range else 0
                if start >= len(body) and start:
                    self._send(416, b"", act)
                elif start:
                    start += act.shift
                    headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
                    self._send(206, body[start:], act, headers)
                else:
                    self._send(200, body, act, headers)

            def _send(
                self, status: int, body: bytes, act: Act, headers: dict[str, str] | None = None
            ) -> None:
                self.send_response(status)
                for name, value in {**(headers or {}), **act.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[: act.cut_after])

        return Handler


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "*")
    running = Server()
    yield running
    running.stop()


Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """A disk whose free space is `disk["free"]`, plenty at first."""
    space = {"free": 10**12}
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(2 * 10**12, 10**12, space["free"]))
    return space


def noise(size: int, seed: int = 0) -> bytes:
    """Bytes that no compression makes smaller."""
    return random.Random(seed).randbytes(size)


def make_zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def make_tar(files: dict[str, bytes], mode: str = "w") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


@dataclass(frozen=True)
class Make:
    """What tests build files with; a fixture, since tests cannot import from here."""

    zip = staticmethod(make_zip)
    tar = staticmethod(make_tar)
    noise = staticmethod(noise)
    act = Act


@pytest.fixture(scope="session")
def make() -> Make:
    return Make()
