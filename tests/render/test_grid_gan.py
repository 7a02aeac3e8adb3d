"""The painting family on a clip whose face is known, with pictures that say what was heard."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from talking import buzz
from torch import Tensor

from synclips.checkpoint import GridGanCheckpoint, load_checkpoint
from synclips.features.mfcc import mfcc, silent_frame
from synclips.features.timing import SAMPLE_RATE
from synclips.render import grid_gan, inset
from synclips.render.grid_gan import GridGanPerformer, listen
from synclips.render.schedule import Showing

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def checkpoint(untrained_grid_gan: Path, talker: Any) -> GridGanCheckpoint:
    model = load_checkpoint(untrained_grid_gan)
    assert isinstance(model, GridGanCheckpoint)
    return replace(model, shape=talker.shape)


@pytest.fixture(scope="module")
def performer(checkpoint: GridGanCheckpoint) -> GridGanPerformer:
    return GridGanPerformer(checkpoint, CPU)


def test_sound_is_heard_at_one_loudness(
    checkpoint: GridGanCheckpoint,
) -> None:
    loud = listen(buzz(1.0), checkpoint.mfcc)
    np.testing.assert_allclose(listen(0.3 * buzz(1.0), checkpoint.mfcc), loud, atol=1e-4)
    assert loud.shape == (101, 13)
    assert loud.dtype == np.float32
    # While somebody speaks nothing is taken away.
    silence = silent_frame(checkpoint.mfcc)
    assert np.abs(loud[20:80] - silence).sum(axis=1).min() > 3


def test_where_nobody_speaks_there_is_silence(
    checkpoint: GridGanCheckpoint,
) -> None:
    hum = np.random.default_rng(0).normal(0, 1e-3, 3 * SAMPLE_RATE // 2).astype(np.float32)
    hum[: SAMPLE_RATE // 2] += buzz(0.5)
    heard = listen(hum, checkpoint.mfcc)
    silence = silent_frame(checkpoint.mfcc)
    np.testing.assert_allclose(silence, mfcc(np.zeros(4000, np.float32), checkpoint.mfcc)[7])
    assert np.abs(heard[10:45] - silence).max(axis=1).min() > 0.5
    assert np.abs(heard[75:] - silence).max() == 0
    # It fades there, as lips close.
    fading = np.abs(heard[50:75] - silence).max(axis=1)
    assert (np.diff(fading[5:]) <= 0.2).all()


class _Clock(torch.nn.Module):
    """A network that paints the level of the sound at the middle of its window."""

    def __init__(self, checkpoint: GridGanCheckpoint) -> None:
        super().__init__()
        self.spec = checkpoint.network.spec
        self.nothing = torch.nn.Parameter(torch.zeros(1))
        self.seen: list[Tensor] = []
        self.asked: list[float] = []

    def watch(self, frames: Tensor) -> Tensor:
        self.seen.append(frames)
        return torch.full((16, 128), float(len(self.seen)))

    def speak(self, windows: Tensor, tokens: Tensor) -> Tensor:
        assert tokens.shape == (len(windows), 16, 128)
        self.asked += tokens[:, 0, 0].tolist()
        level = windows[:, self.spec.middle, 0]
        return level[:, None, None, None].expand(-1, 3, 32, 32)


def test_each_showing_hears_its_own_time(
    scene: Any, checkpoint: GridGanCheckpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[np.ndarray] = []

    def keep(image: Any, points: Any, placement: Any, picture: np.ndarray, *more: Any) -> Any:
        heard.append(picture[16, 16])

    monkeypatch.setattr(inset, "inset", keep)
    clock = _Clock(checkpoint)
    performer = GridGanPerformer(replace(checkpoint, network=clock), CPU)  # type: ignore[arg-type]
    sound = np.zeros((200, 13), np.float32)
    sound[:, 0] = np.arange(200) / 200
    monkeypatch.setattr(grid_gan, "listen", lambda samples, spec: samples)
    performance = performer.perform(sound, scene.track(), scene.read)
    times = [Fraction(0), Fraction(1, 25), Fraction(1001, 30000), Fraction(7, 60), Fraction(1)]
    performance.draw([Showing(scene.frames[3], time) for time in times])
    levels = np.array(heard)[:, 0] / 127.5 - 1
    np.testing.assert_allclose(levels * 200, [0, 4, 3, 12, 100], atol=0.01)
    # The network saw the speaker from -1 to 1.
    (frames,) = clock.seen
    assert frames.shape == (8, 3, 32, 32)
    assert -1 <= frames.min() < -0.2 < 0.1 < frames.max() <= 1


def test_frames_without_a_face_are_left_out(scene: Any, performer: GridGanPerformer) -> None:
    gone = range(6, 14)
    performance = performer.perform(buzz(1.0), scene.track(gone), scene.read)
    drawn = performance.draw(scene.showings)
    assert [one is None for one in drawn] == [index in gone for index in range(18)]
    assert performance.draw(scene.showings[7:9]) == [None, None]
    assert performance.draw([]) == []


def test_portions_change_nothing(scene: Any, performer: GridGanPerformer) -> None:
    sound = buzz(1.0)
    whole = performer.perform(sound, scene.track(), scene.read).draw(scene.showings)
    assert any(
        np.abs(one.image[one.box.rows].astype(int) - frame.image[one.box.rows]).max() > 20
        for one, frame in zip(whole, scene.frames, strict=True)
        if one is not None
    )
    for size in (1, 5):
        performance = performer.perform(sound, scene.track(), scene.read)
        parts = [
            one
            for first in range(0, 18, size)
            for one in performance.draw(scene.showings[first : first + size])
        ]
        for one, other in zip(whole, parts, strict=True):
            assert one is not None
            assert other is not None
            assert one.box == other.box
            assert np.abs(one.image.astype(int) - other.image).max() <= 1


def test_each_stretch_has_its_own_references(scene: Any, checkpoint: GridGanCheckpoint) -> None:
    clock = _Clock(checkpoint)
    performer = GridGanPerformer(replace(checkpoint, network=clock), CPU)  # type: ignore[arg-type]
    asked: list[int] = []

    def reading(only: Any) -> Any:
        asked.extend(only)
        return scene.read(only)

    sound = np.zeros(SAMPLE_RATE, np.float32)
    performance = performer.perform(sound, scene.track(range(6, 14)), reading)
    assert len(clock.seen) == 2
    assert set(asked) <= {*range(6), *range(14, 18)}
    assert set(asked) & set(range(6)) and set(asked) & set(range(14, 18))
    performance.draw(scene.showings[4:16])
    assert clock.asked == [1, 1, 2, 2]
