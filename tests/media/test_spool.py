import gc
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from synclips.errors import OutputError
from synclips.media.spool import Spool, lengthened


@pytest.fixture
def rows() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(100, 3, 2)).astype(np.float32)


@pytest.fixture
def spool(rows: np.ndarray) -> Spool:
    filled = Spool((3, 2))
    for start in range(0, 100, 7):
        filled.append(rows[start : start + 7])
    return filled


def test_it_is_read_as_an_array_is(spool: Spool, rows: np.ndarray) -> None:
    assert spool.shape == rows.shape
    assert spool.ndim == rows.ndim
    assert len(spool) == len(rows)
    for where in (slice(None), slice(5, 20), slice(-3, None), slice(90, 200), slice(20, 5), 0, -1):
        np.testing.assert_array_equal(spool[where], rows[where])
    picked = np.array([99, 0, 0, -2, 41])
    np.testing.assert_array_equal(spool[picked], rows[picked])
    assert spool[np.array([], int)].shape == (0, 3, 2)


def test_what_is_too_short_is_lengthened_by_zeros(
    spool: Spool, rows: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("synclips.media.spool._BLOCK", 16)
    expected = np.concatenate([rows, np.zeros((40, 3, 2), np.float32)])
    for short in (spool, rows):
        assert lengthened(short, 90) is short
        np.testing.assert_array_equal(lengthened(short, 140)[:], expected)
        assert len(short) == 100, "it belongs to somebody else"


def test_what_was_read_is_the_readers_own(spool: Spool, rows: np.ndarray) -> None:
    spool[3:5][:] = 0
    np.testing.assert_array_equal(spool[3:5], rows[3:5])


def test_reading_and_writing_may_alternate(spool: Spool, rows: np.ndarray) -> None:
    assert np.array_equal(spool[10], rows[10])
    spool.append(rows[:1])
    assert np.array_equal(spool[100], rows[0])
    assert np.array_equal(spool[99], rows[99])


def test_plain_numbers_are_rows_too() -> None:
    sound = Spool()
    sound.append(np.arange(5, dtype=np.float32))
    np.testing.assert_array_equal(sound[1:4], [1, 2, 3])
    assert sound.ndim == 1


def test_there_is_nothing_beyond_the_end(spool: Spool) -> None:
    with pytest.raises(IndexError):
        spool[100]
    with pytest.raises(IndexError):
        spool[np.array([100])]


def test_a_step_is_refused(spool: Spool) -> None:
    with pytest.raises(ValueError, match="without a step"):
        spool[::2]


def test_the_file_goes_with_the_spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    spool = Spool()
    spool.append(np.zeros(1000, np.float32))
    del spool
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_without_room_it_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with pytest.raises(OutputError, match="missing cannot be written .* TMPDIR"):
        Spool()


def test_a_full_disk_is_told_when_rows_are_added(tmp_path: Path) -> None:
    """Small rows wait in a buffer otherwise, and fail where nobody expects it."""
    script = (
        "import resource, signal, numpy as np\n"
        "from synclips.errors import OutputError\n"
        "from synclips.media.spool import Spool\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "spool = Spool((100,))\n"
        "for row in range(5):\n"
        "    try:\n"
        "        spool.append(np.zeros((1, 100), np.float32))\n"
        "    except OutputError as error:\n"
        "        print(row, error)\n"
        "        break\n"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("2 The temporary folder") and "TMPDIR" in done.stdout
    assert done.stderr == ""


def test_where_there_is_no_temporary_folder_that_is_told(monkeypatch):
    def none(**_):
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr("tempfile.gettempdir", none)
    monkeypatch.setattr("tempfile.TemporaryFile", none)
    with pytest.raises(OutputError, match="There is no temporary folder that can be written; set"):
        Spool((2,)).append(np.zeros((1, 2), np.float32))
