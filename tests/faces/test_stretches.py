from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from synclips.faces import segment as segment_module
from synclips.faces.crop import CropSpec, crop_to_image
from synclips.faces.segment import Stretch, analyse
from synclips.faces.stretches import Stretches
from synclips.faces.track import FaceTrack, assemble_track


@pytest.fixture
def track(head: Any, monkeypatch: pytest.MonkeyPatch) -> FaceTrack:
    """40 frames, the face away in 15 to 24, looked at in stretches of at most 8."""
    monkeypatch.setattr(segment_module, "LONGEST_STRETCH", 8)
    points = head.film(head.speech(40))
    points[15:25] = np.nan
    return assemble_track([Fraction(i, 25) for i in range(40)], points)


def test_every_frame_with_a_face_has_its_stretch(head: Any, track: FaceTrack) -> None:
    parts = Stretches(track, head.shape, CropSpec())
    places = [parts.place(index) for index in range(40)]
    numbers = [-1 if place is None else place.number for place in places]
    assert numbers == [0] * 7 + [1] * 8 + [-1] * 10 + [2] * 7 + [3] * 8
    assert len(parts) == 4
    for index, place in enumerate(places):
        if place is not None:
            frames = place.segment.frames
            assert frames.start <= index < frames.stop
            assert place.index == index - frames.start
            maps = crop_to_image(place.segment.pose, head.shape.template, CropSpec())
            np.testing.assert_array_equal(place.placement.to_image, maps[place.index])


def test_stretches_are_what_analysis_makes_of_them(head: Any, track: FaceTrack) -> None:
    parts = Stretches(track, head.shape, CropSpec())
    wanted = list(analyse(track, head.shape))
    for seen, one in zip(parts, wanted, strict=True):
        place = parts.place(one.frames.start)
        assert place is not None
        for got in (seen, place.segment):
            assert got.frames == one.frames
            np.testing.assert_array_equal(got.coefficients, one.coefficients)
            np.testing.assert_array_equal(got.pose.translation, one.pose.translation)


def test_one_stretch_is_computed_once_and_held_alone(
    head: Any, track: FaceTrack, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = Stretches(track, head.shape, CropSpec())
    done: list[int] = []
    analysed = Stretch.analysed

    def counted(stretch: Stretch) -> Any:
        done.append(stretch.frames.start)
        return analysed(stretch)

    monkeypatch.setattr(Stretch, "analysed", counted)

    def segment(frame: int) -> Any:
        place = parts.place(frame)
        assert place is not None
        return place.segment

    first = segment(0)
    assert segment(6) is first
    assert done == [0]
    segment(7)
    assert segment(0) is not first
    assert done == [0, 7, 0]
