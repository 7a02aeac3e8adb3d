"""A scene: frames get lips, stretches join without a seam, memory holds one of them."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from synclips.faces import segment as segment_module
from synclips.faces.landmarks import MOUTH, mouth_opening
from synclips.faces.track import assemble_track
from synclips.render.scene import Scene


def made(scene: Any) -> Scene:
    times = [frame.time for frame in scene.frames]
    track = assemble_track(times, scene.segment.points)

    def read(only: Any) -> Any:
        return (frame for frame in scene.frames if frame.index in only)

    return Scene(track, read, scene.shape, scene.spec)


def test_lips_are_posed_on_the_frame_that_is_asked_for(scene: Any) -> None:
    whole = made(scene)
    showing = scene.showings[2]
    rest = whole.job(showing, np.zeros(scene.shape.size, np.float32))
    wide = np.zeros(scene.shape.size, np.float32)
    wide[0] = 2
    speaking = whole.job(showing, wide)
    assert rest is not None
    assert speaking is not None
    assert speaking.time == pytest.approx(2 / 25)
    assert mouth_opening(speaking.target) > mouth_opening(rest.target) + 3
    still = np.setdiff1d(np.arange(rest.points.shape[0]), MOUTH)
    np.testing.assert_array_equal(speaking.target[still], speaking.points[still])


def test_lips_begin_where_those_of_the_frame_are(scene: Any) -> None:
    whole = made(scene)
    showing, wide = scene.showings[2], np.zeros(scene.shape.size, np.float32)
    wide[0] = 2
    full, half, none = (whole.job(replace(showing, share=share), wide) for share in (1.0, 0.5, 0.0))
    assert none is None
    assert full is not None
    assert half is not None
    assert (full.share, half.share) == (1, 0.5)
    np.testing.assert_allclose(half.target, (full.points + full.target) / 2, atol=1e-3)


def test_stretches_join_without_a_seam(scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lips = np.ones(scene.shape.size, np.float32)
    one = [made(scene).job(showing, lips) for showing in scene.showings]
    monkeypatch.setattr(segment_module, "LONGEST_STRETCH", max(2, len(scene.frames) // 3))
    parts = [made(scene).job(showing, lips) for showing in scene.showings]
    for a, b in zip(one, parts, strict=True):
        np.testing.assert_allclose(b.target, a.target, atol=0.05)


def test_frames_without_a_face_have_no_job(scene: Any) -> None:
    points = scene.segment.points.copy()
    points[:] = np.nan
    track = assemble_track([frame.time for frame in scene.frames], points)
    empty = Scene(track, lambda only: iter(()), scene.shape, scene.spec)
    assert empty.job(scene.showings[0], np.zeros(scene.shape.size, np.float32)) is None
    assert empty.manner(4) is None


def test_who_listens_does_not_show_there_how_they_speak(talker: Any, make_scene: Any) -> None:
    count = 70
    filmed = make_scene(talker.shape, talker.film(talker.speech(count)[:, :1]))
    track = assemble_track([frame.time for frame in filmed.frames], filmed.segment.points)

    def read(only: Any) -> Any:
        return (frame for frame in filmed.frames if frame.index in only)

    def manner(shares: np.ndarray | None) -> Any:
        shown = replace(track, shares=shares)
        return Scene(shown, read, filmed.shape, filmed.spec).manner(6)

    shares = np.repeat(np.float32([0, 1]), [count - 30, 30])
    spoken = filmed.segment.coefficients[count - 30 :]
    chosen = spoken[np.linspace(0, 29, 6).astype(int)]
    np.testing.assert_allclose(manner(shares), chosen, atol=0.1)
    assert np.abs(manner(None) - chosen).max() > 0.5
    assert manner(np.zeros(count, np.float32)) is None


def test_manner_is_told_by_a_mouth_that_moves(scene: Any) -> None:
    shapes = made(scene).manner(6)
    few = len(scene.frames) < 25
    assert (shapes is None) == few
    if shapes is not None:
        assert shapes.shape == (6, scene.shape.size)
