import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from synclips.download.downloader import Downloader, Patience
from synclips.download.resumable import Checksum
from synclips.errors import InputError, OutputError

SIZE = 400_000


@pytest.fixture
def body(make: Any) -> bytes:
    return bytes(make.noise(SIZE))


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def seen() -> list[tuple[str, int, int | None]]:
    return []


@pytest.fixture
def downloader(pauses: list[float], seen: list[Any]) -> Iterator[Downloader]:
    patience = Patience(attempts=3, connect_timeout=2, read_timeout=2)
    with Downloader(patience, lambda *told: seen.append(told), pauses.append) as opened:
        yield opened


@pytest.fixture
def fetch(server: Any, downloader: Downloader, tmp_path: Path) -> Callable[[], bytes]:
    """Fetch `file` from the server; its bytes. Nothing else may be left beside it."""

    def call() -> bytes:
        target = tmp_path / "file"
        downloader.fetch(f"{server.url}/file", target)
        assert list(tmp_path.iterdir()) == [target]
        return target.read_bytes()

    return call


def refused(fetch: Callable[[], bytes], tmp_path: Path) -> str:
    """The sentence it ends with; the file must not be in place."""
    with pytest.raises(InputError) as caught:
        fetch()
    assert not (tmp_path / "file").exists()
    sentence = str(caught.value)
    assert sentence.startswith("http://127.0.0.1:")
    assert sentence.endswith("; try again later.")
    return sentence


def test_a_file_arrives_and_progress_is_told(
    server: Any, fetch: Any, body: bytes, seen: list[Any]
) -> None:
    server.files["file"] = body
    assert fetch() == body
    assert seen[0] == ("file", 0, SIZE)
    assert seen[-1] == ("file", SIZE, SIZE)
    assert len(seen) > 4


def test_a_cut_connection_is_resumed_where_it_broke(
    server: Any, make: Any, fetch: Any, body: bytes, pauses: list[float]
) -> None:
    server.files["file"] = body
    # More breaks than attempts: each brings something new, so none of them counts.
    server.acts["file"] = [make.act(cut_after=100_000) for _ in range(4)]
    assert fetch() == body
    starts = [int(wanted[6:-1]) for wanted in server.asked("file")[1:]]
    assert len(starts) >= 4
    assert starts == sorted(set(starts))
    assert starts[0] > 0
    assert set(pauses) == {1.0}


def test_a_server_that_ignores_ranges_sends_it_all_again(
    server: Any, make: Any, fetch: Any, body: bytes, seen: list[Any]
) -> None:
    server.files["file"] = body
    server.acts["file"] = [make.act(cut_after=150_000), make.act(ignores_range=True)]
    assert fetch() == body
    assert server.asked("file")[1].startswith("bytes=")
    assert [done for _, done, _ in seen].count(0) == 2


def test_a_server_that_ignores_ranges_and_always_breaks_is_given_up(
    server: Any, make: Any, fetch: Any, body: bytes, tmp_path: Path
) -> None:
    server.files["file"] = body
    # Never more than the first time, though more than the time before.
    cuts = [200_000, 70_000] * 10
    server.acts["file"] = [make.act(cut_after=cut, ignores_range=True) for cut in cuts]
    assert "of 0.4 MB, 3 times in a row" in refused(fetch, tmp_path)
    assert len(server.requests) == 4


def test_a_run_continues_what_an_earlier_one_left(
    server: Any, make: Any, fetch: Any, body: bytes, tmp_path: Path
) -> None:
    server.files["file"] = body
    server.acts["file"] = [make.act(cut_after=300_000), *[make.act(status=503)] * 3]
    refused(fetch, tmp_path)
    left = (tmp_path / "file.part").stat().st_size
    assert 200_000 < left <= 300_000
    with Downloader() as another:
        another.fetch(f"{server.url}/file", tmp_path / "file")
    assert server.asked("file")[-1] == f"bytes={left}-"
    assert (tmp_path / "file").read_bytes() == body


def test_a_part_of_another_url_or_of_unknown_origin_is_not_continued(
    server: Any, fetch: Any, body: bytes, tmp_path: Path
) -> None:
    server.files["file"] = body
    (tmp_path / "file.part").write_bytes(b"what is this?")
    assert fetch() == body
    assert server.asked("file") == [""]


@pytest.mark.parametrize("etags", [("", ""), ('"one"', '"two"')])
def test_a_file_that_changed_meanwhile_is_begun_anew(
    server: Any, make: Any, fetch: Any, body: bytes, tmp_path: Path, etags: tuple[str, str]
) -> None:
    server.files["file"], server.etags["file"] = body, etags[0]
    server.acts["file"] = [make.act(cut_after=200_000), *[make.act(status=503)] * 3]
    refused(fetch, tmp_path)
    changed = make.noise(SIZE + 50_000, seed=1)
    server.files["file"], server.etags["file"] = changed, etags[1]
    server.requests.clear()
    assert fetch() == changed
    # By its tag (If-Range) the server itself sees that a part is of no use.
    assert len(server.requests) == (1 if etags[0] else 2)


def test_a_range_from_a_wrong_place_is_not_glued_on(
    server: Any, make: Any, fetch: Any, body: bytes
) -> None:
    server.files["file"] = body
    server.acts["file"] = [make.act(cut_after=200_000), make.act(shift=7)]
    assert fetch() == body


def test_a_file_that_shrank_is_begun_anew(
    server: Any, make: Any, fetch: Any, body: bytes, pauses: list[float]
) -> None:
    server.files["file"] = body
    server.acts["file"] = [make.act(cut_after=200_000), make.act(status=416)]
    assert fetch() == body
    assert pauses == [1.0], "only the break is worth a pause"


def test_a_busy_server_is_asked_again_ever_more_slowly(
    server: Any, make: Any, fetch: Any, body: bytes, pauses: list[float]
) -> None:
    server.files["file"] = body
    server.acts["file"] = [make.act(status=503), make.act(status=429)]
    assert fetch() == body
    assert pauses == [1.0, 2.0]


@pytest.mark.parametrize(("asked", "waited"), [("17", 17.0), ("86400", 60.0), ("soon", 1.0)])
def test_a_server_may_say_how_long_to_wait(
    server: Any, make: Any, fetch: Any, pauses: list[float], asked: str, waited: float
) -> None:
    server.files["file"] = b"body"
    server.acts["file"] = [make.act(status=503, headers={"Retry-After": asked})]
    assert fetch() == b"body"
    assert pauses == [waited]


def test_what_is_not_there_is_asked_for_once(
    server: Any, fetch: Any, tmp_path: Path, pauses: list[float]
) -> None:
    assert "/file answered 404 Not Found;" in refused(fetch, tmp_path)
    assert len(server.requests) == 1
    assert pauses == []


def test_a_failing_server_gets_one_attempt_per_file_until_it_recovers(
    server: Any, make: Any, downloader: Downloader, tmp_path: Path
) -> None:
    server.files = {"a": b"a", "b": b"b", "c": b"c", "d": b"d"}
    server.acts = {name: [make.act(status=503)] * 3 for name in "ab"}
    server.acts["d"] = [make.act(status=503)]
    for name in "ab":
        with pytest.raises(InputError, match="answered 503"):
            downloader.fetch(f"{server.url}/{name}", tmp_path / name)
    assert (len(server.asked("a")), len(server.asked("b"))) == (3, 1)
    downloader.fetch(f"{server.url}/c", tmp_path / "c")
    downloader.fetch(f"{server.url}/d", tmp_path / "d")
    assert len(server.asked("d")) == 2


def test_nobody_there(server: Any, fetch: Any, tmp_path: Path, pauses: list[float]) -> None:
    server.stop()
    assert "could not be reached" in refused(fetch, tmp_path)
    assert len(pauses) == 2


def test_a_silent_server_is_not_waited_for_forever(server: Any, make: Any, tmp_path: Path) -> None:
    server.acts["file"] = [make.act(silent=True)]
    with (
        Downloader(Patience(attempts=1, read_timeout=0.1)) as impatient,
        pytest.raises(InputError, match="did not answer in time"),
    ):
        impatient.fetch(f"{server.url}/file", tmp_path / "file")


def test_a_stated_checksum_is_compared(
    server: Any, fetch: Any, body: bytes, tmp_path: Path
) -> None:
    server.files["file"] = body
    server.etags["file"] = f'"md5:{hashlib.md5(body[::-1]).hexdigest()}"'
    assert "another checksum" in refused(fetch, tmp_path)
    assert not (tmp_path / "file.part").exists()
    server.etags["file"] = f'"md5:{hashlib.md5(body).hexdigest()}"'
    assert fetch() == body


def test_a_file_larger_than_the_disk_is_not_begun(
    server: Any, fetch: Any, body: bytes, disk: dict[str, int], tmp_path: Path
) -> None:
    server.files["file"] = body
    disk["free"] = SIZE - 1
    with pytest.raises(OutputError, match="free some space"):
        fetch()
    assert list(tmp_path.iterdir()) == []
    disk["free"] = SIZE
    assert fetch() == body


def pinned(body: bytes, size: int | None = None) -> Checksum:
    return Checksum(size or len(body), "sha256", hashlib.sha256(body).hexdigest())


def test_a_file_that_is_the_expected_one_is_kept(
    server: Any, make: Any, downloader: Downloader, body: bytes, tmp_path: Path
) -> None:
    server.files["file"] = body
    server.acts["file"] = [make.act(cut_after=300_000)]
    downloader.fetch(f"{server.url}/file", tmp_path / "file", expected=pinned(body))
    assert (tmp_path / "file").read_bytes() == body
    assert server.asked("file")[1].startswith("bytes=2")


@pytest.mark.parametrize("size", [SIZE, SIZE + 1])
def test_nothing_is_kept_of_another_file_than_expected(
    server: Any,
    downloader: Downloader,
    make: Any,
    body: bytes,
    tmp_path: Path,
    size: int,
) -> None:
    server.files["file"] = make.noise(SIZE, seed=1)
    what = "checksum" if size == SIZE else "size"
    with pytest.raises(InputError, match=f"has another {what} than it should have; try again"):
        downloader.fetch(f"{server.url}/file", tmp_path / "file", expected=pinned(body, size))
    assert list(tmp_path.iterdir()) == []
    assert len(server.requests) == 1
