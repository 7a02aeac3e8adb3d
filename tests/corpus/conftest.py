"""A web server that misbehaves as told, archives to serve, and clips as GRID has them."""

import io
import random
import shutil
import tarfile
import threading
import zipfile
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray


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


@pytest.fixture(scope="session")
def talking(
    portrait: NDArray[np.uint8], speech: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Four clips of s1 in the layout of GRID: a face that moves its mouth, and no video."""
    from synclips.media.writer import VideoWriter

    folder = tmp_path_factory.mktemp("talking") / "raw"
    (folder / "s1" / "video").mkdir(parents=True)
    (folder / "s1" / "align").mkdir()
    rows, columns = np.mgrid[0:240, 0:320].astype(np.float32)
    low = np.clip((rows - 130) / 60, 0, 1) * np.exp(-(((columns - 163) / 50) ** 2))
    rate = Fraction(25)
    for number, name in enumerate(("bbaf2n", "bbaf3s", "bbaf4p")):
        with VideoWriter(
            folder / "s1" / "video" / f"{name}.mp4",
            width=320,
            height=240,
            frame_rate=rate,
            time_base=Fraction(1, 12800),
            sound=speech,
            preset="ultrafast",
        ) as writer:
            for index in range(30):
                pulled = rows - 6 * low * np.float32(np.sin(index / (2 + number)) ** 2)
                image = cv2.remap(portrait, columns, pulled, cv2.INTER_CUBIC).astype(np.uint8)
                writer.write(image, index / rate)
        text = "0 2000 sil\n2000 9000 bin\n9000 15000 blue\n15000 30000 sil\n"
        (folder / "s1" / "align" / f"{name}.align").write_text(text)
    (folder / "s1" / "video" / "bgif3s.mp4").write_bytes(b"not a video" * 100)
    return folder


@pytest.fixture(scope="session")
def prepared(talking: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What two workers make of them, with the lip shape that is shipped."""
    from synclips.checkpoint import load_checkpoint
    from synclips.corpus.manifest import PrepareSpec
    from synclips.corpus.prepare import prepare_corpus
    from synclips.options import DEFAULT_MODEL

    out = tmp_path_factory.mktemp("prepared") / "corpus"
    prepare_corpus([talking], out, PrepareSpec(), load_checkpoint(DEFAULT_MODEL).shape, 2)
    return out
