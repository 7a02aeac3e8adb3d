from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synclips.corpus.clips import Clip
from synclips.corpus.mouths import prepare_crops
from synclips.errors import InputError
from synclips.faces.crop import CropSpec
from synclips.faces.landmarks import LIPS
from synclips.media.writer import VideoWriter

FRAMES = 30
CROP = CropSpec(size=48)


@pytest.fixture
def clip(tmp_path: Path, head: Any) -> Clip:
    """A clip whose red grows to the right and green downwards, and its track in `prepared`."""
    path = tmp_path / "film.mkv"
    y, x = np.mgrid[:480, :640]
    image = np.stack([x * 200 // 640 + 20, y * 200 // 480 + 20, x * 0 + 60], axis=-1)
    with VideoWriter(
        path,
        width=640,
        height=480,
        frame_rate=Fraction(25),
        time_base=Fraction(1, 1000),
        preset="ultrafast",
    ) as writer:
        for index in range(FRAMES):
            writer.write(image.astype(np.uint8), Fraction(index, 25))
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
        images, points, yaw = data["images"], data["points"], data["yaw"]
    assert images.shape == (15, 48, 48, 3)
    assert points.shape[:1] == yaw.shape == (15,)
    assert np.abs(yaw).max() < 1
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


def test_a_video_that_is_gone_is_named(clip: Clip, tmp_path: Path, head: Any) -> None:
    clip.path.unlink()
    with pytest.raises(InputError, match=r"film\.mkv, from which a clip was prepared, is gone"):
        prepare_crops([clip], tmp_path / "prepared", tmp_path / "crops", head.shape, CROP, 2)
