"""The pictures the network looks at: which frames, and the very crops it learnt from."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synclips.corpus.pictures import cut_out, encode, fineness, pack, unpack
from synclips.faces.crop import CropSpec, crop_to_image
from synclips.faces.landmarks import mouth_opening
from synclips.faces.segment import analyse
from synclips.faces.track import assemble_track, track_faces
from synclips.faces.tracker import MediaPipeTracker
from synclips.media.picture import RgbPicture
from synclips.media.video import Frame, VideoReader
from synclips.render.excerpts import collect_excerpts
from synclips.render.view import view

LIPS = CropSpec(size=32, extent=1.0, below_mouth=0.05)


def numbered(count: int) -> list[Frame]:
    """Frames that say in their pixels which they are."""
    return [
        Frame(RgbPicture(np.full((480, 640, 3), 5 * index, np.uint8)), Fraction(index, 25), index)
        for index in range(count)
    ]


def chosen(excerpts: list[np.ndarray]) -> list[list[int]]:
    """Which numbered frames the pictures of each excerpt are."""
    for excerpt in excerpts:
        assert excerpt.shape[1:] == (32, 32, 3)
        assert (excerpt == excerpt[:, :1, :1, :1]).all()
    return [[int(picture[0, 0, 0]) // 5 for picture in excerpt] for excerpt in excerpts]


def picked(frames: list[Frame]) -> Any:
    return lambda only: (frame for frame in frames if frame.index in only)


def collect(scene: Any, times: list[Fraction], count: int = 8) -> list[list[int]]:
    excerpts = collect_excerpts(
        picked(numbered(len(times))), [scene.segment], times, count, scene.shape, LIPS
    )
    return chosen(excerpts)


def test_an_excerpt_lies_around_rest(scene: Any) -> None:
    times = [Fraction(index, 25) for index in range(18)]
    (excerpt,) = collect(scene, times)
    rest = int(np.square(scene.segment.coefficients).sum(axis=1).argmin())
    assert mouth_opening(scene.segment.canonical[rest]) < 0.02
    assert excerpt == np.clip(np.arange(rest - 4, rest + 4), 0, 17).tolist()
    (longer,) = collect(scene, times, 16)
    assert longer == np.clip(np.arange(rest - 8, rest + 8), 0, 17).tolist()


def test_of_a_frame_no_more_is_converted_than_is_seen(
    scene: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = property(lambda frame: pytest.fail("the whole frame was asked for"))
    monkeypatch.setattr(Frame, "image", whole)
    assert len(collect(scene, [Fraction(index, 25) for index in range(18)])) == 1


@pytest.fixture
def opens_late(talker: Any) -> Any:
    """A segment of 40 frames, at rest in frame 20 only."""
    lips = np.abs(np.arange(40) - 20)[:, None].astype(np.float32) / 10
    points = talker.film(lips)
    (segment,) = analyse(assemble_track([Fraction(i, 25) for i in range(40)], points), talker.shape)
    return segment


@pytest.mark.parametrize(
    ("rate", "frames"),
    [
        (25, [16, 17, 18, 19, 20, 21, 22, 23]),
        (50, [12, 14, 16, 18, 20, 22, 24, 26]),
        (Fraction(25, 2), [18, 18, 19, 19, 20, 20, 21, 21]),
    ],
)
def test_an_excerpt_has_the_pace_of_training(
    talker: Any, opens_late: Any, rate: Any, frames: list[int]
) -> None:
    times = [index / Fraction(rate) for index in range(40)]
    excerpts = collect_excerpts(picked(numbered(40)), [opens_late], times, 8, talker.shape, LIPS)
    assert chosen(excerpts) == [frames]


def test_an_excerpt_stays_within_its_stretch(talker: Any, opens_late: Any) -> None:
    """Neither the frames of another person nor those without a face are taken."""
    early = replace(opens_late, frames=slice(0, 40))
    points = talker.film(np.zeros((3, 1), np.float32))
    (brief,) = analyse(assemble_track([Fraction(i, 25) for i in range(3)], points), talker.shape)
    late = replace(brief, frames=slice(45, 48))
    times = [Fraction(index, 25) for index in range(50)]
    reads: list[int] = []

    def read(only: Any) -> Any:
        for frame in numbered(50):
            if frame.index in only:
                reads.append(frame.index)
                yield frame

    excerpts = collect_excerpts(read, iter([early, late]), times, 8, talker.shape, LIPS)
    first, second = chosen(excerpts)
    assert first == list(range(16, 24))
    assert set(second) <= {45, 46, 47}
    assert reads == sorted(set(first + second))


def test_a_portrait_is_an_excerpt_of_itself(talker: Any) -> None:
    points = talker.film(np.zeros((1, 1), np.float32))
    (segment,) = analyse(assemble_track([Fraction(0)], points), talker.shape)
    excerpts = collect_excerpts(
        picked(numbered(1)), [segment], [Fraction(0)], 8, talker.shape, LIPS
    )
    assert chosen(excerpts) == [[0] * 8]


def test_a_crop_is_the_picture_that_training_saw(head: Any, face_video: Path) -> None:
    """The corpus keeps 64 pixels as JPEG and averages them to 32; use goes there at once."""
    frames = list(VideoReader(face_video).frames())
    with MediaPipeTracker() as tracker:
        track = track_faces(frames, tracker)
    (segment,) = analyse(track, head.shape)
    stored = CropSpec(size=64, extent=1.0, below_mouth=0.05)
    fine = crop_to_image(segment.pose, head.shape.template, stored)
    kept = [
        encode(cut_out(frame.image, place, 64, fineness(fine)))
        for frame, place in zip(frames, fine, strict=True)
    ]
    trained, _ = unpack(*pack(kept), 32)
    coarse = crop_to_image(segment.pose, head.shape.template, LIPS)
    used = np.stack([view(f.image, at, 32) for f, at in zip(frames, coarse, strict=True)])

    def away(one: np.ndarray, other: np.ndarray) -> float:
        return float(np.abs(one.astype(int) - other).mean())

    assert away(used, trained) < 2
    # A quarter of a pixel of misplacement would be seen.
    for axis in (0, 1):
        moved = coarse.copy()
        moved[:, :, 2] += 0.25 * coarse[:, :, axis]
        other = np.stack([view(f.image, at, 32) for f, at in zip(frames, moved, strict=True)])
        assert away(other, trained) > 1.3 * away(used, trained)
