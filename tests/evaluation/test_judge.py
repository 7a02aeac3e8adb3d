import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from synclips.evaluation import judge as judge_module
from synclips.evaluation.judge import (
    NoJudge,
    SyncNetJudge,
    SyncScore,
    add_distances,
    read_curve,
)
from synclips.evaluation.tracked import Tracked, track_file
from synclips.faces.crop import CropSpec
from synclips.faces.shape import LipShape
from synclips.faces.tracker import FaceTracker
from synclips.features.mel import MelSpec
from synclips.media.audio import write_sound
from synclips.media.writer import VideoWriter

RATE = 16_000
SIZE = 96
OpenTracker = Callable[[], FaceTracker]
Course = Callable[[NDArray[np.float64]], NDArray[np.float64]]


class Likeness(nn.Module):
    """A SyncNet to which a bright mouth is a loud sound; what it embeds is their course in time."""

    def __init__(self) -> None:
        super().__init__()
        self.project = nn.Linear(15, 12, bias=False)
        self.seen: list[int] = []

    def mouth(self, lips: Tensor) -> Tensor:
        self.seen.append(lips.shape[2])
        assert lips.shape[1] == 1
        assert 0 <= float(lips.min()) <= float(lips.max()) <= 1
        return self._embed(lips.mean(dim=(1, 3, 4)).unfold(1, 15, 1))

    def sound(self, mel: Tensor) -> Tensor:
        windows = mel.mean(dim=2).unfold(1, 60, 4)  # (B, K, 60)
        return self._embed(windows.unflatten(2, (15, 4)).mean(dim=3))

    def _embed(self, windows: Tensor) -> Tensor:
        centred = windows - windows.mean(dim=2, keepdim=True)
        return nn.functional.normalize(self.project(centred), dim=2)


def course(seed: int) -> Course:
    """A smooth irregular level in 0..1 over time in seconds."""
    knots = np.random.default_rng(seed).uniform(0, 1, 400)
    return lambda time: np.interp(time, np.arange(400) / 8 - 5, knots)


def write_talk(
    path: Path, picture: Course, sound: Course, seconds: float = 4.0, rate: int = 25
) -> Path:
    """A clip as bright as one course and as loud as another; a face but where it is black."""
    at = np.arange(round(seconds * RATE)) / RATE
    noise = np.random.default_rng(1).normal(0, 0.1, len(at))
    file = path.with_suffix(".wav")
    write_sound(file, (noise * 10 ** (2 * sound(at) - 2)).astype(np.float32), RATE)
    with VideoWriter(
        path, width=SIZE, height=SIZE, frame_rate=Fraction(rate), time_base=Fraction(1, rate),
        sound=file, crf=4,
    ) as writer:  # fmt: skip
        for index in range(int(seconds * rate)):
            level = float(picture(np.array([index / rate]))[0])
            image = np.full((SIZE, SIZE, 3), 30 + 200 * max(level, 0), np.uint8)
            image[:16, :16] = 100 if level >= 0 else 0  # where the tracker looks for a face
            writer.write(image, Fraction(index, rate))
    return path


@pytest.fixture
def judge(shape: LipShape) -> SyncNetJudge:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        network = Likeness().eval()
    return SyncNetJudge("likeness", network, MelSpec(), CropSpec(32, 1.0, 0.05), 16, shape)


@pytest.fixture
def talk(tmp_path: Path, tracker: OpenTracker) -> Callable[..., Tracked]:
    def make(picture: Course, sound: Course, name: str = "talk.mp4", **options: float) -> Tracked:
        return track_file(write_talk(tmp_path / name, picture, sound, **options), tracker)

    return make


def late(by: float, like: Course) -> Course:
    return lambda time: like(time - by)


@pytest.mark.parametrize("frames", [0, 4, -7])
def test_a_known_offset_is_found(
    judge: SyncNetJudge, talk: Callable[..., Tracked], frames: int
) -> None:
    said = course(1)
    score = judge.offset(talk(late(frames / 25, said), said))
    assert score.offset == frames  # positive: the picture is late
    assert score.distance < 0.2
    assert score.confidence > 0.5


def test_every_frame_rate_is_judged_at_25(
    judge: SyncNetJudge, talk: Callable[..., Tracked]
) -> None:
    said = course(1)
    score = judge.offset(talk(late(4 / 25, said), said, rate=50))
    assert score.offset == 4
    assert isinstance(judge.network, Likeness)
    assert judge.network.seen == [100]


def test_strangers_do_not_fit(judge: SyncNetJudge, talk: Callable[..., Tracked]) -> None:
    own = judge.offset(talk(course(1), course(1)))
    strange = judge.offset(talk(course(1), course(2), "strange.mp4"))
    assert strange.confidence < own.confidence - 0.3
    assert strange.distance > own.distance + 0.3


def test_another_sound_may_be_named(
    judge: SyncNetJudge, talk: Callable[..., Tracked], tmp_path: Path
) -> None:
    video = talk(course(1), course(2))
    write_talk(tmp_path / "other.mp4", course(1), late(-0.2, course(1)))
    score = judge.offset(video, tmp_path / "other.wav")
    assert (score.offset, score.confidence > 0.5) == (5, True)


def test_windows_do_not_reach_over_gaps_and_cuts(
    judge: SyncNetJudge, talk: Callable[..., Tracked]
) -> None:
    said = course(1)

    def hidden(time: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where((time >= 1.19) & (time < 1.59), -1, late(0.12, said)(time))

    video = talk(hidden, said)
    assert judge.offset(video).offset == 3
    network = judge.network
    assert isinstance(network, Likeness)
    assert network.seen == [30, 60]
    network.seen.clear()
    cut = replace(video.track, runs=(slice(0, 30), slice(40, 50), slice(50, 100)))
    judge.offset(Tracked(video.path, cut))
    assert network.seen == [30, 50]  # ten frames hold no window


def test_long_videos_are_judged_in_parts(
    judge: SyncNetJudge, talk: Callable[..., Tracked], monkeypatch: pytest.MonkeyPatch
) -> None:
    video = talk(late(0.08, course(1)), course(1))
    whole = judge.distances(video)
    monkeypatch.setattr(judge_module, "_AT_ONCE", 20)
    np.testing.assert_allclose(judge.distances(video), whole, atol=1e-5)
    network = judge.network
    assert isinstance(network, Likeness)
    assert network.seen == [100, 34, 34, 34, 34, 20]


def test_too_short_for_an_opinion(judge: SyncNetJudge, talk: Callable[..., Tracked]) -> None:
    score = judge.offset(talk(course(1), course(1), seconds=0.72))  # 18 frames: 4 windows
    assert all(map(math.isnan, (score.offset, score.distance, score.confidence)))
    # Of 7 windows, far shifts leave too few; the others are still judged.
    video = talk(course(1), course(1), "more.mp4", seconds=0.84)
    curve = judge.distances(video, video.path.with_suffix(".wav"))
    assert np.flatnonzero(np.isfinite(curve)).tolist() == list(range(13, 18))


def test_distances_of_shifted_windows() -> None:
    seen = np.eye(4, dtype=np.float32)
    total, count = np.zeros(5), np.zeros(5, int)
    add_distances(seen[1:], seen, 0, total, count)  # window k looks as window k + 1 sounds
    assert count.tolist() == [2, 3, 3, 2, 1]
    assert total.tolist() == [2, 0, 3, 2, 1]
    # More windows of the same picture are added, not put in place of the first ones.
    add_distances(seen[:1], seen, 3, total, count)
    assert count.tolist() == [2, 3, 4, 3, 2]


def test_reading_a_curve() -> None:
    curve = np.array([1.0, 0.9, 0.4, 1.0, 0.8])
    assert read_curve(curve) == SyncScore(0, 0.4, pytest.approx(0.5))
    assert read_curve(np.array([1.0, 0.5, 0.9, 0.5, np.nan])).offset == -1
    assert math.isnan(read_curve(np.array([0.1, np.nan, 0.1])).offset)


def test_no_judge_says_nothing_and_why() -> None:
    nobody = NoJudge("there are no weights")
    assert "there are no weights" in nobody.name
    empty = Tracked(Path("unread.mp4"), None)  # type: ignore[arg-type]
    assert math.isnan(nobody.offset(empty).confidence)
