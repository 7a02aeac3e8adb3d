"""Of several people the one whose lips go with the sound, and nobody where that is not clear."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from synclips.adapt import who_speaks as module
from synclips.adapt.who_speaks import agreement, track_speaker, who_speaks
from synclips.checkpoint import Checkpoint
from synclips.faces.landmarks import LIPS
from synclips.faces.region import Region
from synclips.media.video import VideoReader
from synclips.media.writer import VideoWriter
from synclips.progress import STEPS


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """A track is the pieces of a toy speaker."""
    monkeypatch.setattr(module, "own_speech", lambda samples, face, shape: face)


@pytest.fixture
def two_people(portrait: NDArray[np.uint8], speech: Path, tmp_path: Path) -> Path:
    """Half a second of the same face twice, side by side, with sound."""
    half = portrait[:, 80:240]
    both = np.concatenate([half, half], axis=1)
    path, rate = tmp_path / "two.mp4", Fraction(25)
    with VideoWriter(
        path, width=320, height=240, frame_rate=rate, time_base=1 / rate, sound=speech, crf=10
    ) as writer:
        for index in range(12):
            writer.write(both, index / rate)
    return path


@pytest.mark.usefixtures("heard")
def test_the_one_whose_lips_go_with_the_sound_speaks(
    trained: Checkpoint, everybody: Any, make_speaker: Any
) -> None:
    samples: Any = None
    speaker = everybody.speak(seed=5)
    strangers: list[Any] = [make_speaker(1.0, 0.3, unrelated=True).speak(seed) for seed in (6, 7)]
    assert agreement(trained, samples, speaker) > 0.8
    assert max(agreement(trained, samples, stranger) for stranger in strangers) < 0.5
    assert who_speaks(trained, samples, [*strangers, speaker]) == 2
    assert who_speaks(trained, samples, [speaker, *strangers]) == 0
    assert who_speaks(trained, samples, [speaker]) == 0
    assert who_speaks(trained, samples, [speaker, speaker]) is None
    assert who_speaks(trained, samples, []) is None


@pytest.mark.usefixtures("heard")
def test_who_is_silent_does_not_speak(trained: Checkpoint, everybody: Any) -> None:
    (piece,) = everybody.speak(seed=5)
    piece.activity[:] = 0
    silent: Any = [piece]
    assert agreement(trained, silent, silent) == 0
    nobody: Any = []
    assert agreement(trained, nobody, nobody) == 0


@pytest.mark.parametrize("speaks", [0, 1, None])
def test_the_speaker_is_tracked(
    trained: Checkpoint, two_people: Path, monkeypatch: pytest.MonkeyPatch, speaks: int | None
) -> None:
    def choose(checkpoint: Any, samples: Any, faces: Sequence[Any]) -> int | None:
        assert [face.points[0][LIPS, 0].max() < 160 for face in faces] == [True, False]
        return speaks

    monkeypatch.setattr(module, "who_speaks", choose)
    told: list[str] = []
    track = track_speaker(VideoReader(two_people), trained, lambda step, *_: told.append(step))
    assert list(dict.fromkeys(told)) == ["track", "face 1 of 2", "face 2 of 2"]
    assert len(track.people) == 2
    assert len(track) == track.face_count == 12
    if speaks is None:
        assert track.region is None
    else:
        assert track.region == track.people[speaks]
        assert (track.points[0][LIPS, 0].max() < 160) == (speaks == 0)


def test_all_of_a_longer_video_is_tracked(
    trained: Checkpoint, two_people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST", 10)  # a fifth of a second
    seen: list[int] = []

    def choose(checkpoint: Any, samples: Any, faces: Sequence[Any]) -> int:
        seen.extend(map(len, faces))
        return 1

    monkeypatch.setattr(module, "who_speaks", choose)
    told: list[str] = []
    track = track_speaker(VideoReader(two_people), trained, lambda step, *_: told.append(step))
    assert seen == [5, 5]
    assert told[-1] == "speaker"
    assert STEPS[told[-1]] == "following the one who speaks"
    assert len(track) == 12
    assert isinstance(track.region, Region)
    assert track.region.left > 0


def test_who_leaves_their_part_is_not_tracked_alone(
    trained: Checkpoint,
    portrait: NDArray[np.uint8],
    speech: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    half = portrait[:, 80:240]
    both, left = (np.concatenate([half, other], axis=1) for other in (half, np.full_like(half, 90)))
    path, rate = tmp_path / "cut.mp4", Fraction(25)
    with VideoWriter(
        path, width=320, height=240, frame_rate=rate, time_base=1 / rate, sound=speech
    ) as writer:
        for index in range(12):
            writer.write(both if index < 4 else left, index / rate)
    chosen: list[float] = []

    def choose(checkpoint: Any, samples: Any, faces: Sequence[Any]) -> int:
        chosen.extend(face.face_count for face in faces)
        return int(np.argmin(chosen))

    monkeypatch.setattr(module, "who_speaks", choose)
    track = track_speaker(VideoReader(path), trained, lambda *_: None)
    assert min(chosen) <= 8
    assert track.region is None
    assert track.face_count == 12


def test_without_sound_nobody_is_looked_for(
    trained: Checkpoint, portrait: NDArray[np.uint8], tmp_path: Path
) -> None:
    half = portrait[:, 80:240]
    path = tmp_path / "silent.mp4"
    with VideoWriter(
        path, width=320, height=240, frame_rate=Fraction(25), time_base=Fraction(1, 25)
    ) as writer:
        for index in range(3):
            writer.write(np.concatenate([half, half], axis=1), Fraction(index, 25))
    told: list[str] = []
    track = track_speaker(VideoReader(path), trained, lambda step, *_: told.append(step))
    assert set(told) == {"track"}
    assert len(track.people) == 2
    assert track.region is None
