import numpy as np
import pytest

from synclips.speech.pitch import PitchCounts, PitchRange, melody, move_pitch, pitch_range


def contour(median: float, depth: float, count: int = 2000) -> np.ndarray:
    return median * np.exp(depth * np.sin(np.linspace(0, 40 * np.pi, count)))


def test_range_of_a_melody() -> None:
    found = pitch_range(contour(120.0, 0.2), np.zeros(2000))
    assert found.median == pytest.approx(120, rel=0.01)
    # A sine is above sin(0.4 pi) for a tenth of its period.
    assert found.spread == pytest.approx(2 * 0.2 * np.sin(0.4 * np.pi), rel=0.05)


def test_pauses_and_quiet_creak_do_not_count() -> None:
    pitch = np.concatenate([np.zeros(500), contour(120.0, 0.1), np.full(500, 70.0)])
    level = np.concatenate([np.full(500, 0.0), np.zeros(2000), np.full(500, -6.0)])
    assert pitch_range(pitch, level).median == pytest.approx(120, rel=0.02)


def test_nothing_voiced_is_no_range() -> None:
    assert pitch_range([], []) == PitchRange(0.0, 0.0)
    assert pitch_range([0.0, 0.0], [0.0, 0.0]) == PitchRange(0.0, 0.0)


def test_counts_grow_sentence_by_sentence() -> None:
    counts = PitchCounts()
    for part in np.split(contour(150.0, 0.2), 4):
        counts.add(part, np.zeros(len(part)))
    assert counts.range == pitch_range(contour(150.0, 0.2), np.zeros(2000))


def moved_to(pitch: np.ndarray, wanted: PitchRange) -> np.ndarray:
    """`move_pitch` of a contour that is all its speaker has said."""
    level = np.zeros(len(pitch))
    return move_pitch(pitch, pitch_range(pitch, level), pitch_range(melody(pitch), level), wanted)


def test_a_moved_melody_has_the_range_wanted() -> None:
    wanted = PitchRange(200.0, 0.4)
    slow = 110.0 * np.exp(0.15 * np.sin(np.linspace(0, 10 * np.pi, 2000)))
    pitch = np.concatenate([slow, np.zeros(10)])
    moved = moved_to(pitch, wanted)
    found = pitch_range(moved, np.zeros(len(moved)))
    assert found.median == pytest.approx(200, rel=0.02)
    assert found.spread == pytest.approx(0.4, rel=0.05)
    assert (moved[-10:] == 0).all()
    nothing = PitchRange(0.0, 0.0)
    assert move_pitch(pitch, nothing, nothing, wanted) is pitch


TREMBLING = np.exp(0.04 * np.random.default_rng(0).normal(size=2000))


@pytest.mark.parametrize("spread", [0.1, 0.2, 0.35, 0.5, 0.9])
def test_a_voice_that_trembles_has_the_range_wanted(spread: float) -> None:
    pitch = 110.0 * np.exp(0.15 * np.random.default_rng(1).normal(size=40)).repeat(50) * TREMBLING
    moved = moved_to(pitch, PitchRange(150.0, spread))
    found = pitch_range(moved, np.zeros(len(moved)))
    least = 0.4 * pitch_range(pitch, np.zeros(2000)).spread
    assert found.spread == pytest.approx(max(spread, least), rel=0.1)  # as asked of voices


def test_what_is_quicker_than_melody_is_not_stretched() -> None:
    trembling = np.exp(0.02 * np.sin(np.linspace(0, 400 * np.pi, 2000)))  # 20 times a second
    calm = contour(110.0, 0.1)
    wanted = PitchRange(110.0, 2.5 * pitch_range(calm, np.zeros(2000)).spread)
    moved = moved_to(calm * trembling, wanted)
    assert np.log(moved / moved_to(calm, wanted)).std() == pytest.approx(
        np.log(trembling).std(), rel=0.15
    )


def test_a_wide_contour_is_brought_in_as_a_whole() -> None:
    pitch = contour(110.0, 0.3) * TREMBLING
    found = pitch_range(pitch, np.zeros(2000))
    moved = moved_to(pitch, PitchRange(110.0, found.spread / 2))
    np.testing.assert_allclose(np.log(moved / 110), np.log(pitch / found.median) / 2, atol=1e-9)


def test_a_melody_goes_on_through_what_is_unvoiced() -> None:
    pitch = np.full(400, 100.0)
    pitch[150:250] = 0
    slow = melody(pitch)
    assert (slow[150:250] == 0).all()
    assert slow[pitch > 0] == pytest.approx(100.0)
    assert not melody(np.zeros(5)).any()


def test_a_flat_voice_is_not_made_to_sing() -> None:
    moved = moved_to(contour(100.0, 0.01), PitchRange(100.0, 1.0))
    assert moved.max() < 100 * np.exp(0.045)
