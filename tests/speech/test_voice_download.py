"""A voice from a server on this computer, which breaks off or has another file than it should."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from synclips.download.downloader import Downloader, Patience
from synclips.download.resumable import Checksum
from synclips.errors import InputError, OutputError
from synclips.speech.catalogue import Offer, RemoteFile
from synclips.speech.piper import Piper
from synclips.speech.voice_download import describe, fetch_voice, get_voice

NAME = "en_US-tiny-low"


@pytest.fixture
def downloader() -> Iterator[Downloader]:
    with Downloader(Patience(attempts=2), pause=lambda seconds: None) as opened:
        yield opened


@pytest.fixture
def offer(networks: Any, server: Any, tmp_path: Path) -> Offer:
    """The tiny voice, with its true checksums."""
    model = networks.piper(tmp_path / "made", NAME, known=100_000)
    files = []
    for path in (model.with_suffix(".onnx.json"), model):
        body = path.read_bytes()
        server.files[path.name] = body
        digest = hashlib.sha256(body).hexdigest()
        files.append(RemoteFile(f"{server.url}/{path.name}", Checksum(len(body), "sha256", digest)))
    return Offer("piper", NAME, "en-us", None, "CC0-1.0", tuple(files))


Get = Callable[[], list[Path]]


@pytest.fixture
def get(offer: Offer, downloader: Downloader, tmp_path: Path) -> Get:
    return lambda: get_voice(offer, tmp_path / "voices", downloader)


def left(tmp_path: Path) -> set[str]:
    """Names in the folder but that of the lock."""
    return {path.name for path in (tmp_path / "voices" / "piper").iterdir()} - {".lock"}


def test_what_was_fetched_is_a_voice(offer: Offer, get: Get, tmp_path: Path) -> None:
    engine = Piper(tmp_path / "voices", None, [offer])
    assert [(row.name, row.installed) for row in engine.voices()] == [(NAME, False)]
    get()
    assert left(tmp_path) == {f"{NAME}.onnx", f"{NAME}.onnx.json"}
    (row,) = engine.voices()
    assert row.installed
    assert row.licence == "CC0-1.0"


def test_what_is_shown_before(offer: Offer, tmp_path: Path) -> None:
    text = describe(offer, tmp_path)
    assert text.startswith(f"piper/{NAME}: 0.4 MB into {tmp_path / 'piper'}\nlicence: CC0-1.0\n")
    for file in offer.files:
        assert file.url in text
        assert f"{file.checksum.size} bytes, sha256 {file.checksum.digest}" in text


def test_another_file_leaves_nothing_behind(
    offer: Offer, server: Any, get: Get, make: Any, tmp_path: Path
) -> None:
    whole = server.files[f"{NAME}.onnx"]
    for other, what in [(make.noise(len(whole)), "checksum"), (whole[:-1], "size")]:
        server.files[f"{NAME}.onnx"] = other
        with pytest.raises(InputError, match=f"has another {what} than it should have; try again"):
            get()
        assert left(tmp_path) == {f"{NAME}.onnx.json"}
    assert not Piper(tmp_path / "voices", None, [offer]).installed


def test_a_broken_download_is_continued(server: Any, get: Get, make: Any, tmp_path: Path) -> None:
    name = f"{NAME}.onnx"
    server.acts[name] = [make.act(cut_after=200_000), *[make.act(status=503)] * 2]
    with pytest.raises(InputError, match="answered 503"):
        get()
    there = (tmp_path / "voices" / "piper" / f"{name}.part").stat().st_size
    assert 100_000 < there <= 200_000
    get()
    assert server.asked(name)[-1] == f"bytes={there}-"
    assert (tmp_path / "voices" / "piper" / name).read_bytes() == server.files[name]
    # What is there and right is not fetched again; what is not, is.
    requests = len(server.requests)
    get()
    assert len(server.requests) == requests
    (tmp_path / "voices" / "piper" / name).write_bytes(b"damaged")
    get()
    assert (tmp_path / "voices" / "piper" / name).read_bytes() == server.files[name]


def test_what_was_stopped_is_continued(offer: Offer, server: Any, get: Get, tmp_path: Path) -> None:
    def stop(name: str, done: int, total: int | None) -> None:
        if name == f"{NAME}.onnx" and done > 100_000:
            raise KeyboardInterrupt

    folder = tmp_path / "voices"
    with Downloader(progress=stop) as stopped, pytest.raises(KeyboardInterrupt):
        get_voice(offer, folder, stopped)
    there = (folder / "piper" / f"{NAME}.onnx.part").stat().st_size
    assert there > 100_000 and not Piper(folder, None, [offer]).installed
    assert fetch_voice(offer, folder)
    assert server.asked(f"{NAME}.onnx")[-1] == f"bytes={there}-"
    assert left(tmp_path) == {f"{NAME}.onnx", f"{NAME}.onnx.json"}


def test_without_a_network_it_is_one_sentence(server: Any, get: Get) -> None:
    server.stop()
    with pytest.raises(InputError, match=r"\.json could not be reached.*; try again later\.$"):
        get()


def test_what_cannot_be_written(get: Get, tmp_path: Path) -> None:
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "piper").write_text("a file")
    with pytest.raises(OutputError):
        get()
    (tmp_path / "voices" / "piper").unlink()
    (tmp_path / "voices" / "piper").mkdir()
    lock = FileLock(tmp_path / "voices" / "piper" / ".lock")
    with lock, pytest.raises(OutputError, match="is being filled by another download"):
        get()
