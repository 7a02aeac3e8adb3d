from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from synclips.corpus.clips import Clip
from synclips.corpus.mouths import prepare_crops
from synclips.errors import ConfigError, InputError
from synclips.faces.crop import CropSpec
from synclips.faces.landmarks import LIPS
from synclips.media.writer import VideoWriter

FRAMES = 30
CROP = CropSpec(size=48)


def film(path: Path, image: NDArray[np.uint8]) -> None:
    height, width = image.shape[:2]
    with VideoWriter(
        path,
        width=width,
        height=height,
        frame_rate=Fraction(25),
        time_base=Fraction(1, 1000),
        crf=4,
    ) as writer:
        for index in range(FRAMES):
            writer.write(image, Fraction(index, 25))


@pytest.fixture
def clip(tmp_path: Path, head: Any) -> Clip:
    """A clip whose red grows to the right and green downwards, and its track in `prepared`."""
    path = tmp_path / "film.mkv"
    y, x = np.mgrid[:480, :640]
    image = np.stack([x * 200 // 640 + 20, y * 200 // 480 + 20, x * 0 + 60], axis=-1)
    film(path, image.astype(np.uint8))
    clip = Clip(path, "s1", "one", "grid")
    (tmp_path / "prepared" / "clips").mkdir(parents=True)
    np.savez(
        tmp_path / "prepared" / "clips" / f"{clip.key}.npz",
        points=head.film(head.speech(FRAMES)),
        times=np.array([(index, 25) for index in range(FRAMES)]),
        mel=np.zeros((5, 64), np.float16),
    )
    return clip


def test_crops_show_the_mouth_and_every_second_frame(clip: Clip, tmp_path: Path, head: Any) -> None:
    seen: list[tuple[int, int]] = []
    out = tmp_path / "crops"
    prepared = tmp_path / "prepared"
    prepare_crops([clip], prepared, out, head.shape, CROP, 2, lambda *done: seen.append(done))
    assert seen == [(1, 1)]
    file = out / "grid__s1__one.crops.npz"
    with np.load(file) as data:
        images, points = data["images"], data["points"]
    assert images.shape == (15, 48, 48, 3)
    assert len(points) == 15
    # The colours of the crop tell where in the picture it was taken: under the lips.
    there = head.film(head.speech(FRAMES))[::2, LIPS, :2].mean(axis=1)
    here = points[:, LIPS].mean(axis=1).round().astype(int)
    for image, (x, y), (column, row) in zip(images, there, here, strict=True):
        assert image[row, column, 0] == pytest.approx(x * 200 / 640 + 20, abs=4)
        assert image[row, column, 1] == pytest.approx(y * 200 / 480 + 20, abs=4)
    before = file.stat().st_mtime_ns
    clip.path.unlink()
    prepare_crops([clip], prepared, out, head.shape, CROP, 2)
    assert file.stat().st_mtime_ns == before, "what is there was made again"


def test_crops_of_other_settings_are_not_taken_for_these(
    clip: Clip, tmp_path: Path, head: Any
) -> None:
    prepared, out = tmp_path / "prepared", tmp_path / "crops"
    prepare_crops([clip], prepared, out, head.shape, CROP, 2)
    other = replace(head.shape, template=head.shape.template * np.float32(1.01))
    for shape, spec, stride, what in (
        (head.shape, CropSpec(size=64), 2, "crop"),
        (head.shape, CROP, 1, "stride"),
        (other, CROP, 2, "shape"),
    ):
        with pytest.raises(ConfigError, match=rf"crops of other settings \({what} differ\)"):
            prepare_crops([clip], prepared, out, shape, spec, stride)


def test_a_large_face_is_made_small_without_aliasing(clip: Clip, tmp_path: Path, head: Any) -> None:
    stripes = np.zeros((480, 640, 3), np.uint8)
    stripes[:, ::2] = 255
    film(clip.path, stripes)
    prepare_crops([clip], tmp_path / "prepared", tmp_path / "crops", head.shape, CropSpec(12), 2)
    with np.load(tmp_path / "crops" / f"{clip.key}.crops.npz") as data:
        images = data["images"]
    assert np.abs(images[:, 2:-2, 2:-2].astype(int) - 128).max() < 16


def test_a_video_that_is_gone_is_named(clip: Clip, tmp_path: Path, head: Any) -> None:
    clip.path.unlink()
    with pytest.raises(InputError, match=r"film\.mkv, from which a clip was prepared, is gone"):
        prepare_crops([clip], tmp_path / "prepared", tmp_path / "crops", head.shape, CROP, 2)
