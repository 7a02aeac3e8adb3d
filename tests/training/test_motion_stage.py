from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from synclips.faces.landmarks import mouth_opening
from synclips.training.loop import LoopOptions, train
from synclips.training.motion_stage import MotionStage


def test_opening_effect_is_what_a_coefficient_does_to_the_gap(head: Any) -> None:
    effect = head.shape.opening_effect
    lips = np.zeros((1, 4), np.float32)
    lips[0, 0] = 1.5
    wide = head.film(lips, scale=1, at=(0, 0))
    assert mouth_opening(wide)[0] == pytest.approx(1.5 * effect[0], rel=1e-3)
    assert effect[0] > 0.05
    assert np.abs(effect[1:3]).max() < 1e-5  # width and rounding


def test_every_part_of_the_network_learns(motion_stage: Callable[..., MotionStage]) -> None:
    stage = motion_stage()
    batch = stage.draw(np.random.default_rng(0), 16)
    assert batch.filmed.known.any() and batch.said is None
    (name, loss, figures), *more = stage.objectives(batch, 0)
    assert (name, more) == ("motion", [])
    assert set(figures) == {"position", "velocity", "opening", "range"}
    loss.backward()
    idle = [
        key
        for key, parameter in stage.network.named_parameters()
        if parameter.grad is None or not parameter.grad.isfinite().all()
    ]
    assert idle == []


def test_speech_that_nobody_was_filmed_with_shuts_the_lips(
    motion_stage: Callable[..., MotionStage], tmp_path: Path
) -> None:
    stage = motion_stage(augmented=False, said=True)
    lesson = stage.draw(np.random.default_rng(0), 8)
    assert lesson.said is not None and len(lesson.said.heard) == 4  # share 0.5
    ((_, loss, figures),) = stage.objectives(lesson, 0)
    assert set(figures) == {"position", "velocity", "opening", "range", "viseme", "closed"}
    loss.backward()

    def opening_where(closed: bool) -> float:
        stage.network.eval()
        with torch.no_grad():
            lips = stage.network(*map(torch.as_tensor, (said.heard, said.shapes, said.known)))
        return float((lips @ stage.opening)[torch.as_tensor(said.closed == closed)].mean())

    assert stage.spoken is not None
    said = stage.spoken.batch(np.random.default_rng(9), 16)
    before = opening_where(False) - opening_where(True)
    train(stage, LoopOptions(60, 8, 1e-2, warmup=5, ema=0.9, validate_every=60), tmp_path, print)
    after = opening_where(False) - opening_where(True)
    assert after > 0.03 > abs(before)


def test_a_few_steps_teach_to_open_the_mouth_when_it_is_loud(
    motion_stage: Callable[..., MotionStage], tmp_path: Path
) -> None:
    stage = motion_stage(augmented=False)
    before = stage.validate({"motion": stage.network.eval()})
    options = LoopOptions(60, 8, 1e-2, warmup=5, ema=0.9, validate_every=60)
    told: list[dict[str, float]] = []
    train(stage, options, tmp_path, lambda _, row: told.append(row))
    after = told[-1]
    assert after["val_correlation"] > 0.9
    assert after["val_error"] < 0.5 * before["error"]
    assert 0.5 < after["val_range"] < 1.5


def test_validation_of_the_truth_is_perfect(motion_stage: Callable[..., MotionStage]) -> None:
    stage = motion_stage()
    network = stage.network.eval()
    answers = iter(torch.from_numpy(item.motion) for item in stage.validation)
    network.speak = lambda heard, shapes: next(answers)  # type: ignore[method-assign, assignment]
    figures = stage.validate({"motion": network})
    assert figures["correlation"] == pytest.approx(1)
    assert figures["range"] == pytest.approx(1)
    assert figures["error"] == pytest.approx(0, abs=1e-6)
