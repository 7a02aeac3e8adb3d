"""The whole download against a server that behaves as badly as servers do."""

import io
import json
import re
import runpy
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from rich.console import Console

from synclips.corpus import grid
from synclips.corpus.clips import find_clips
from synclips.corpus.command import Summary, get_grid
from synclips.corpus.display import DownloadBars
from synclips.download.downloader import Downloader, Patience
from synclips.errors import OutputError

ROOT = Path(__file__).resolve().parents[2]


def sentences(speaker: int, suffix: str, count: int = 4) -> dict[str, bytes]:
    """Files of a speaker; everybody says other sentences."""
    return {
        f"s{speaker}/bbaf{speaker}{letter}{suffix}": f"{speaker} {letter} {suffix} ".encode() * 50
        for letter in "abcdefgh"[:count]
    }


@pytest.fixture
def official(server: Any, make: Any, disk: dict[str, int]) -> Any:
    """The server with speakers 1, 2 and 21 below `official/`, as Sheffield has them."""
    for speaker in (1, 2, 21):
        if speaker != 21:
            video = make.zip(sentences(speaker, ".mpg"))
            server.files[f"official/s{speaker}/video/s{speaker}.mpg_vcd.zip"] = video
        server.files[f"official/s{speaker}/audio/s{speaker}.tar"] = make.tar(
            sentences(speaker, ".wav")
        )
        server.files[f"official/s{speaker}/align/s{speaker}.tar"] = make.tar(
            {f"align/{Path(n).name}": text for n, text in sentences(speaker, ".align").items()}
        )
    return server


@pytest.fixture
def mirror(official: Any, make: Any) -> Any:
    """The same, and below `mirror/` the archives of several speakers as Zenodo has them."""
    for suffix, name in [(".wav", "audio_25k"), (".align", "alignments")]:
        both = {**sentences(1, suffix), **sentences(2, suffix)}
        members = {f"{name}/{path}": text for path, text in both.items()}
        official.files[f"mirror/{name}.zip"] = make.zip(
            {**members, f"__MACOSX/{name}/s1/._bbaf1a{suffix}": b"junk"}
        )
    for speaker in (1, 2):
        official.files[f"mirror/s{speaker}.zip"] = make.zip(sentences(speaker, ".mpg"))
    return official


@pytest.fixture
def get(server: Any, tmp_path: Path) -> Iterator[Callable[..., Summary]]:
    """Fetch into `tmp_path/raw` from `official`, or from the named folders of the server."""
    with Downloader(Patience(attempts=2, read_timeout=2), pause=lambda seconds: None) as downloader:

        def call(speakers: list[int], *sources: str, **options: Any) -> Summary:
            return get_grid(
                tmp_path / "raw",
                speakers,
                sources=[grid.named_source(f"{server.url}/{n}") for n in sources or ["official"]],
                downloader=downloader,
                **options,
            )

        yield call


def corpus(raw: Path) -> dict[str, bytes]:
    """All that is in place."""
    return {
        str(path.relative_to(raw)): path.read_bytes()
        for path in raw.rglob("*")
        if path.is_file() and ".download" not in path.parts
    }


def whole(*speakers: int, parts: tuple[str, ...] = ("video", "audio", "align")) -> dict[str, bytes]:
    """What should be in place."""
    suffixes = {"video": ".mpg", "audio": ".wav", "align": ".align"}
    return {
        f"s{speaker}/{part}/{Path(name).name}": text
        for speaker in speakers
        for part in parts
        for name, text in sentences(speaker, suffixes[part]).items()
    }


def archives(raw: Path) -> list[str]:
    """Archives and parts of some, and what was being unpacked."""
    names = {path.name for path in (raw / ".download").iterdir()} - {"lock"}
    return sorted(name for name in names if not name.endswith(".json"))


def reasons(summary: Summary) -> dict[str, str]:
    return {outcome.name: outcome.reason for outcome in summary.having("missing")}


def test_the_corpus_is_laid_out_as_training_reads_it(
    official: Any, get: Any, tmp_path: Path
) -> None:
    summary = get([1, 2])
    assert len(summary.having("fetched")) == 6
    assert corpus(tmp_path / "raw") == whole(1, 2)
    assert archives(tmp_path / "raw") == []
    clips = find_clips([tmp_path / "raw"])
    assert {(clip.person, clip.name) for clip in clips} == {
        (f"s{speaker}", f"bbaf{speaker}{letter}") for speaker in (1, 2) for letter in "abcd"
    }


def test_what_is_complete_is_skipped_and_what_was_lost_is_fetched(
    official: Any, get: Any, tmp_path: Path
) -> None:
    get([1])
    official.requests.clear()
    assert len(get([1]).having("complete")) == 3
    assert official.requests == []
    (tmp_path / "raw/s1/audio/bbaf1a.wav").unlink()
    (tmp_path / "raw/s1/video/bbaf1b.mpg").write_bytes(b"cut")
    summary = get([1])
    assert [outcome.name for outcome in summary.having("fetched")] == ["s1 video", "s1 audio"]
    assert corpus(tmp_path / "raw") == whole(1)


def test_a_thousand_sentences_put_there_by_hand_are_complete(
    official: Any, get: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "raw/s1/video"
    folder.mkdir(parents=True)
    for index in range(1000):
        (folder / f"{index}.mpg").write_bytes(b"video")
    assert [o.name for o in get([1], parts=[grid.VIDEO]).having("complete")] == ["s1 video"]
    (folder / "7.mpg").write_bytes(b"")
    assert [o.name for o in get([1], parts=[grid.VIDEO]).having("fetched")] == ["s1 video"]


def test_speaker_21_has_no_video_and_that_is_no_failure(
    official: Any, get: Any, tmp_path: Path
) -> None:
    summary = get([21])
    assert summary.having("missing") == []
    assert "not in the corpus: s21 video" in str(summary)
    assert corpus(tmp_path / "raw") == whole(21, parts=("audio", "align"))
    assert not any("video" in path for path, _ in official.requests)


def corrupt(data: bytes) -> bytes:
    middle = data.index(b"\x03\x04") + 60  # in the first compressed file
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]


SPOILT: dict[str, Callable[[Any, bytes], bytes]] = {
    "not there": lambda make, data: b"",
    "a corrupt zip": lambda make, data: corrupt(data),
    "a truncated zip": lambda make, data: data[: len(data) // 2],
    "a truncated tar": lambda make, data: make.tar(sentences(1, ".mpg"))[:1500],
    "a web page": lambda make, data: b"<html>Log in</html>",
    "traversal": lambda make, data: make.zip({**sentences(1, ".mpg"), "../../x.mpg": b"evil"}),
    "another speaker": lambda make, data: make.zip(sentences(2, ".mpg")),
}


@pytest.mark.parametrize("case", SPOILT)
@pytest.mark.parametrize("has_second", [True, False])
def test_a_spoilt_archive_never_gets_into_place(
    mirror: Any, make: Any, get: Any, tmp_path: Path, case: str, has_second: bool
) -> None:
    path = "official/s1/video/s1.mpg_vcd.zip"
    mirror.files[path] = SPOILT[case](make, mirror.files[path])
    if not mirror.files[path]:
        del mirror.files[path]
    summary = get([1], "official", *["mirror"][:has_second])
    raw = tmp_path / "raw"
    if has_second:
        assert summary.having("missing") == []
        assert corpus(raw) == whole(1)
    else:
        assert corpus(raw) == whole(1, parts=("audio", "align"))
        assert list(reasons(summary)) == ["s1 video"]
        assert "official" in reasons(summary)["s1 video"]
        assert str(summary).endswith("2 fetched, 0 already complete, 1 missing")
    assert archives(raw) == []
    assert {path.name for path in tmp_path.iterdir()} == {"raw"}


def test_a_shared_archive_is_fetched_once_and_removed_at_the_end(
    mirror: Any, get: Any, tmp_path: Path
) -> None:
    summary = get([1, 2], "mirror")
    assert summary.having("missing") == []
    assert corpus(tmp_path / "raw") == whole(1, 2)
    assert mirror.asked("mirror/audio_25k.zip") == [""]
    assert archives(tmp_path / "raw") == []


def test_a_shared_archive_that_is_damaged_is_not_fetched_for_every_speaker(
    mirror: Any, get: Any, tmp_path: Path
) -> None:
    mirror.files["mirror/audio_25k.zip"] = b"<html>"
    summary = get([1, 2], "mirror")
    assert list(reasons(summary)) == ["s1 audio", "s2 audio"]
    assert mirror.asked("mirror/audio_25k.zip") == [""]
    assert corpus(tmp_path / "raw") == whole(1, 2, parts=("video", "align"))


def test_alignments_of_somebody_else_are_refused(
    mirror: Any, make: Any, get: Any, tmp_path: Path
) -> None:
    swapped = {n.replace("s2/", "s1/"): text for n, text in sentences(2, ".align").items()}
    mirror.files["mirror/alignments.zip"] = make.zip(swapped)
    summary = get([1], "mirror")
    assert "belongs to another speaker" in reasons(summary)["s1 align"]
    assert corpus(tmp_path / "raw") == whole(1, parts=("video", "audio"))


def test_archives_may_be_kept_and_used_as_a_local_source(
    official: Any, get: Any, tmp_path: Path
) -> None:
    get([1], keep_archives=True)
    assert len(archives(tmp_path / "raw")) == 3
    folder = tmp_path / "archives"
    folder.mkdir()
    for name in archives(tmp_path / "raw"):
        place = folder / ("s1.mpg_vcd.zip" if "video" in name else f"{name[-12:-7]}/s1.tar")
        place.parent.mkdir(exist_ok=True)
        (tmp_path / "raw/.download" / name).rename(place)
    official.stop()
    with Downloader() as unused:
        sources = [grid.named_source(str(folder))]
        summary = get_grid(tmp_path / "again", [1, 2], sources=sources, downloader=unused)
    assert corpus(tmp_path / "again") == whole(1)
    assert "does not exist" in reasons(summary)["s2 video"]
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 3, "a source is not ours"


def test_a_broken_run_is_continued(official: Any, make: Any, get: Any, tmp_path: Path) -> None:
    path = "official/s1/audio/s1.tar"
    # Long enough that something arrives before the cut.
    long = {"s1/bbaf1a.wav": make.noise(300_000)}
    official.files[path] = make.tar(long)
    official.acts[path] = [make.act(cut_after=200_000), *[make.act(status=503)] * 2]
    summary = get([1], parts=[grid.AUDIO])
    assert "answered 503" in reasons(summary)["s1 audio"]
    assert corpus(tmp_path / "raw") == {}
    assert get([1], parts=[grid.AUDIO]).having("missing") == []
    assert official.asked(path)[-1].startswith("bytes=")
    assert corpus(tmp_path / "raw") == {"s1/audio/bbaf1a.wav": long["s1/bbaf1a.wav"]}


def test_what_a_killed_run_was_unpacking_is_not_taken(
    official: Any, get: Any, tmp_path: Path
) -> None:
    staging = tmp_path / "raw/.download/s1-video"
    staging.mkdir(parents=True)
    (staging / "bbaf1a.mpg").write_bytes(b"half of")
    (staging / "bbaf1x.mpg").write_bytes(b"half of")
    get([1])
    assert corpus(tmp_path / "raw") == whole(1)
    assert archives(tmp_path / "raw") == []


def test_a_small_disk_is_noticed_before_anything_is_asked_for(
    official: Any, get: Any, disk: dict[str, int], tmp_path: Path
) -> None:
    disk["free"] = 10**9
    with pytest.raises(OutputError, match=r"needs about 1\.\d GB .* has 1\.0 GB free"):
        get([1, 2])
    assert official.requests == []
    assert get([1, 2], parts=[grid.ALIGN]).having("missing") == []


def test_two_downloads_do_not_fill_one_folder(official: Any, get: Any, tmp_path: Path) -> None:
    (tmp_path / "raw/.download").mkdir(parents=True)
    with (
        FileLock(tmp_path / "raw/.download/lock"),
        pytest.raises(OutputError, match="another download"),
    ):
        get([1])
    assert official.requests == []


def test_an_output_that_is_a_file_is_said(get: Any, official: Any, tmp_path: Path) -> None:
    (tmp_path / "raw").write_text("a file")
    with pytest.raises(OutputError, match=r"raw could not be written"):
        get([1])


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capfd: Any) -> Callable[..., tuple[int, str, str]]:
    """Run a script with arguments: exit status, standard output, standard error."""

    def run(script: str, *arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", [script, *map(str, arguments)])
        status = 0
        try:
            if script.endswith(".py"):
                runpy.run_path(str(ROOT / script), run_name="__main__")
            else:
                from synclips.cli import main

                main()
        except SystemExit as stop:
            status = int(stop.code or 0)
        out, err = capfd.readouterr()
        return status, out, err

    return run


def test_get_data_ends_with_a_summary(official: Any, call: Any, tmp_path: Path) -> None:
    raw = tmp_path / "data/raw"
    arguments = ["--output_dir", raw, "--num_speakers", 2, "--source", f"{official.url}/official"]
    status, out, err = call("get_data.py", *arguments)
    assert (status, out) == (0, "6 fetched, 0 already complete, 0 missing\n")
    assert err.splitlines()[0] == "s1 video: fetched"
    assert corpus(raw) == whole(1, 2)


def test_the_command_fails_if_anything_is_missing(official: Any, call: Any, tmp_path: Path) -> None:
    status, out, err = call(
        *["synclips", "corpus", "get", "-o", tmp_path / "raw", "--speakers", "2-3"],
        *["--parts", "video", "--source", f"{official.url}/official"],
    )
    assert status == 1
    assert out.startswith("missing: s3 video: http://127.0.0.1:")
    assert "answered 404" in out
    assert out.endswith("1 fetched, 0 already complete, 1 missing\n")
    last = err.splitlines()[-1]
    assert last.startswith("synclips: 1 of 2 parts is missing in ")
    assert last.endswith("run the same command again to continue.")
    assert corpus(tmp_path / "raw") == whole(2, parts=("video",))


def test_contradictory_options_are_named(call: Any, tmp_path: Path) -> None:
    status, out, err = call(
        *["synclips", "corpus", "get", "-o", tmp_path / "raw"],
        *["--speakers", "1", "--num-speakers", 3],
    )
    assert (status, out) == (1, "")
    assert "--num-speakers and --speakers exclude each other" in err
    assert not (tmp_path / "raw").exists()


def test_progress_is_drawn_in_a_terminal_with_speed_and_time_left() -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100, color_system=None)
    with DownloadBars(console) as bars:
        bars.show("s1 align", 0, None)
        bars.say("s1 align: fetched")
        for done in range(40_000_000, 60_000_000, 5_000_000):
            bars.show("s1 video", done, 100_000_000)
            time.sleep(0.02)
    text = screen.getvalue()
    assert "s1 align: fetched" in text
    line = [line for line in re.split(r"[\r\n]", text) if "s1 video " in line][-1]
    assert re.search(r"55\.0/100\.0 MB +[\d.]+ [kMG]B/s +\d+:\d\d:\d\d", line)


def test_receipts_say_where_a_part_is_from(official: Any, get: Any, tmp_path: Path) -> None:
    get([1])
    receipt = json.loads((tmp_path / "raw/.download/s1-audio.json").read_text())
    assert receipt["source"] == f"{official.url}/official/s1/audio/s1.tar"


def test_one_failure_does_not_stop_the_others(get: Any, official: Any) -> None:
    official.stop()
    assert len(reasons(get([1, 2]))) == 6
