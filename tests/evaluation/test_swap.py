from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from synclips.evaluation.pairs import half_pairs, sentence_pairs
from synclips.evaluation.swap import (
    CONDITIONS,
    FROZEN,
    REAL,
    REENCODED,
    SYSTEM,
    UNEDITED,
    WRONG_AUDIO,
    Row,
    Skipped,
    Swap,
)
from synclips.faces.tracker import FaceTracker
from synclips.media.video import VideoReader

Clip = Callable[..., Path]
OpenTracker = Callable[[], FaceTracker]


def test_the_conditions_tell_good_from_bad(
    grid_folder: Path, system: Any, tracker: OpenTracker
) -> None:
    pair = sentence_pairs(grid_folder)[0]
    rows = Swap(system, open_tracker=tracker).evaluate(pair)
    assert [row.condition for row in rows] == list(CONDITIONS)
    assert {(row.corpus, row.speaker, row.pair) for row in rows} == {("grid", "s1", pair.name)}
    scores = {row.condition: row.scores for row in rows}

    assert scores[REAL].lip_error == 0
    assert scores[REENCODED].lip_error < 1
    assert scores[REENCODED].texture_ratio == pytest.approx(1, abs=0.15)
    # The system moves the mouth as the truth does, so all that does not must be worse.
    assert scores[SYSTEM].correlation > 0.95
    assert (scores[SYSTEM].best_lag, scores[SYSTEM].on_time) == (0, 1)
    assert scores[SYSTEM].opening_ratio == pytest.approx(1, abs=0.15)
    for worse in (FROZEN, UNEDITED, WRONG_AUDIO):
        assert scores[worse].lip_error > 3 * scores[SYSTEM].lip_error
        assert not scores[worse].correlation > 0.7
    assert scores[FROZEN].opening_ratio < 0.05
    assert scores[FROZEN].silent_motion < 0.05
    assert scores[UNEDITED].opening_ratio > 0.5


def test_the_system_gets_frames_of_one_and_sound_of_the_other(
    grid_folder: Path, system: Any, tracker: OpenTracker, tmp_path: Path
) -> None:
    pair = sentence_pairs(grid_folder)[0]
    Swap(system, keep=tmp_path / "kept", open_tracker=tracker).evaluate(pair)
    assert system.calls == [
        ("bbaa.mp4", "silence.wav"),
        ("bbaa.mp4", "wrong_audio.wav"),
        ("bbaa.mp4", "sound.wav"),
    ]
    kept = {path.name for path in (tmp_path / "kept" / pair.name).glob("*.mp4")}
    assert kept == {"re-encoded.mp4", "frozen.mp4", "wrong_audio.mp4", "synclips.mp4"}


def test_blur_is_seen(grid_folder: Path, blurring_system: Any, tracker: OpenTracker) -> None:
    rows = Swap(blurring_system, open_tracker=tracker).evaluate(sentence_pairs(grid_folder)[0])
    scores = {row.condition: row.scores for row in rows}
    assert scores[SYSTEM].texture_ratio < 0.6
    assert scores[UNEDITED].texture_ratio == pytest.approx(1, abs=0.15)


def test_halves_of_one_clip(
    tmp_path: Path,
    system: Any,
    tracker: OpenTracker,
    write_clip: Clip,
    syllables: Callable[[int], Callable[[float], float]],
) -> None:
    folder = tmp_path / "wild"
    folder.mkdir()
    write_clip(folder / "talk.mp4", syllables(5), seconds=4.0)
    pair = half_pairs(folder)[0]
    rows = Swap(system, keep=tmp_path / "kept", open_tracker=tracker).evaluate(pair)
    # Nobody else is there to lend a wrong voice.
    assert [row.condition for row in rows] == [c for c in CONDITIONS if c != WRONG_AUDIO]
    assert rows[0].corpus == "wild"
    assert rows[-1].scores.correlation > 0.95
    assert rows[-1].scores.seconds == 2
    first = tmp_path / "kept" / pair.name / "first.mp4"
    assert len(list(VideoReader(first).frames())) == 50


def test_a_bad_pair_is_skipped_with_its_reason(
    grid_folder: Path, system: Any, tracker: OpenTracker
) -> None:
    pairs = sentence_pairs(grid_folder, limit=1)
    missing = replace(pairs[0].target, path=grid_folder / "gone.mp4")
    told: list[tuple[int, int, str]] = []
    results = list(
        Swap(system, open_tracker=tracker).run(
            [replace(pairs[0], target=missing), pairs[1]], lambda *step: told.append(step)
        )
    )
    assert isinstance(results[0], Skipped)
    assert "gone.mp4 does not exist" in results[0].reason
    assert {row.speaker for row in results[1:] if isinstance(row, Row)} == {"s2"}
    assert [(done, total) for done, total, _ in told] == [(0, 2), (1, 2), (2, 2)]


def test_an_error_of_the_program_is_not_hidden(
    grid_folder: Path, system: Any, tracker: OpenTracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*paths: Path) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(system, "sync", broken)
    with pytest.raises(ZeroDivisionError):
        list(Swap(system, open_tracker=tracker).run(sentence_pairs(grid_folder, limit=1)))
