"""The family that repaints half a face, on a clip whose face is known."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from talking import buzz
from torch import Tensor

from synclips.checkpoint import Wav2LipCheckpoint, load_checkpoint
from synclips.features.mel import silent_bands
from synclips.features.timing import SAMPLE_RATE
from synclips.render import inset, wav2lip
from synclips.render.schedule import Showing
from synclips.render.wav2lip import Wav2LipPerformer, listen

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def checkpoint(untrained_wav2lip: Path, talker: Any) -> Wav2LipCheckpoint:
    model = load_checkpoint(untrained_wav2lip)
    assert isinstance(model, Wav2LipCheckpoint)
    return replace(model, shape=talker.shape)


@pytest.fixture(scope="module")
def performer(checkpoint: Wav2LipCheckpoint) -> Wav2LipPerformer:
    return Wav2LipPerformer(checkpoint, CPU)


class _Clock(torch.nn.Module):
    """A network that paints the level of the sound at its instant, and keeps what it was shown."""

    def __init__(self, checkpoint: Wav2LipCheckpoint) -> None:
        super().__init__()
        self.spec = checkpoint.network.spec
        self.nothing = torch.nn.Parameter(torch.zeros(1))
        self.faces: list[Tensor] = []
        self.references: list[Tensor] = []

    def forward(self, windows: Tensor, faces: Tensor, references: Tensor) -> Tensor:
        assert windows.shape == (len(faces), 16, 64)
        self.faces += faces
        self.references += references
        return windows[:, 8, 0, None, None, None].expand_as(faces)


def test_each_showing_hears_its_own_time(
    scene: Any, checkpoint: Wav2LipCheckpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[np.ndarray] = []

    def keep(image: Any, points: Any, placement: Any, picture: np.ndarray, *more: Any) -> Any:
        heard.append(picture[70, 48])

    monkeypatch.setattr(inset, "inset", keep)
    monkeypatch.setattr(wav2lip, "listen", lambda samples, spec: samples)
    clock = _Clock(checkpoint)
    performer = Wav2LipPerformer(replace(checkpoint, network=clock), CPU)  # type: ignore[arg-type]
    sound = np.zeros((200, 64), np.float32)
    sound[:, 0] = np.arange(200) / 200
    performance = performer.perform(sound, scene.track(), scene.read)
    times = [Fraction(0), Fraction(1, 25), Fraction(1001, 30000), Fraction(7, 60), Fraction(1)]
    performance.draw([Showing(scene.frames[3], time) for time in times])
    np.testing.assert_allclose(np.array(heard)[:, 0] / 255 * 200, [0, 4, 3, 12, 100], atol=0.01)


def test_another_frame_is_the_reference(scene: Any, checkpoint: Wav2LipCheckpoint) -> None:
    clock = _Clock(checkpoint)
    performer = Wav2LipPerformer(replace(checkpoint, network=clock), CPU)  # type: ignore[arg-type]
    performance = performer.perform(buzz(1.0), scene.track(range(6, 14)), scene.read)
    drawn = performance.draw(scene.showings)
    assert [one is None for one in drawn] == [index in range(6, 14) for index in range(18)]
    assert len(clock.faces) == 10
    # One reference for each stretch, whatever frame is drawn; it is a face in colours from 0 to 1.
    first, second = clock.references[0], clock.references[-1]
    assert all(torch.equal(one, first) for one in clock.references[:6])
    assert all(torch.equal(one, second) for one in clock.references[6:])
    assert not torch.equal(first, second)
    assert 0 <= first.min() < 0.5 < first.max() <= 1
    assert sum(torch.equal(face, first) for face in clock.faces) == 1
    assert performance.draw([]) == []


def test_only_the_lower_half_changes(scene: Any, performer: Wav2LipPerformer) -> None:
    performance = performer.perform(buzz(1.0), scene.track(), scene.read)
    for showing, painted in zip(scene.showings, performance.draw(scene.showings), strict=True):
        assert painted is not None
        whole = np.zeros(showing.frame.image.shape[:2], np.float32)
        whole[painted.box.rows, painted.box.columns] = painted.mask
        changed = (painted.image != showing.frame.image).any(axis=-1)
        assert not changed[whole == 0].any()
        assert changed[whole == 1].mean() > 0.9
        # Nothing above the middle of the face, which lies between eyes and mouth.
        points = scene.segment.points[showing.frame.index]
        assert np.flatnonzero(changed.any(axis=1))[0] > points[:, 1].min() + 40


def test_portions_change_nothing(scene: Any, performer: Wav2LipPerformer) -> None:
    whole = performer.perform(buzz(1.0), scene.track(), scene.read).draw(scene.showings)
    performance = performer.perform(buzz(1.0), scene.track(), scene.read)
    parts = [
        one for first in range(0, 18, 5) for one in performance.draw(scene.showings[first:][:5])
    ]
    for one, other in zip(whole, parts, strict=True):
        assert one is not None and other is not None
        assert one.box == other.box
        assert np.abs(one.image.astype(int) - other.image).max() <= 1


def test_where_nobody_speaks_there_is_silence(checkpoint: Wav2LipCheckpoint) -> None:
    hum = np.random.default_rng(0).normal(0, 1e-3, 3 * SAMPLE_RATE // 2).astype(np.float32)
    hum[: SAMPLE_RATE // 2] += buzz(0.5)
    heard = listen(hum, checkpoint.mel)
    silence = silent_bands(checkpoint.mel)
    assert heard.shape == (151, 64)
    assert np.abs(heard[10:45] - silence).max(axis=1).min() > 0.3
    assert np.abs(heard[75:] - silence).max() == 0
    np.testing.assert_allclose(listen(0.3 * hum, checkpoint.mel), heard, atol=1e-3)
