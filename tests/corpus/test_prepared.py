from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from synclips.corpus.clips import Clip
from synclips.corpus.manifest import Entry
from synclips.corpus.pictures import encode, pack
from synclips.corpus.prepared import load_clip, load_prepared, load_shape
from synclips.errors import ConfigError, InputError

ENTRY = Entry("grid__s1__a", "grid", "s1", "a", "raw/s1/video/a.mpg")


@pytest.fixture
def arrays(head: Any) -> dict[str, np.ndarray]:
    """Two instants, the second without a face; the left half of every crop is red."""
    red = np.zeros((32, 32, 3), np.uint8)
    red[:, :16, 0] = 200
    faces, face_ends = pack([encode(red), b""])
    places = np.zeros((2, 143, 2), np.float16)
    places[0] = (15.5, 31.0)
    return {
        "points": head.film(head.speech(2)),
        "times": np.array([(0, 1), (1, 30)]),
        "mel": np.full((9, 64), 0.5, np.float16),
        "mfcc": np.full((9, 13), -0.5, np.float16),
        "sound": np.array([0, 32767, -32767], np.int16),
        "valid": np.array([True, False]),
        "coefficients": np.ones((2, 4), np.float32),
        "yaw": np.ones(2, np.float32),
        "face_points": places,
        "lip_points": places,
        "faces": faces,
        "face_ends": face_ends,
        "lips": faces,
        "lip_ends": face_ends,
    }


@pytest.fixture
def folder(tmp_path: Path, arrays: dict[str, np.ndarray]) -> Path:
    (tmp_path / "clips").mkdir()
    np.savez(tmp_path / "clips" / f"{ENTRY.key}.npz", **arrays)  # type: ignore[arg-type]
    return tmp_path


def test_a_clip_comes_back_as_float(folder: Path, arrays: dict[str, np.ndarray]) -> None:
    data = load_clip(folder, ENTRY)
    assert data.times == (Fraction(0), Fraction(1, 30))
    np.testing.assert_array_equal(data.points, arrays["points"])
    np.testing.assert_allclose(data.sound, [0, 1, -1])
    for name in ("mel", "mfcc", "sound", "coefficients", "yaw", "face_points", "lip_points"):
        assert getattr(data, name).dtype == np.float32, name
    assert data.valid.tolist() == [True, False]
    assert data.faces is None and data.lips is None


def test_pictures_and_points_come_in_the_size_asked_for(folder: Path) -> None:
    data = load_clip(folder, ENTRY, faces=32, lips=8)
    assert data.faces is not None and data.lips is not None
    assert (data.faces.shape, data.lips.shape) == ((2, 32, 32, 3), (2, 8, 8, 3))
    for crops in (data.faces, data.lips):
        side = crops.shape[1]
        assert crops[0, :, : side // 2 - 1, 0].min() > 180, "red, and RGB"
        assert crops[0, :, side // 2 + 1 :].max() < 20
        assert not crops[1].any()
    # The middle and the last row of 32 pixels.
    np.testing.assert_allclose(data.face_points[0, 0], (15.5, 31.0))
    np.testing.assert_allclose(data.lip_points[0, 0], (3.5, 7.375))
    assert not data.lip_points[1].any()


def test_larger_pictures_than_were_prepared_are_refused(folder: Path) -> None:
    with pytest.raises(ConfigError, match="64 pixels are wanted and 32 were prepared"):
        load_clip(folder, ENTRY, lips=64)


def test_a_missing_or_damaged_file_is_named(folder: Path) -> None:
    path = folder / "clips" / f"{ENTRY.key}.npz"
    whole = path.read_bytes()
    for damaged in (whole[: len(whole) // 2], b"", b"not a zip at all"):
        path.write_bytes(damaged)
        with pytest.raises(InputError, match=r"grid__s1__a\.npz is missing or damaged .*remove it"):
            load_clip(folder, ENTRY)
        with pytest.raises(InputError, match=r"grid__s1__a\.npz is missing or damaged"):
            list(load_prepared([ENTRY.clip], folder))
    path.unlink()
    with pytest.raises(InputError, match=r"grid__s1__a\.npz is missing"):
        load_clip(folder, ENTRY)


def test_an_array_that_lacks_is_damage(folder: Path, arrays: dict[str, np.ndarray]) -> None:
    del arrays["yaw"]
    np.savez(folder / "clips" / f"{ENTRY.key}.npz", **arrays)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="yaw"):
        load_clip(folder, ENTRY)


def test_tracks_of_those_clips_that_are_there(folder: Path, arrays: dict[str, np.ndarray]) -> None:
    absent = Clip(Path("b.mpg"), "s1", "b", "grid")
    (prepared,) = load_prepared([absent, ENTRY.clip], folder)
    assert prepared.clip == ENTRY.clip
    assert prepared.track.times == (Fraction(0), Fraction(1, 30))
    np.testing.assert_array_equal(prepared.track.points[0:2], arrays["points"])


def test_the_lip_shape_lies_beside(tmp_path: Path, head: Any) -> None:
    with pytest.raises(InputError, match=r"shape\.safetensors is missing or damaged"):
        load_shape(tmp_path)
    save_file(head.shape.arrays(), tmp_path / "shape.safetensors")
    np.testing.assert_array_equal(load_shape(tmp_path).basis, head.shape.basis)
