"""The offset of a clip against itself: found, taken out, and told in the report."""

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from synclips.adapt import own_speech
from synclips.checkpoint import Checkpoint, load_checkpoint
from synclips.corpus.clips import Clip
from synclips.evaluation.command import evaluate
from synclips.evaluation.offsets import at_own_offsets, described, own_lag
from synclips.evaluation.pairs import half_pairs
from synclips.faces.shape import LipShape
from synclips.models.motion import MotionSpec
from synclips.models.speech_encoder import FEATURES

LATE = Fraction(3, 25)


class Loudness(nn.Module):
    """Says that the mouth is as open as the sound is loud."""

    def __init__(self) -> None:
        super().__init__()
        self.spec = MotionSpec(shape_size=1)
        self.unused = nn.Parameter(torch.zeros(1))

    def speak(self, heard: Tensor, shapes: Tensor) -> Tensor:
        return heard[:, :1]


class Level:
    """Hears how loud a sound is and nothing else."""

    def __init__(self, samples: Any, gain_db: float) -> None:
        whole = np.asarray(samples[0 : len(samples)], np.float64) * 10 ** (gain_db / 20)
        power = np.pad(whole**2, (320, 960))
        steps = np.arange(len(whole) // 320 + 1) * 320
        level = np.sqrt([power[step : step + 640].mean() for step in steps])
        self.rows = np.repeat(level[:, None], FEATURES, axis=1).astype(np.float32)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, where: slice) -> Any:
        return self.rows[where]


@pytest.fixture
def listener(shape: LipShape, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> Checkpoint:
    monkeypatch.setattr(own_speech, "Hearing", Level)
    tiny: Any = load_checkpoint(tiny_model)
    loudness: Any = Loudness()
    return replace(tiny, shape=shape, motion=loudness)


@pytest.fixture
def late_folder(
    tmp_path: Path, write_clip: Callable[..., Path], syllables: Callable[[int], Any]
) -> Path:
    """Two videos, one of whose sound is three frames late."""
    folder = tmp_path / "wild"
    folder.mkdir()
    write_clip(folder / "late.mp4", syllables(1), seconds=6, late=float(LATE))
    write_clip(folder / "true.mp4", syllables(2), seconds=6)
    return folder


def test_the_offset_is_found_within_an_instant(
    listener: Checkpoint, late_folder: Path, tracker: Any
) -> None:
    for name, true in (("late", LATE), ("true", Fraction(0))):
        clip = Clip(late_folder / f"{name}.mp4", name, name, "wild")
        lag = own_lag(clip, listener, tracker)
        assert lag is not None
        assert abs(lag - true) <= Fraction(1, 50)


def test_pairs_take_it_over(listener: Checkpoint, late_folder: Path, tracker: Any) -> None:
    pairs, found = at_own_offsets(half_pairs(late_folder), listener, tracker)
    assert list(found) == ["wild__late__late", "wild__true__true"]
    assert [pair.is_one_clip for pair in pairs] == [True, True]
    assert [pair.target.lag for pair in pairs] == list(found.values())


def test_where_nothing_is_found_the_named_lag_stays(
    listener: Checkpoint,
    tmp_path: Path,
    write_clip: Callable[..., Path],
    syllables: Callable[[int], Any],
    tracker: Any,
) -> None:
    folder = tmp_path / "still"
    folder.mkdir()
    write_clip(folder / "still.mp4", lambda time: 0.0, seconds=4)
    pairs = [replace(pair, target=replace(pair.target, lag=LATE)) for pair in half_pairs(folder)]
    moved, found = at_own_offsets(pairs, listener, tracker)
    assert list(found.values()) == [None]
    assert moved[0].target.lag == LATE


def test_lips_are_compared_at_it_and_the_report_says_so(
    listener: Checkpoint, late_folder: Path, system: Any, tracker: Any, tmp_path: Path
) -> None:
    by_lag: dict[bool, float] = {}
    for known in (False, True):
        rows = evaluate(
            system,
            tmp_path / f"report{known}",
            [late_folder],
            baselines=False,
            listener=listener if known else None,
            open_tracker=tracker,
        )
        (row,) = (r for r in rows if r.speaker == "late" and r.condition == "synclips")
        by_lag[known] = row.scores.correlation
        assert abs(row.scores.best_lag - (0 if known else 3)) <= 1
    assert by_lag[True] > by_lag[False] + 0.2
    about = json.loads((tmp_path / "reportTrue" / "results.json").read_text())["about"]
    assert "wild__late__late +3" in about["own offsets, taken out"].replace("+2.5", "+3")


def test_offsets_are_told_in_frames() -> None:
    found = {"a": Fraction(3, 50), "b": Fraction(0), "c": None, "d": Fraction(-2, 25)}
    assert described(found) == "a +1.5, c unknown, d -2.0 (frames of 1/25 s; the others 0)"
    assert described({"a": Fraction(0)}) == "all 0"
