import errno
import os
import tracemalloc
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from synclips.errors import OutputError
from synclips.media.audio import probe_sound, read_mono
from synclips.media.compressed import CompressedSound
from synclips.media.partial import PartialFile
from synclips.media.sound_writer import SUFFIXES, SoundWriter, write_again

MARK = "made by a test, for Jürgen"


def tone(samples: int, rate: int) -> NDArray[np.float32]:
    return (0.3 * np.sin(2 * np.pi * 300 * np.arange(samples) / rate)).astype(np.float32)


def comment(path: Path) -> str:
    with av.open(str(path)) as file:
        tags = {**file.metadata, **file.streams.audio[0].metadata}  # Ogg has them in the stream
    return {name.lower(): value for name, value in tags.items()}["comment"]


def level(samples: NDArray[np.float32]) -> float:
    return float(np.sqrt(np.square(samples).mean()))


@pytest.mark.parametrize("name", ["a.wav", "a.flac"])
def test_blocks_and_silence_in_order(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    with SoundWriter(path, 8000, "made by a test") as writer:
        writer.write(np.full(100, 0.5, np.float32))
        writer.silence(70_000)
        writer.silence(-3)
        writer.write(np.full(10, 2.0, np.float32))
        assert writer.samples == 70_110
        assert not path.exists()
    samples, rate = soundfile.read(path)
    assert rate == 8000
    assert samples[:100] == pytest.approx(0.5, abs=1e-4)
    assert not samples[100:70_100].any()
    assert samples[70_100:] == pytest.approx(1, abs=1e-4)
    assert len(samples) == 70_110
    with soundfile.SoundFile(path) as file:
        assert file.comment == "made by a test"


@pytest.mark.parametrize("rate", [8000, 22_050, 20_000])  # the last is none of MP3 and AAC
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_kind_keeps_time_and_mark(suffix: str, rate: int, tmp_path: Path) -> None:
    path, sound = tmp_path / f"a{suffix.upper()}", tone(rate, rate)
    with SoundWriter(path, rate, MARK) as writer:
        writer.silence(rate // 2)
        writer.write(sound)
        assert writer.samples == len(sound) + rate // 2
        assert not path.exists()
    # FFmpeg takes Vorbis of few pages for a block longer or shorter than it says it is.
    heard = soundfile.read(path)[0] if suffix == ".ogg" else read_mono(path, rate)
    assert 0 <= len(heard) - writer.samples < 1024, "AAC is made of frames"
    assert level(heard[: rate // 2 - 50]) < 0.01
    onset = int(np.flatnonzero(np.abs(heard) > 0.1)[0]) - rate // 2
    assert abs(onset) < rate / 200, "lips and subtitles would be late"
    assert np.corrcoef(heard[rate // 2 : writer.samples], sound)[0, 1] > 0.99
    assert comment(path) == MARK
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert probe_sound(path).channels == 1


def test_a_long_sound_at_once(tmp_path: Path) -> None:
    with SoundWriter(tmp_path / "a.ogg", 8000) as writer:
        writer.write(np.zeros(2**21 + 1, np.float32))  # ended the process
    assert soundfile.info(tmp_path / "a.ogg").frames == 2**21 + 1


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_nothing_is_left_of_a_failure(suffix: str, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), SoundWriter(tmp_path / f"a{suffix}", 8000) as writer:
        writer.write(np.zeros(100, np.float32))
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("at", ["write", "close"])
@pytest.mark.parametrize("suffix", [".wav", ".mp3"])
def test_a_full_disk(suffix: str, at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Any, *samples: Any) -> None:
        raise av.error.OSError(errno.ENOSPC, "No space left on device")

    path, kind = tmp_path / f"a{suffix}", {".wav": soundfile.SoundFile, ".mp3": CompressedSound}
    monkeypatch.setattr(kind[suffix], at, full)
    with pytest.raises(OutputError, match="disk is full"), SoundWriter(path, 8000) as writer:
        writer.write(np.zeros(100, np.float32))
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []


def test_what_windows_would_not_remove_is_closed_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Any, *samples: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    files = Path("/proc/self/fd")
    if not files.is_dir():
        pytest.skip("this system does not tell which files are open")
    still_open: list[str] = []
    discard = PartialFile.discard

    def discarded(file: PartialFile) -> None:
        still_open.extend(
            one for one in map(os.path.realpath, files.iterdir()) if str(tmp_path) in one
        )
        discard(file)

    writer = SoundWriter(tmp_path / "a.wav", 8000)
    monkeypatch.setattr(soundfile.SoundFile, "write", full)
    monkeypatch.setattr(PartialFile, "discard", discarded)
    with pytest.raises(OutputError, match="disk is full"), writer:
        assert list(tmp_path.iterdir())
    assert not still_open


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_end_is_missing_where_the_disk_takes_no_more(suffix: str, tmp_path: Path) -> None:
    """Whatever of a file is written when it is closed, above all."""
    resource = pytest.importorskip("resource", reason="a limit on the size of files")
    noise = np.random.default_rng(1).standard_normal(20_000).astype(np.float32) / 10
    with SoundWriter(tmp_path / f"whole{suffix}", 8000) as writer:
        writer.write(noise)
    size = (tmp_path / f"whole{suffix}").stat().st_size
    path = tmp_path / f"a{suffix}"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    for most in (size - 1, size - 300, size // 2, 50):
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
            with (
                pytest.raises(OutputError, match="disk is full"),
                SoundWriter(path, 8000) as writer,
            ):
                writer.write(noise)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert not path.exists()


def test_a_block_that_finds_no_room_is_told_at_once(tmp_path: Path) -> None:
    """Not when the file is closed, and not as soundfile tells it."""
    resource = pytest.importorskip("resource", reason="a limit on the size of files")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    told: list[BaseException] = []
    with pytest.raises(OutputError), SoundWriter(tmp_path / "a.wav", 8000) as writer:
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, before[1]))
        try:
            writer.write(np.zeros(20_000, np.float32))
        except BaseException as error:
            told.append(error)
            raise
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert isinstance(told[0], OutputError)
    assert "disk is full" in str(told[0])


def test_a_sound_written_again_as_another_kind(tmp_path: Path) -> None:
    source, target = tmp_path / "a.wav", tmp_path / "b.mp3"
    with SoundWriter(source, 16_000, "of the first") as writer:
        writer.write(tone(40_000, 16_000))
    write_again(source, target, MARK)
    assert comment(target) == MARK
    first, second = read_mono(source, 16_000), read_mono(target, 16_000)
    assert len(first) == len(second) and np.corrcoef(first, second)[0, 1] > 0.999


def test_targets_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is not a folder"):
        SoundWriter(tmp_path / "none" / "a.wav", 8000)
    with pytest.raises(OutputError, match=r"a\.aac has no .* in \.wav, .* \.mp3 or \.m4a\.$"):
        SoundWriter(tmp_path / "a.aac", 8000)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", [".wav", ".m4a"])
def test_memory_does_not_grow_with_silence(suffix: str, tmp_path: Path) -> None:
    tracemalloc.start()
    with SoundWriter(tmp_path / f"a{suffix}", 8000) as writer:
        writer.silence(10_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_link_is_what_it_is_called_and_not_what_it_leads_to(tmp_path: Path, suffix: str) -> None:
    link, real = tmp_path / f"link{suffix}", tmp_path / "real.bin"
    link.symlink_to(real)
    with SoundWriter(link, 16_000) as writer:
        writer.write(np.zeros(16_000, np.float32))
    assert link.is_symlink() and {path.name for path in tmp_path.iterdir()} == {
        link.name,
        "real.bin",
    }
    assert probe_sound(real).duration == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_nothing_at_all_is_still_a_sound(tmp_path: Path, suffix: str) -> None:
    with SoundWriter(tmp_path / f"a{suffix}", 16_000):
        pass
    assert probe_sound(tmp_path / f"a{suffix}").rate == 16_000
