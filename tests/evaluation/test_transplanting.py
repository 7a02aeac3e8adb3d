"""Whole mouths of a clip, set into its frames: whose, where, in what light, and nowhere else."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from synclips.checkpoint import Checkpoint, load_checkpoint
from synclips.evaluation.transplanting import (
    CopyingPerformer,
    RetrievingPerformer,
    TransplantingPerformance,
)
from synclips.faces.track import FaceTrack, assemble_track
from synclips.features.timing import SAMPLE_RATE
from synclips.media.picture import RgbPicture
from synclips.render.performance import MotionPerformer
from synclips.render.scene import Scene
from synclips.render.schedule import Showing
from synclips.render.warping import WarpingPerformer


def track_of(scene: Any) -> FaceTrack:
    return assemble_track([frame.time for frame in scene.frames], scene.segment.points)


def read(scene: Any) -> Any:
    return lambda only: (frame for frame in scene.frames if frame.index in only)


def clip(scene: Any, kept: int = 100) -> Scene:
    return Scene(track_of(scene), read(scene), scene.shape, scene.spec, kept)


def shown(scene: Any, motion: np.ndarray, redness: Any, kept: int = 100) -> list[int]:
    """Red pixels of each drawn frame, asked for the motion (18, 1) of its own time."""
    at_rate = np.repeat(motion.astype(np.float32), 2, axis=0)  # 50 per second
    performance = TransplantingPerformance(clip(scene, kept), at_rate, scene.spec)
    showings = [Showing(frame, frame.time) for frame in scene.frames]
    return [int(redness(one.image).sum()) for one in performance.draw(showings) if one is not None]


def test_the_mouth_that_is_asked_for_is_found(scene: Any, redness: Any) -> None:
    own = scene.segment.coefficients[:, :1]
    filmed = np.array([redness(frame.image).sum() for frame in scene.frames])
    assert filmed.max() > 400
    backwards = shown(scene, own[::-1], redness)
    np.testing.assert_allclose(backwards, filmed[::-1], atol=0.12 * filmed.max())
    closed = shown(scene, np.zeros((18, 1)), redness)
    assert max(closed) < 0.1 * filmed.max()


def test_asked_for_what_is_there_nothing_changes(scene: Any) -> None:
    at_rate = np.repeat(scene.segment.coefficients[:, :1], 2, axis=0)
    performance = TransplantingPerformance(clip(scene), at_rate, scene.spec)
    painted = performance.draw([Showing(frame, frame.time) for frame in scene.frames])
    errors = [
        np.abs(one.image.astype(int) - frame.image).mean()
        for one, frame in zip(painted, scene.frames, strict=True)
        if one is not None
    ]
    assert len(errors) == 18
    assert np.median(errors) < 0.05


def test_nothing_outside_the_mask_changes(scene: Any) -> None:
    performance = TransplantingPerformance(
        clip(scene), np.full((1, 1), 2.5, np.float32), scene.spec
    )
    for frame in scene.frames[:4]:
        (painted,) = performance.draw([Showing(frame, frame.time)])
        assert painted is not None
        mask = np.zeros(frame.image.shape[:2], np.float32)
        mask[painted.box.rows, painted.box.columns] = painted.mask
        changed = (painted.image != frame.image).any(axis=-1)
        assert not changed[mask == 0].any()
        assert changed[mask == 1].mean() > 0.1


def test_the_light_of_the_frame_is_kept(scene: Any) -> None:
    performance = TransplantingPerformance(clip(scene), np.zeros((1, 1), np.float32), scene.spec)
    frame = scene.frames[0]
    dark = replace(frame, picture=RgbPicture((frame.image * 0.6).astype(np.uint8)))
    (plain,) = performance.draw([Showing(frame, Fraction(0))])
    (dimmed,) = performance.draw([Showing(dark, Fraction(0))])
    assert plain is not None and dimmed is not None
    edited = plain.image[plain.box.rows, plain.box.columns][plain.mask == 1].mean()
    darker = dimmed.image[dimmed.box.rows, dimmed.box.columns][dimmed.mask == 1].mean()
    assert 0.55 * edited < darker < 0.75 * edited


def test_one_mouth_is_copied_into_every_frame(scene: Any, redness: Any) -> None:
    performer = CopyingPerformer(scene.shape)
    assert not isinstance(performer, MotionPerformer)
    performance = performer.perform(np.ones(SAMPLE_RATE, np.float32), track_of(scene), read(scene))
    drawn = performance.draw([Showing(frame, frame.time) for frame in scene.frames])
    filmed = max(int(redness(frame.image).sum()) for frame in scene.frames)
    assert all(one is not None and redness(one.image).sum() < 0.1 * filmed for one in drawn)


def test_the_model_says_which_mouth(
    scene: Any, talker: Any, tiny_model: Path, redness: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = load_checkpoint(tiny_model)
    assert isinstance(model, Checkpoint)
    speaker = WarpingPerformer(replace(model, shape=talker.shape), torch.device("cpu"))
    monkeypatch.setattr(speaker, "move", lambda samples, manner: samples[:, None])
    performance = RetrievingPerformer(speaker).perform(
        np.repeat(np.float32([0, 2.5]), 18), track_of(scene), read(scene)
    )
    filmed = max(int(redness(frame.image).sum()) for frame in scene.frames)
    early, late = performance.draw([Showing(scene.frames[2], Fraction(k, 50)) for k in (4, 30)])
    assert early is not None and late is not None
    assert redness(early.image).sum() < 0.1 * filmed < 0.7 * filmed < redness(late.image).sum()
