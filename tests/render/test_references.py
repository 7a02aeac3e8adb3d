from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from synclips.faces.landmarks import INNER, LIPS, OUTER, mouth_opening
from synclips.media.box import Box
from synclips.render.reference_banks import collect_references
from synclips.render.references import (
    Reference,
    ReferenceBank,
    choose_frames,
    lip_distance,
)


def reference(points: np.ndarray, yaw: float = 0.0, light: float = 0.5) -> Reference:
    """A kept frame of which only lips and yaw matter."""
    picture = np.zeros((4, 4, 3), np.uint8)
    return Reference(points, picture, picture, Box(0, 0, 4, 4), np.eye(2, 3), yaw, light)


@pytest.fixture
def lips(talker: Any) -> Any:
    """Make landmarks (P, 2) in crop pixels with an opening in standard deviations."""

    def at(opening: float) -> np.ndarray:
        film = talker.film(np.array([[opening]], np.float32), scale=60, at=(48, 0))
        return film[0, :, :2]  # type: ignore[no-any-return]

    return at


def test_distance_looks_at_lips_only(lips: Any) -> None:
    one, other = lips(0), lips(0)
    other[LIPS] += (3, 4)
    assert lip_distance(one, other) == pytest.approx(25)
    other = lips(0)
    other[len(LIPS) :] += 50
    assert lip_distance(one, other) == 0
    many = np.stack([lips(x) for x in (0, 1, 2)])
    assert (np.diff(lip_distance(many, one)) > 0).all()


def test_nearest_lips_come_first(lips: Any) -> None:
    bank = ReferenceBank([reference(lips(opening)) for opening in (3, 0, 1, 2)])
    chosen = bank.nearest(lips(1.2), 0, 0.5, 3)
    assert [bank.references.index(one) for one in chosen] == [2, 3, 0]


def test_a_mouth_that_hides_what_shall_show_is_far(lips: Any) -> None:
    """The more open mouth is further away, and yet the one to draw from."""
    closed, open_ = reference(lips(0.0)), reference(lips(2.2))
    bank = ReferenceBank([closed, open_])
    assert lip_distance(closed.points, lips(1.0)) < lip_distance(open_.points, lips(1.0))
    assert bank.nearest(lips(1.0), 0, 0.5, 1) == [open_]
    # Nothing is hidden of a mouth that shall be closed.
    assert bank.nearest(lips(0.0), 0, 0.5, 1) == [closed]


def test_no_mouth_is_torn_for_the_last_bit_of_opening(lips: Any) -> None:
    """Wider than all: nearly the widest will do, if the head is turned as it shall be."""
    widest, turned = reference(lips(3.0), yaw=12), reference(lips(2.7), yaw=0)
    bank = ReferenceBank([widest, turned])
    wide = lips(5.0)
    assert mouth_opening(wide) > 1.3 * bank.widest
    assert bank.nearest(wide, 0, None, 1) == [turned]
    assert bank.nearest(wide, 11, None, 1) == [widest]
    # A mouth that is open by half hides too much all the same.
    half = reference(lips(1.5), yaw=0)
    assert ReferenceBank([widest, half]).nearest(wide, 0, None, 1) == [widest]


def test_a_smear_between_the_lips_is_not_lent_to_others(lips: Any) -> None:
    def seen(opening: float, blur: float, level: int = 220) -> Reference:
        picture = np.full((96, 96, 3), level, np.uint8)
        picture[:, ::4] = level // 3  # rims of teeth
        if blur:
            picture = cv2.GaussianBlur(picture, (0, 0), blur)
        return replace(reference(lips(opening)), crop=picture)

    def taken(target: float, *kept: Reference) -> int:
        return kept.index(ReferenceBank(kept).nearest(lips(target), 0, None, 1)[0])

    sharp, smear = seen(2.6, 0), seen(2.2, 4)
    assert mouth_opening(smear.points) > 3.6
    assert taken(2.2, sharp, smear, seen(2.9, 0)) == 0
    assert taken(2.2, seen(2.6, 0.2), seen(2.2, 0.2), seen(2.9, 0.2)) == 1, "as sharp as others"
    assert taken(2.2, seen(2.6, 4), smear, seen(2.9, 4)) == 1, "nobody's is sharper"
    # Closed, nothing of it is seen.
    shut = seen(0.0, 0)
    assert taken(0.0, shut, sharp, smear) == 0


def test_a_mouth_that_is_open_where_landmarks_have_it_closed_is_not_lent_as_closed(
    lips: Any,
) -> None:
    def seen(opening: float, really: float) -> Reference:
        picture = np.full((96, 96, 3), 170, np.uint8)
        for slots, level in ((OUTER, 140), (INNER, 20)):
            corners = np.rint(lips(really)[slots] * 16).astype(np.int32)
            cv2.fillPoly(picture, [corners], (level,) * 3, cv2.LINE_AA, 4)
        return replace(reference(lips(opening)), crop=picture)

    missed, shut, others = seen(0.1, 0.7), seen(0.4, 0.4), [seen(x, x) for x in (1.5, 2, 2.5, 3)]
    assert lip_distance(missed.points, lips(0.0)) < lip_distance(shut.points, lips(0.0))
    assert ReferenceBank([missed, shut, *others]).nearest(lips(0.0), 0, None, 1) == [shut]
    # Of whom nothing else is seen, it is what is usual.
    assert ReferenceBank([missed]).nearest(lips(0.0), 0, None, 1) == [missed]
    # As it should be, it comes first.
    right = seen(0.1, 0.1)
    assert ReferenceBank([right, shut, *others]).nearest(lips(0.0), 0, None, 1) == [right]


def test_a_turned_head_counts_against_the_lips(lips: Any) -> None:
    bank = ReferenceBank([reference(lips(1), yaw=30), reference(lips(1.3), yaw=2)])
    assert bank.nearest(lips(1), 0, 0.5, 1)[0] is bank.references[1]
    assert bank.nearest(lips(1), 29, 0.5, 1)[0] is bank.references[0]


def test_a_darker_frame_is_far_and_a_brighter_one_is_not(lips: Any) -> None:
    """While a picture fades in, mouths come from where it is bright."""
    dark, bright = reference(lips(1.0), light=0.1), reference(lips(1.3), light=0.5)
    bank = ReferenceBank([dark, bright])
    assert not bank.is_evenly_lit
    assert bank.nearest(lips(1.0), 0, None, 1) == [dark], "where light does not matter"
    assert bank.nearest(lips(1.0), 0, 0.5, 1) == [bright]
    assert bank.nearest(lips(1.2), 0, 0.1, 1) == [bright], "in the dark too, if the lips fit"
    assert bank.nearest(lips(1.0), 0, 0.1, 1) == [dark]
    assert ReferenceBank([bright, reference(lips(0.0), light=0.45)]).is_evenly_lit


def test_too_few_frames_are_repeated(lips: Any) -> None:
    bank = ReferenceBank([reference(lips(0)), reference(lips(3))])
    chosen = bank.nearest(lips(2.8), 0, 0.5, 5)
    assert [bank.references.index(one) for one in chosen] == [1, 0, 1, 1, 1]


def test_chosen_frames_spread_over_lips_and_pose(scene: Any) -> None:
    segment = scene.segment
    opening, yaw = mouth_opening(segment.canonical), segment.pose.yaw
    chosen = choose_frames(segment, scene.shape, 5)
    assert len(chosen) == 5
    assert (np.diff(chosen) > 0).all()
    assert np.ptp(opening[chosen]) > 0.95 * np.ptp(opening)
    assert np.ptp(yaw[chosen]) > 0.5 * np.ptp(yaw)
    # Frames next to each other show the same: rarely both.
    assert (np.diff(chosen) > 1).sum() >= 3


def test_no_more_frames_are_chosen_than_there_are(scene: Any, make_scene: Any, talker: Any) -> None:
    assert choose_frames(scene.segment, scene.shape, 99).tolist() == list(range(18))
    one = make_scene(talker.shape, talker.film(np.zeros((1, 1), np.float32)))
    assert choose_frames(one.segment, one.shape, 5).tolist() == [0]


def test_the_frame_in_use_stays_until_another_is_clearly_nearer(scene: Any) -> None:
    (bank,) = collect_references(scene.read, [scene.segment], 1, scene.shape, scene.spec)
    first = bank.references[0]
    second = replace(first, points=first.points + np.array([6, 0], np.float32))  # as open
    nearly_second = 0.45 * first.points + 0.55 * second.points
    plainly_second = 0.1 * first.points + 0.9 * second.points
    pair = ReferenceBank([first, second])
    yaw = (first.yaw + second.yaw) / 2
    assert pair.nearest(nearly_second, yaw, first.light, 1) == [second]
    assert pair.nearest(nearly_second, yaw, first.light, 1, previous=first) == [first]
    assert pair.nearest(plainly_second, yaw, first.light, 1, previous=first) == [second]
