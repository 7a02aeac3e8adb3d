import weakref
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from synclips.faces.crop import invert, transform
from synclips.faces.landmarks import LIPS, MOUTH_CORNERS, mouth_opening
from synclips.media.picture import RgbPicture
from synclips.render import references
from synclips.render.references import (
    PER_SEGMENT,
    Reference,
    ReferenceBank,
    choose_frames,
    collect_references,
    lip_distance,
)
from synclips.render.view import Box, crop_of


def reference(points: np.ndarray, yaw: float = 0.0) -> Reference:
    """A kept frame of which only lips and yaw matter."""
    picture = np.zeros((4, 4, 3), np.uint8)
    return Reference(picture, Box(0, 0, 4, 4), np.eye(2, 3), points, picture, yaw)


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
    chosen = bank.nearest(lips(1.2), 0, 3)
    assert [bank.references.index(one) for one in chosen] == [2, 3, 0]


def test_a_mouth_that_hides_what_shall_show_is_far(lips: Any) -> None:
    """The more open mouth is further away, and yet the one to draw from."""
    closed, open_ = reference(lips(0.0)), reference(lips(2.2))
    bank = ReferenceBank([closed, open_])
    assert lip_distance(closed.points, lips(1.0)) < lip_distance(open_.points, lips(1.0))
    assert bank.nearest(lips(1.0), 0, 1) == [open_]
    # Nothing is hidden of a mouth that shall be closed.
    assert bank.nearest(lips(0.0), 0, 1) == [closed]


def test_a_turned_head_counts_against_the_lips(lips: Any) -> None:
    bank = ReferenceBank([reference(lips(1), yaw=30), reference(lips(1.3), yaw=2)])
    assert bank.nearest(lips(1), 0, 1)[0] is bank.references[1]
    assert bank.nearest(lips(1), 29, 1)[0] is bank.references[0]


def test_too_few_frames_are_repeated(lips: Any) -> None:
    bank = ReferenceBank([reference(lips(0)), reference(lips(3))])
    chosen = bank.nearest(lips(2.8), 0, 5)
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


def test_a_bank_keeps_the_pixels_it_needs(scene: Any) -> None:
    (bank,) = collect_references(scene.read, [scene.segment], 1, scene.shape, scene.spec)
    chosen = choose_frames(scene.segment, scene.shape, PER_SEGMENT)
    assert len(bank.references) == len(chosen)
    for kept, index in zip(bank.references, chosen, strict=True):
        frame = scene.frames[index].image
        assert np.array_equal(kept.image, frame[kept.box.rows, kept.box.columns])
        assert not np.shares_memory(kept.image, frame), "it would keep the whole frame alive"
        assert kept.crop.shape == (96, 96, 3)
        assert kept.yaw == pytest.approx(float(scene.segment.pose.yaw[index]))
        points = transform(scene.segment.points[[index]], invert(scene.to_image[[index]]))[0]
        np.testing.assert_allclose(kept.points, points, atol=1e-3)
    assert sum(kept.image.nbytes for kept in bank.references) < 20 * 200 * 200 * 3


def test_space_is_bounded(scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = 5 * 200 * 200 * 3
    monkeypatch.setattr(references, "_MOST_BYTES", limit)
    banks = collect_references(scene.read, [scene.segment], 1, scene.shape, scene.spec)
    assert sum(kept.image.nbytes for bank in banks for kept in bank.references) < 1.1 * limit
    assert len(banks[0].references) == 5
    monkeypatch.setattr(references, "_MOST_BYTES", 1)
    (least,) = collect_references(scene.read, [scene.segment], 1, scene.shape, scene.spec)
    assert len(least.references) == 2


def test_frames_are_read_once_and_no_further_than_needed(scene: Any) -> None:
    read = []

    def frames() -> Any:
        for frame in scene.frames:
            read.append(frame.index)
            yield frame

    chosen = choose_frames(scene.segment, scene.shape, PER_SEGMENT)
    collect_references(
        replace(scene, frames=frames()).read, [scene.segment], 1, scene.shape, scene.spec
    )
    assert read == list(range(int(chosen.max()) + 1))


def test_without_faces_there_are_no_banks(scene: Any) -> None:
    assert len(collect_references(scene.read, [], 0, scene.shape, scene.spec)) == 0


def test_one_bank_is_in_memory_at_a_time(scene: Any) -> None:
    parts = [scene.segment, replace(scene.segment, frames=slice(18, 36))]
    again = [replace(frame, index=frame.index + 18) for frame in scene.frames]
    banks = collect_references(
        replace(scene, frames=[*scene.frames, *again]).read, parts, 2, scene.shape, scene.spec
    )
    bank = weakref.ref(banks[0])
    assert bank() is banks[0]
    pixels = banks[0].references[0].image
    assert banks[1].references
    assert bank() is None
    assert np.array_equal(banks[0].references[0].image, pixels)


def test_the_frame_in_use_stays_until_another_is_clearly_nearer(scene: Any) -> None:
    (bank,) = collect_references(scene.read, [scene.segment], 1, scene.shape, scene.spec)
    first = bank.references[0]
    second = replace(first, points=first.points + np.array([6, 0], np.float32))  # as open
    nearly_second = 0.45 * first.points + 0.55 * second.points
    plainly_second = 0.1 * first.points + 0.9 * second.points
    pair = ReferenceBank([first, second])
    yaw = (first.yaw + second.yaw) / 2
    assert pair.nearest(nearly_second, yaw, 1) == [second]
    assert pair.nearest(nearly_second, yaw, 1, previous=first) == [first]
    assert pair.nearest(plainly_second, yaw, 1, previous=first) == [second]


@pytest.fixture(scope="module")
def hand(make_scene: Any, talker: Any) -> tuple[Any, list[int]]:
    """30 frames, in four of those that would be kept something dark is before the lips."""
    scene = make_scene(talker.shape, talker.film(talker.speech(30)[:, :1]))
    covered = choose_frames(scene.segment, scene.shape, 30)[3:7].tolist()
    frames = list(scene.frames)
    for index in covered:
        image = frames[index].image.copy()
        x, y = np.round(scene.segment.points[index, MOUTH_CORNERS, :2].mean(axis=0)).astype(int)
        image[y - 10 :, x - 20 : x + 20] = (30, 35, 40)
        frames[index] = replace(frames[index], picture=RgbPicture(image))
    return replace(scene, frames=tuple(frames)), covered


def test_no_mouth_is_taken_from_behind_a_hand(hand: Any) -> None:
    scene, covered = hand
    (bank,) = collect_references(scene.read, [scene.segment], 1, scene.shape, scene.spec, kept=30)
    chosen = choose_frames(scene.segment, scene.shape, 30)
    assert bank.usual is not None
    kept = [index for index in chosen if index not in covered]
    assert len(kept) == len(chosen) - 4
    crops = [crop_of(scene.frames[i].picture, scene.to_image[i], 96) for i in kept]
    assert np.array_equal([one.crop for one in bank.references], crops)


def test_where_every_kept_frame_is_covered_all_are_kept(hand: Any) -> None:
    scene, covered = hand
    (bank,) = collect_references(scene.read, [scene.segment], 1, scene.shape, scene.spec)
    crops = [crop_of(scene.frames[i].picture, scene.to_image[i], 96) for i in covered]
    points = transform(scene.segment.points[covered], invert(scene.to_image[covered]))
    whole = Box(0, 0, 96, 96)
    behind = [
        replace(reference(one), crop=crop, box=whole)
        for one, crop in zip(points, crops, strict=True)
    ]
    assert references._unhidden(behind, bank.usual) == behind
    clear = bank.references[0]
    assert references._unhidden([*behind, clear], bank.usual) == [clear]
    assert references._unhidden([*behind, clear], None) == [*behind, clear]


def test_too_short_a_look_says_nothing_of_what_is_usual(scene: Any) -> None:
    (bank,) = collect_references(scene.read, [scene.segment], 1, scene.shape, scene.spec)
    assert bank.usual is None


def test_how_faces_usually_look_takes_bounded_space(
    hand: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, _ = hand

    def known(cuts: int) -> list[bool]:
        parts = [replace(scene.segment, frames=slice(30 * k, 30 * k + 30)) for k in range(cuts)]
        frames = [replace(f, index=f.index + 30 * k) for k in range(cuts) for f in scene.frames]
        film = replace(scene, frames=tuple(frames))
        banks = collect_references(film.read, parts, cuts, scene.shape, scene.spec)
        return [bank.usual is not None for bank in banks]

    monkeypatch.setattr(references, "_MOST_SAMPLES", 50)
    assert known(2) == [True, True]
    assert known(3) == [False] * 3
