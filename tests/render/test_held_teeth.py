from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from drawing import unmoved

from synclips.faces.landmarks import INNER
from synclips.render.composite import Fields
from synclips.render.held_teeth import hold_teeth
from synclips.render.lip_edges import lip_edges
from synclips.render.references import AlignedFace

SIZE = 640
EYES = 120.0  # pixels
UPPER, DARK, LOWER, SKIN = 230, 20, 200, 150


def lips(head: Any, opening: float) -> np.ndarray:
    """Landmarks (P, 2) in crop pixels."""
    return head.film(np.array([[opening, 0, 0, 0]], np.float32))[0, :, :2]


def crop(points: np.ndarray, parting: tuple[float, float] | None) -> np.ndarray:
    """A mouth full of upper teeth, or with lower ones below a dark gap between two heights."""
    u, v = np.meshgrid(np.arange(SIZE, dtype=np.float32), np.arange(SIZE, dtype=np.float32))
    top, gap = lip_edges(points, u)
    height = (v - top) / np.maximum(gap, 1e-3)
    picture = np.full((SIZE, SIZE), SKIN, np.uint8)
    inside = (height >= 0) & (height <= 1) & (np.abs(u - points[INNER, 0].mean()) < 0.2 * EYES)
    picture[inside] = UPPER
    if parting is not None:
        picture[inside & (height > parting[0])] = DARK
        picture[inside & (height > parting[1])] = LOWER
    return np.repeat(picture[..., None], 3, axis=-1)


def column(fields: Fields, target: np.ndarray, picture: np.ndarray) -> tuple[np.ndarray, ...]:
    """What the reference shows from lip to lip in the middle of the mouth, and the cavity's cover.

    Without the two pixels in which lips pass into the inside.
    """
    middle = round(float(target[INNER, 0].mean()))
    top, gap = (float(one) for one in lip_edges(target, np.float32(middle)))
    rows = np.arange(round(top) + 2, round(top + gap) - 1)
    places = (rows + fields.flow[rows, middle, 3]).astype(np.float32)
    across = np.full_like(places, middle)
    seen = cv2.remap(picture[..., 0], across, places, cv2.INTER_LINEAR)
    return seen[:, 0], fields.inner[rows, middle, 3]


@pytest.mark.parametrize("opening", [1.93, 2.05])
def test_a_mouth_that_is_hardly_wider_or_narrower_than_the_frames_is_left_alone(
    head: Any, opening: float
) -> None:
    source = lips(head, 2.0)
    frame = AlignedFace(source, crop(source, None))
    fields = unmoved(SIZE, 1.0)
    assert hold_teeth(fields, lips(head, opening), [frame, frame], EYES) is fields


def test_upper_and_lower_teeth_keep_their_size_and_it_is_dark_between(head: Any) -> None:
    source, target = lips(head, 1.0), lips(head, 2.4)
    picture = crop(source, (0.45, 0.55))
    held = hold_teeth(unmoved(SIZE, 1.0), target, [AlignedFace(source, picture)] * 2, EYES)
    middle = np.float32(target[INNER, 0].mean())
    gap, wide = (float(lip_edges(points, middle)[1]) for points in (source, target))
    assert wide > 2 * gap
    seen, dark = column(held, target, picture)
    upper, lower = (seen == UPPER).sum() + 2, (seen == LOWER).sum() + 2
    assert upper == pytest.approx(0.45 * gap, abs=3)
    assert lower == pytest.approx(0.45 * gap, abs=3)
    assert dark.max() > 0.95
    assert (dark > 0.5).sum() > 0.7 * (wide - gap)
    assert dark[0] < 0.1 and dark[-1] < 0.1
    colour = held.inner[..., :3][held.inner[..., 3] > 0.9]
    assert np.median(colour) < 0.3 * SKIN / 255, "and where it is not there is a tongue"


def test_rows_of_teeth_that_are_bowed_part_where_they_do(head: Any) -> None:
    source, target = lips(head, 1.6), lips(head, 2.6)
    u, v = np.meshgrid(np.arange(SIZE, dtype=np.float32), np.arange(SIZE, dtype=np.float32))
    top, gap = lip_edges(source, u)
    left, right = source[INNER[[0, 10]], 0]
    line = 0.6 - 6 * np.square((u - left) / (right - left) - 0.5)  # of the gap
    height = (v - top) / np.maximum(gap, 1e-3)
    picture = crop(source, None)
    inside = picture[..., 0] == UPPER
    picture[inside & (height > line - 0.1)] = DARK
    picture[inside & (height > line + 0.1)] = LOWER
    held = hold_teeth(unmoved(SIZE, 1.0), target, [AlignedFace(source, picture)] * 2, EYES)
    left, right = target[INNER[[0, 10]], 0]
    for place in (0.32, 0.68):
        at = round(float(left + place * (right - left)))
        top, wide = (float(one) for one in lip_edges(target, np.float32(at)))
        rows = np.arange(round(top) + 2, round(top + wide) - 1)
        across = (at + held.flow[rows, at, 2]).astype(np.float32)
        down = (rows + held.flow[rows, at, 3]).astype(np.float32)
        seen = cv2.remap(picture[..., 0], across, down, cv2.INTER_NEAREST)[:, 0]
        shown = seen[held.inner[rows, at, 3] < 0.5]
        there = (picture[:, at, 0] == LOWER).sum()
        assert (shown == LOWER).sum() + 2 == pytest.approx(there, abs=2), place


def test_lower_teeth_alone_stay_with_the_lower_lip(head: Any) -> None:
    source, target = lips(head, 1.0), lips(head, 2.4)
    picture = crop(source, (0.0, 0.5))
    held = hold_teeth(unmoved(SIZE, 1.0), target, [AlignedFace(source, picture)] * 2, EYES)
    middle = np.float32(target[INNER, 0].mean())
    gap, wide = (float(lip_edges(points, middle)[1]) for points in (source, target))
    seen, dark = column(held, target, picture)
    shown = np.where(dark > 0.5, DARK, seen)
    assert (shown[: round(0.6 * wide)] == DARK).all()
    assert (shown == LOWER).sum() + 2 == pytest.approx(0.5 * gap, abs=3)
    assert shown[-1] == LOWER
    # As dark as this mouth is inside, darker than mouths usually are, in the light of the frame.
    lit = replace(unmoved(SIZE, 1.0), gains=np.full((1, 3), 0.5, np.float32))
    for fields, dark_here in (
        (held, DARK),
        (hold_teeth(lit, target, [AlignedFace(source, picture)] * 2, EYES), DARK / 2),
    ):
        far = float(lip_edges(target, middle)[0]) + 0.2 * wide  # a tongue is below
        upper = fields.inner[: round(far), round(float(middle))]
        np.testing.assert_allclose(upper[upper[..., 3] > 0.9][:, :3], dark_here / 255, atol=0.02)


def test_lips_that_close_cover_teeth_instead_of_squeezing_them(head: Any) -> None:
    source, target = lips(head, 2.4), lips(head, 1.4)
    middle = np.float32(target[INNER, 0].mean())
    gap, narrow = (float(lip_edges(points, middle)[1]) for points in (source, target))
    assert 0.5 * gap < narrow < 0.7 * gap
    # Rows of teeth: all of the upper ones stay, and the dark goes before the lower ones do.
    picture = crop(source, (0.35, 0.75))
    seen, dark = column(
        hold_teeth(unmoved(SIZE, 1.0), target, [AlignedFace(source, picture)] * 2, EYES),
        target,
        picture,
    )
    assert (seen == UPPER).sum() + 2 == pytest.approx(0.35 * gap, abs=4)
    assert seen[-1] == LOWER and not dark.any()
    # Teeth without a gap go behind the lower lip.
    marks = crop(source, None)
    top = float(lip_edges(source, middle)[0])
    line = round(top + 0.4 * gap)
    marks[line : line + 3] = DARK
    held = hold_teeth(unmoved(SIZE, 1.0), target, [AlignedFace(source, marks)] * 2, EYES)
    seen, _ = column(held, target, marks)
    there = np.flatnonzero(seen < 100).mean() + 2
    assert there == pytest.approx(0.4 * gap + 1, abs=1.5)
    assert there > 0.4 * narrow + 3, "where it would have been squeezed to"


def test_a_tongue_below_teeth_goes_with_the_lower_lip(head: Any) -> None:
    source, target = lips(head, 1.0), lips(head, 2.4)
    gap = float(lip_edges(source, np.float32(source[INNER, 0].mean()))[1])
    teeth, tongue = (230, 220, 210), (220, 130, 130)

    def first_dark(*levels: tuple[float, tuple[int, int, int]], lip: tuple[int, int, int]) -> int:
        picture = crop(source, None)
        picture[picture[..., 0] == SKIN] = lip
        u, v = np.meshgrid(np.arange(SIZE, dtype=np.float32), np.arange(SIZE, dtype=np.float32))
        top, own = lip_edges(source, u)
        height = (v - top) / np.maximum(own, 1e-3)
        inside = picture[..., 0] == UPPER
        for level, colour in levels:
            picture[inside & (height >= level)] = colour
        held = hold_teeth(unmoved(SIZE, 1.0), target, [AlignedFace(source, picture)] * 2, EYES)
        return int(np.flatnonzero(column(held, target, picture)[1] > 0.5)[0]) + 2

    pink, grey = (200, 110, 110), (150, 150, 150)
    assert first_dark((0, teeth), (0.5, tongue), lip=pink) == pytest.approx(0.5 * gap, abs=6)
    assert first_dark((0, tongue), lip=pink) < 0.4 * gap
    assert first_dark((0, teeth), lip=pink) > 0.7 * gap
    # Where lips are grey, colour says nothing.
    assert first_dark((0, (210, 200, 200)), (0.5, (200, 200, 200)), lip=grey) > 0.7 * gap


@pytest.mark.parametrize(
    ("dim", "depth", "parting"),
    [
        (0.8 * SKIN, 0.3, None),  # dimmer than teeth, and no hole
        (0.4 * SKIN, 0.07, None),  # as dark as one, and thin
        (0.4 * SKIN, 0.3, (0.6, 0.7)),  # teeth that end in the dark
    ],
)
def test_teeth_in_the_shade_of_the_upper_lip_hang_from_it(
    head: Any, dim: float, depth: float, parting: tuple[float, float] | None
) -> None:
    source, target = lips(head, 1.0), lips(head, 2.4)
    picture, shaded = crop(source, parting), crop(source, (0.0, depth))
    picture[shaded == DARK] = dim
    held = hold_teeth(unmoved(SIZE, 1.0), target, [AlignedFace(source, picture)] * 2, EYES)
    gap = float(lip_edges(source, np.float32(source[INNER, 0].mean()))[1])
    _, dark = column(held, target, picture)
    assert np.flatnonzero(dark > 0.5)[0] + 2 > 0.55 * gap


def test_nothing_is_painted_over_teeth_that_keep_their_size(head: Any) -> None:
    source, target = lips(head, 1.0), lips(head, 2.4)
    picture = crop(source, (0.45, 0.55))
    hazy, clear = (
        replace(unmoved(SIZE, 1.0), inner=np.full((SIZE, SIZE, 4), cover, np.float32))
        for cover in (0.5, 0.0)
    )
    with_haze, without = (
        hold_teeth(fields, target, [AlignedFace(source, picture)] * 2, EYES)
        for fields in (hazy, clear)
    )
    middle = round(float(target[INNER, 0].mean()))
    top, gap = (float(one) for one in lip_edges(target, np.float32(middle)))
    rows = slice(round(top) + 1, round(top + gap))
    assert without.inner[rows, middle, 3].max() > 0.95
    np.testing.assert_allclose(
        with_haze.inner[rows, middle, 3], without.inner[rows, middle, 3], atol=0.02
    )
    # What closed lips hide cannot be held.
    shut = lips(head, 0.0)
    fields = hold_teeth(hazy, target, [AlignedFace(shut, crop(shut, None))] * 2, EYES)
    assert fields.inner[rows, middle, 3].min() > 0.45
    # Where lips hardly part there is nothing to hold, and what is painted stays.
    kept = hold_teeth(hazy, lips(head, 1.0), [AlignedFace(source, picture)] * 2, EYES)
    assert kept is hazy


def test_teeth_without_a_gap_hang_from_the_upper_lip(head: Any) -> None:
    source, target = lips(head, 1.0), lips(head, 2.4)
    picture = crop(source, None)
    held = hold_teeth(unmoved(SIZE, 1.0), target, [AlignedFace(source, picture)] * 2, EYES)
    gap = float(lip_edges(source, np.float32(source[INNER, 0].mean()))[1])
    _, dark = column(held, target, picture)
    first = np.flatnonzero(dark > 0.5)[0] + 2
    assert first == pytest.approx(0.9 * gap, abs=0.25 * gap)
    assert dark[first:].max() > 0.95


def test_nothing_changes_outside_the_mouth_and_little_while_it_is_hardly_wider(head: Any) -> None:
    source = lips(head, 1.0)
    picture = crop(source, (0.45, 0.55))
    before = unmoved(SIZE, 1.0)
    changes = []
    for opening in (1.2, 1.4, 2.4):
        target = lips(head, opening)
        held = hold_teeth(before, target, [AlignedFace(source, picture)] * 2, EYES)
        u, v = np.meshgrid(np.arange(SIZE, dtype=np.float32), np.arange(SIZE, dtype=np.float32))
        top, gap = lip_edges(target, u)
        corners = target[INNER[[0, 10]], 0]
        outside = (v < top - 3) | (v > top + gap + 3) | (u < corners[0]) | (u > corners[1])
        np.testing.assert_allclose(held.flow[outside], 0, atol=0.3)
        np.testing.assert_allclose(held.inner[..., 3][outside], 0, atol=0.3)
        changes.append(float(held.inner[..., 3].max()))
    assert changes == sorted(changes)
    # What was given stays as it was.
    assert not before.flow.any() and not before.inner.any()


def test_only_frames_that_show_and_are_open_otherwise_are_held(head: Any) -> None:
    closed, wide = lips(head, 1.0), lips(head, 2.4)

    def moved(window: float, *lent: np.ndarray) -> list[bool]:
        frames = [AlignedFace(points, crop(points, None)) for points in lent]
        flow = hold_teeth(unmoved(SIZE, window), wide, frames, EYES).flow
        assert not flow[..., 4:].any()  # the lips' own flows
        return [bool(flow[..., 2 * number + 1].any()) for number in range(2)]

    assert moved(1.0, closed, closed) == [False, True]
    assert moved(0.5, closed, closed) == [True, True]
    assert moved(1.0, closed, wide) == [False, False]
    assert moved(0.5, closed, wide) == [True, False]


def test_a_tongue_comes_up_behind_what_is_held_and_the_dark_is_above_it(head: Any) -> None:
    source, target = lips(head, 0.8), lips(head, 2.4)
    picture = crop(source, (0.4, 0.6))
    picture[..., 1:] = picture[..., 1:] * 0.8  # a warm light
    fields = hold_teeth(
        unmoved(SIZE, 1.0),
        target,
        [AlignedFace(source, picture), AlignedFace(source, picture)],
        EYES,
    )
    middle = round(float(target[INNER, 0].mean())) + 4
    cover = fields.inner[:, middle, 3]
    shown = np.flatnonzero(cover > 0.9)
    colours = fields.inner[shown, middle, :3]
    assert len(shown) > 6
    assert colours[-1].mean() > 1.3 * colours[: len(shown) // 2].mean(axis=1).min()
    assert colours[-1, 0] > 1.5 * colours[-1, 1], "it is red"
