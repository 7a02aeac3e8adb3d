from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from synclips.faces.landmarks import (
    EYE_CORNERS,
    INNER_LOWER,
    INNER_UPPER,
    MOUTH,
    RIGID_SLOTS,
    mouth_opening,
    mouth_width,
)
from synclips.faces.shape import (
    CLOSED_OPENING,
    HIGHEST_REST,
    USUAL_LIFT,
    USUAL_WIDTH,
    WIDEST_REST,
    LipShape,
    corner_lift,
    learn_shape,
    mean_face,
    upright,
)


def speaking(head: Any, lips: np.ndarray) -> np.ndarray:
    """Canonical faces (n, P, 3)."""
    return head.film(lips, scale=1, at=(0, 0))  # type: ignore[no-any-return]


def test_encode_undoes_decode(head: Any, rng: np.random.Generator) -> None:
    wanted = rng.normal(size=(3, 7, 4)).astype(np.float32)
    motion = head.shape.decode(wanted)
    assert motion.shape == (3, 7, len(MOUTH), 3)
    np.testing.assert_allclose(head.shape.encode(motion), wanted, atol=1e-4)
    # One shape needs no leading axis.
    np.testing.assert_allclose(head.shape.encode(motion[0, 0]), wanted[0, 0], atol=1e-4)


def test_lips_tell_of_themselves_and_not_of_a_sliding_jaw(head: Any) -> None:
    shape = head.sliding()
    seen = np.array([[2.0, 1.0, -1.0, 0.5, 3.0], [0, 0, 0, 0, -3.0]], np.float32)
    told = shape.told_by_lips(seen)
    np.testing.assert_allclose(told[0, :2], seen[0, :2], rtol=0.1)
    np.testing.assert_allclose(told[:, 4], 0, atol=0.05)
    assert np.abs(shape.decode(told[1])).max() < 1e-3


def test_close_brings_the_inner_lips_together(head: Any) -> None:
    face = speaking(head, np.array([[2.0, 0.5, 0, 0.5]], np.float32))[0]
    assert mouth_opening(face) > 0.1
    closed = head.shape.close(face)
    np.testing.assert_allclose(closed[INNER_LOWER], closed[INNER_UPPER], atol=1e-6)
    # The chin comes up with the lips, and the skull stays.
    chin = head.shape.template[MOUTH, 1].argmax()
    assert closed[chin, 1] < face[chin, 1] - 0.05
    np.testing.assert_array_equal(closed[RIGID_SLOTS], face[RIGID_SLOTS])


def test_close_moves_no_more_than_it_must(head: Any) -> None:
    face = speaking(head, np.array([[2.0, 0, 0, 0]], np.float32))[0]
    np.testing.assert_allclose(head.shape.close(face), head.shape.template, atol=5e-3)


def test_a_closed_mouth_is_left_untouched(head: Any) -> None:
    just_closed = speaking(head, np.array([[0.1, 0, 0, 0]], np.float32))[0]
    assert 0 < mouth_opening(just_closed) < CLOSED_OPENING
    np.testing.assert_array_equal(head.shape.close(just_closed), just_closed)


def test_neutral_is_the_face_between_words(head: Any) -> None:
    lips = np.zeros((50, 4), np.float32)
    lips[:30, 0] = 2.0
    neutral = head.shape.neutral(speaking(head, lips))
    np.testing.assert_allclose(neutral, head.shape.template, atol=1e-5)


def test_neutral_of_a_smiling_portrait_is_closed(head: Any) -> None:
    neutral = head.shape.neutral(speaking(head, np.array([[1.5, 1, 0, 1]], np.float32)))
    assert mouth_opening(neutral) < 1e-6


def test_a_smile_is_relaxed_and_stays_closed(head: Any) -> None:
    face = speaking(head, np.array([[0, 3.0, 0, 1]], np.float32))[0]
    assert mouth_width(face) > WIDEST_REST + 0.05
    relaxed = head.shape.neutral(face[None])
    assert mouth_width(relaxed) == pytest.approx(WIDEST_REST, abs=0.01)
    assert mouth_opening(relaxed) < 0.01
    # What does not widen the mouth stays, and so does the skull.
    np.testing.assert_allclose(head.shape.encode((relaxed - face)[MOUTH])[[0, 2]], 0, atol=0.05)
    np.testing.assert_array_equal(relaxed[RIGID_SLOTS], face[RIGID_SLOTS])


def test_of_a_broad_smile_no_corner_stays_up(head: Any) -> None:
    # Broader than the basis knows: four deviations are the most that it is asked for.
    face = speaking(head, np.array([[0, 3.0, 0, 6]], np.float32))[0]
    assert corner_lift(face) > HIGHEST_REST + 0.05
    relaxed = head.shape.neutral(face[None])
    assert corner_lift(relaxed) == pytest.approx(USUAL_LIFT, abs=0.003)
    assert mouth_width(relaxed) == pytest.approx(USUAL_WIDTH, abs=0.015)
    assert mouth_opening(relaxed) < 0.01
    np.testing.assert_array_equal(relaxed[RIGID_SLOTS], face[RIGID_SLOTS])
    # One that is hardly broader than at rest changes as little: nothing jumps.
    hardly = speaking(head, np.array([[0, 0, 0, 1.7]], np.float32))[0]
    excess = corner_lift(hardly) - HIGHEST_REST
    assert 0 < excess < 0.005
    assert np.abs(head.shape.relax(hardly) - hardly).max() < 4 * excess


def test_lips_round_and_spread_further_and_open_as_they_did(head: Any) -> None:
    lips = np.array([[1.5, 2, 0, 0], [0.5, -2, 1, 0], [1, 0, 0, 1]], np.float32)
    before, after = speaking(head, lips), speaking(head, head.shape.broadened(lips, 1.5))
    rest = float(mouth_width(speaking(head, np.zeros((1, 4), np.float32)))[0])
    np.testing.assert_allclose(
        mouth_width(after) - rest, 1.5 * (mouth_width(before) - rest), atol=0.01
    )
    assert np.ptp(mouth_width(before)) > 0.1
    np.testing.assert_allclose(mouth_opening(after), mouth_opening(before), atol=0.005)
    np.testing.assert_array_equal(head.shape.broadened(lips, 1.0), lips)


def test_a_mouth_as_wide_as_others_at_rest_is_left_untouched(head: Any) -> None:
    face = speaking(head, np.array([[0, -1, 0, 1]], np.float32))[0]
    assert 0.4 < mouth_width(face) < WIDEST_REST
    assert 0 < corner_lift(face) < HIGHEST_REST
    np.testing.assert_array_equal(head.shape.relax(face), face)


def test_a_shape_is_known_by_its_arrays(head: Any) -> None:
    turned = replace(head.shape, basis=np.asfortranarray(head.shape.basis))
    arrays = turned.arrays()
    assert all(array.flags.c_contiguous for array in arrays.values())
    again = LipShape.from_arrays(arrays | {"other": np.zeros(1)})
    for name in ("template", "basis", "deviation"):
        np.testing.assert_array_equal(getattr(again, name), getattr(head.shape, name))
    with pytest.raises(KeyError, match="deviation"):
        LipShape.from_arrays({"template": again.template, "basis": again.basis})


def test_upright_undoes_any_similarity(head: Any) -> None:
    expected = upright(head.shape.template)
    turned = head.film(
        np.zeros((1, 4), np.float32), head.rotation(yaw=50, pitch=-20, roll=100)[None], 300, (9, 9)
    )[0]
    np.testing.assert_allclose(upright(turned), expected, atol=1e-4)
    eyes = expected[EYE_CORNERS]
    assert np.linalg.norm(eyes[1] - eyes[0]) == pytest.approx(1, abs=1e-5)
    assert eyes[0, 1] == pytest.approx(eyes[1, 1], abs=1e-5)


def test_mean_face_is_the_face_when_there_is_but_one(head: Any) -> None:
    turns = np.stack([head.rotation(yaw=angle, roll=angle) for angle in (-20, 0, 30, 45)])
    face = mean_face(head.film(np.zeros((4, 4), np.float32), turns))
    np.testing.assert_allclose(face, upright(head.shape.template), atol=1e-4)


def test_learn_shape_finds_a_planted_direction(head: Any, rng: np.random.Generator) -> None:
    people = []
    for _ in range(3):
        lips = np.zeros((60, 4), np.float32)
        lips[20:, 0] = np.abs(rng.normal(size=40)) * 2
        clip = speaking(head, lips)
        people.append([clip + rng.normal(size=clip.shape).astype(np.float32) * 5e-4])
    learnt = learn_shape(people, head.shape.template, 3)
    assert learnt.basis.shape == (3, len(MOUTH), 3)
    planted = head.shape.basis[0]
    assert abs(float((learnt.basis[0] * planted).sum())) > 0.995
    assert (np.diff(learnt.deviation) <= 0).all()
    assert learnt.deviation[1] < 0.05 * learnt.deviation[0]
    gram = learnt.basis.reshape(3, -1) @ learnt.basis.reshape(3, -1).T
    np.testing.assert_allclose(gram, np.eye(3), atol=1e-4)
    np.testing.assert_allclose(learnt.template, head.shape.template, atol=5e-3)


def test_each_person_weighs_the_same(head: Any) -> None:
    def clip(axis: int, count: int) -> np.ndarray:
        lips = np.zeros((count, 4), np.float32)
        lips[count // 2 :, axis] = 1 / head.shape.deviation[axis] * 0.1
        return speaking(head, lips)

    # Ten times as much of a person who smiles as of one who protrudes: the same say.
    learnt = learn_shape([[clip(2, 40)], [clip(3, 400)]], head.shape.template, 2)
    assert learnt.deviation[0] == pytest.approx(learnt.deviation[1], rel=0.3)
    assert isinstance(learnt, LipShape)
    assert learnt.size == 2
