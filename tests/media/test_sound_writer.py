import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile

from synclips.errors import OutputError
from synclips.media.sound_writer import SoundWriter


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


def test_nothing_is_left_of_a_failure(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), SoundWriter(tmp_path / "a.wav", 8000) as writer:
        writer.write(np.zeros(100, np.float32))
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_targets_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is not a folder"):
        SoundWriter(tmp_path / "none" / "a.wav", 8000)
    with pytest.raises(OutputError, match=r"a\.mp3 has no suffix .* end its name in \.wav or \.fl"):
        SoundWriter(tmp_path / "a.mp3", 8000)
    assert list(tmp_path.iterdir()) == []


def test_memory_does_not_grow_with_silence(tmp_path: Path) -> None:
    tracemalloc.start()
    with SoundWriter(tmp_path / "a.wav", 8000) as writer:
        writer.silence(10_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000
