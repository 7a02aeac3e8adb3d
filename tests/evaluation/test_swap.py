import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from synclips.errors import ModelError, OutputError
from synclips.evaluation.conditions import (
    CONDITIONS,
    COPIED,
    FEW,
    FROZEN,
    REAL,
    REENCODED,
    RETRIEVAL,
    SYSTEM,
    UNEDITED,
    WRONG_AUDIO,
)
from synclips.evaluation.cuts import write_silence
from synclips.evaluation.judge import SyncScore
from synclips.evaluation.measure import Measured
from synclips.evaluation.pairs import Pair, half_pairs, sentence_pairs
from synclips.evaluation.swap import Row, Skipped, Swap
from synclips.faces.tracker import FaceTracker
from synclips.hearing.driving import driving_sound
from synclips.media.video import VideoReader

Clip = Callable[..., Path]
OpenTracker = Callable[[], FaceTracker]

OWN = [condition for condition in CONDITIONS if condition not in (COPIED, RETRIEVAL)]
"""The conditions that need no other system."""


def test_the_conditions_tell_good_from_bad(
    grid_folder: Path, system: Any, tracker: OpenTracker
) -> None:
    pair = sentence_pairs([grid_folder])[0]
    rows = Swap(system, open_tracker=tracker).evaluate(pair)
    assert [row.condition for row in rows] == OWN
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
    pair = sentence_pairs([grid_folder])[0]
    Swap(system, keep=tmp_path / "kept", open_tracker=tracker).evaluate(pair)
    assert system.calls == [
        ("bbaa.mp4", "silence.wav"),
        ("bbaa.mp4", "wrong_audio.wav"),
        ("bbaa.mp4", "sound.wav"),
        # Reconstruction: the first half of the target speaks the second.
        ("first.mp4", "silence.wav"),
        ("first.mp4", "wrong_audio.wav"),
        ("first.mp4", "sound.wav"),
    ]
    outputs = {"re-encoded.mp4", "frozen.mp4", "wrong_audio.mp4", "synclips.mp4"}
    kept = tmp_path / "kept" / pair.name
    assert {path.name for path in kept.glob("*.mp4")} == outputs
    redrawn = {path.name for path in (kept / "reconstruction").glob("*.mp4")}
    assert redrawn == {"first.mp4", "second.mp4", *outputs}


def test_other_systems_make_their_own_conditions(
    grid_folder: Path, system: Any, blurring_system: Any, tracker: OpenTracker, tmp_path: Path
) -> None:
    pair = sentence_pairs([grid_folder])[0]
    others = {RETRIEVAL: blurring_system}
    swap = Swap(
        system,
        keep=tmp_path,
        open_tracker=tracker,
        conditions=(UNEDITED, COPIED, RETRIEVAL, SYSTEM),
        others=others,
    )
    rows = swap.evaluate(pair)
    assert [row.condition for row in rows] == [UNEDITED, RETRIEVAL, SYSTEM]
    # Like the system they get A and the true sound, for reconstruction as well.
    assert blurring_system.calls == [("bbaa.mp4", "sound.wav"), ("first.mp4", "sound.wav")]
    assert (tmp_path / pair.name / "retrieval.mp4").exists()
    assert rows[1].scores.texture_ratio < rows[2].scores.texture_ratio


def test_blur_is_seen(grid_folder: Path, blurring_system: Any, tracker: OpenTracker) -> None:
    rows = Swap(blurring_system, open_tracker=tracker).evaluate(sentence_pairs([grid_folder])[0])
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
    assert [row.condition for row in rows] == [c for c in OWN if c != WRONG_AUDIO]
    assert rows[0].corpus == "wild"
    assert rows[-1].scores.correlation > 0.95
    assert rows[-1].scores.seconds == 2
    first = tmp_path / "kept" / pair.name / "first.mp4"
    assert len(list(VideoReader(first).frames())) == 50
    # The halves are what reconstruction needs, so the system does not run again for it.
    assert len(system.calls) == 2
    assert all(math.isfinite(row.scores.ssim) for row in rows)


def test_a_bad_pair_is_skipped_with_its_reason(
    grid_folder: Path, system: Any, tracker: OpenTracker
) -> None:
    pairs = sentence_pairs([grid_folder], limit=1)
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


def test_reasons_name_what_was_given_and_say_when_it_is_too_short(
    tmp_path: Path,
    system: Any,
    tracker: OpenTracker,
    write_clip: Clip,
    syllables: Callable[[int], Callable[[float], float]],
) -> None:
    folder = tmp_path / "wild"
    folder.mkdir()
    opening = syllables(5)
    write_clip(folder / "away.mp4", lambda time: -1 if time > 2 else opening(time), seconds=4.0)
    write_clip(folder / "short.mp4", opening, seconds=1.2)
    reasons = []
    for keep in (None, None, tmp_path / "kept"):
        swap = Swap(system, keep=keep, open_tracker=tracker)
        results = list(swap.run(half_pairs(folder)))
        reasons.append([each.reason for each in results if isinstance(each, Skipped)])
    assert reasons[0] == reasons[1] == reasons[2]
    away, short = reasons[0]
    assert away.startswith(f"The second half of {folder / 'away.mp4'} shows a face for less than a")
    assert short == (
        f"The second half of {folder / 'short.mp4'} lasts 0.60 s, less than the second that is"
        " compared at least; give a longer clip."
    )


def test_the_silence_of_a_baseline_is_not_told(
    grid_folder: Path, system: Any, tracker: OpenTracker, caplog: pytest.LogCaptureFixture
) -> None:
    pair = sentence_pairs([grid_folder])[0]

    class Listening:
        name, shape = system.name, system.shape

        def sync(self, video: Path, sound: Path, output: Path) -> object:
            driving_sound(sound)
            return system.sync(video, sound, output)

    Swap(Listening(), open_tracker=tracker).evaluate(pair)
    assert "silence.wav" in {name for _, name in system.calls}
    assert "is silent" not in caplog.text
    write_silence(grid_folder / "quiet.wav", Fraction(1))
    driving_sound(grid_folder / "quiet.wav")
    assert "quiet.wav is silent" in caplog.text


def test_a_pair_is_skipped_if_nobody_else_has_a_sound(
    grid_folder: Path, system: Any, tracker: OpenTracker, face_video: Path
) -> None:
    pair = sentence_pairs([grid_folder], limit=1)[0]
    silent = replace(pair.target, path=face_video)  # has no sound
    (skipped,) = Swap(system, open_tracker=tracker).run([replace(pair, other=silent)])
    assert isinstance(skipped, Skipped)
    assert str(face_video) in skipped.reason


@pytest.mark.parametrize("kind", [ZeroDivisionError, OutputError, ModelError])
def test_an_error_that_is_not_of_the_pair_is_not_hidden(
    grid_folder: Path,
    system: Any,
    tracker: OpenTracker,
    monkeypatch: pytest.MonkeyPatch,
    kind: type[Exception],
) -> None:
    def broken(*paths: Path) -> None:
        raise kind

    monkeypatch.setattr(system, "sync", broken)
    with pytest.raises(kind):
        list(Swap(system, open_tracker=tracker).run(sentence_pairs([grid_folder], limit=1)))


def test_the_judge_hears_the_true_sound(
    grid_folder: Path, system: Any, tracker: OpenTracker
) -> None:
    heard: list[tuple[str, str]] = []

    class Ear:
        name = "ear"

        def offset(self, video: Measured, sound: Path | None = None) -> SyncScore:
            assert sound is not None
            heard.append((video.path.name, sound.name))
            return SyncScore(len(heard), 0.5, 0.25)

    rows = Swap(system, open_tracker=tracker, judge=Ear()).evaluate(
        sentence_pairs([grid_folder])[0]
    )
    assert heard == [
        ("bbab.mp4", "sound.wav"),
        ("re-encoded.mp4", "sound.wav"),
        ("frozen.mp4", "sound.wav"),
        ("bbaa.mp4", "sound.wav"),
        ("wrong_audio.mp4", "sound.wav"),
        ("synclips.mp4", "sound.wav"),
    ]
    assert [row.scores.sync_offset for row in rows] == [1, 2, 3, 4, 5, 6]
    assert {(row.scores.sync_distance, row.scores.sync_confidence) for row in rows} == {(0.5, 0.25)}


def test_without_baselines_the_system_runs_once_a_task(
    grid_folder: Path, system: Any, tracker: OpenTracker
) -> None:
    pair = sentence_pairs([grid_folder])[0]
    rows = Swap(system, open_tracker=tracker, conditions=FEW).evaluate(pair)
    assert [row.condition for row in rows] == [REAL, UNEDITED, SYSTEM]
    assert system.calls == [("bbaa.mp4", "sound.wav"), ("first.mp4", "sound.wav")]


def test_visitors_see_the_files_while_they_exist(
    grid_folder: Path, system: Any, tracker: OpenTracker
) -> None:
    seen: list[tuple[str, list[str]]] = []
    paths: list[Path] = []

    def visit(pair: Pair, videos: Mapping[str, Measured], sound: Path) -> None:
        seen.append((pair.name, list(videos)))
        assert sound.is_file()
        assert all(video.path.is_file() for video in videos.values())
        paths.append(videos[SYSTEM].path)

    pairs = sentence_pairs([grid_folder], limit=1)
    list(Swap(system, open_tracker=tracker, visit=visit).run(pairs))
    assert seen == [(pair.name, OWN) for pair in pairs]
    assert not any(path.exists() for path in paths)
