from typing import Any

import numpy as np
import pytest

from synclips.faces.crop import CropSpec, Placement, invert, transform
from synclips.faces.landmarks import INNER, OUTER
from synclips.media.box import Box
from synclips.render.lip_edges import corners, lip_edges
from synclips.render.lip_map import fill
from synclips.render.lip_seam import close_seam

HEIGHT, WIDTH = 480, 640
EYES = 120.0  # pixels
SPEC = CropSpec(96)
LIPS, SKIN = np.array([170, 90, 90], np.float32), np.array([200, 160, 140], np.float32)


def placed() -> Placement:
    """The crop in a frame in which eyes are `EYES` apart."""
    step = EYES / SPEC.pixels_per_eye_distance
    return Placement(np.array([[step, 0, 250], [0, step, 200]]), SPEC)


def mouth(head: Any, opening: float) -> np.ndarray:
    """Landmarks (P, 3), pixels."""
    return head.film(np.array([[opening, 0, 0, 0]], np.float32), scale=EYES)[0]  # type: ignore[no-any-return]


def face(points: np.ndarray) -> np.ndarray:
    """(h, w, 3) skin and lips without any shade."""
    lips = fill(points[OUTER, :2], (HEIGHT, WIDTH))[..., None]
    return SKIN + lips * (LIPS - SKIN)


def closed(
    head: Any, picture: np.ndarray, points: np.ndarray, source: float = 2.0, share: float = 1.0
) -> np.ndarray:
    """The picture with a seam; `share` of its lips come from a mouth open by `source`."""
    after = picture.copy()
    lending = [transform(mouth(head, opening), placed().from_image) for opening in (source, 0.0)]
    close_seam(after, Box(0, 0, WIDTH, HEIGHT), points, placed(), lending, (share, 1 - share))
    return after


def profile(picture: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Light down the middle of the mouth, from a tenth of an eye distance above its line, (n,)."""
    x, y = (int(round(float(one))) for one in points[INNER[[5, 15]], :2].mean(axis=0))
    reach = int(EYES / 10)
    return picture[y - reach : y + reach + 1, x].mean(axis=-1)  # type: ignore[no-any-return]


def test_lips_that_touch_shade_each_other_along_a_line(head: Any) -> None:
    points = mouth(head, 0.0)
    before = face(points)
    light = profile(closed(head, before, points), points) / LIPS.mean()
    middle = len(light) // 2
    assert abs(int(light.argmin()) - middle) <= 1
    assert 0.5 < light.min() < 0.7, "as in films"
    assert (np.diff(light[: middle - 1]) < 1e-3).all() and (
        np.diff(light[middle + 1 :]) > -1e-3
    ).all()
    assert light[0] > 0.98 and light[-1] > 0.98
    # It is broader above, where the upper lip stands out over the lower one.
    assert (light[:middle] < 0.9).sum() > (light[middle + 1 :] < 0.9).sum()


def test_the_line_is_red_and_ends_before_the_corners(head: Any) -> None:
    points = mouth(head, 0.0)
    before = face(points)
    after = closed(head, before, points)
    changed = np.abs(after - before).max(axis=-1) > 0.5
    y, x = (round(float(one)) for one in points[INNER[5], 1::-1])
    assert after[y, x, 0] / before[y, x, 0] > after[y, x, 2] / before[y, x, 2] + 0.05
    left, right = corners(points[:, :2])
    columns = np.flatnonzero(changed.any(axis=0))
    assert left < columns[0] < left + 0.06 * EYES
    assert right - 0.06 * EYES < columns[-1] < right
    assert not changed[fill(points[OUTER, :2], (HEIGHT, WIDTH)) == 0].any()


def test_a_white_line_between_lips_is_darker_than_they_are(head: Any) -> None:
    points = mouth(head, 0.15)
    top, gap = lip_edges(points[:, :2], points[INNER[5], :1])
    assert 0 < gap[0] < 0.02 * EYES
    picture = face(points)
    picture[fill(points[INNER, :2], (HEIGHT, WIDTH)) > 0.3] = 230
    before, after = (profile(one, points)[3:-3] for one in (picture, closed(head, picture, points)))
    assert before.max() > 200
    assert after.max() < 1.02 * LIPS.mean()
    assert after[len(after) // 2] < 0.85 * LIPS.mean()


def test_open_lips_are_left_alone(head: Any) -> None:
    points = mouth(head, 1.5)
    picture = face(points)
    assert lip_edges(points[:, :2], points[INNER[5], :1])[1][0] > 0.05 * EYES
    # At both ends they come together; in between nothing is drawn.
    changed = np.flatnonzero(np.abs(closed(head, picture, points) - picture).max(axis=(0, 2)) > 0.5)
    left, right = corners(points[:, :2])
    assert not (
        (changed > left + 0.2 * (right - left)) & (changed < right - 0.2 * (right - left))
    ).any()


def test_lips_with_a_line_of_their_own_get_no_second_one(head: Any) -> None:
    points = mouth(head, 0.0)
    picture = face(points)
    own = picture.copy()
    y = round(float(points[INNER[5], 1])) + 2  # landmarks are not as exact as that
    x = np.s_[int(points[INNER[0], 0]) : int(points[INNER[10], 0])]
    own[y - 1 : y + 2, x] *= 0.5
    darker = profile(own, points) - profile(closed(head, own, points), points)
    fresh = profile(picture, points) - profile(closed(head, picture, points), points)
    assert darker.max() < 0.6 * fresh.max()
    assert profile(closed(head, own, points), points).min() == pytest.approx(
        profile(own, points).min()
    )


def test_lips_that_were_filmed_touching_are_as_they_were(head: Any) -> None:
    points = mouth(head, 0.0)
    picture = face(points)
    np.testing.assert_array_equal(closed(head, picture, points, source=0.0), picture)
    # Of two frames that lend a mouth each has its part in the line.
    deepest = [
        float((closed(head, picture, points, share=share) / picture).min()) for share in (1, 0.5, 0)
    ]
    assert deepest == sorted(deepest)
    assert deepest[1] == pytest.approx((deepest[0] + deepest[2]) / 2, abs=0.1)


def test_small_faces_have_a_paler_line(head: Any) -> None:
    small, wide = head.film(np.array([[0, 0, 0, 0], [2, 0, 0, 0]], np.float32), scale=30.0)
    picture = face(small)
    after = picture.copy()
    step = 30.0 / SPEC.pixels_per_eye_distance
    to_image = np.array([[step, 0, 300], [0, step, 200]])
    lending = transform(wide, invert(to_image))[None]
    close_seam(after, Box(0, 0, WIDTH, HEIGHT), small, Placement(to_image, SPEC), lending, (1.0,))
    share = (after / picture).min()
    assert 0.6 < share < 0.95


def test_no_mouth_in_the_box(head: Any) -> None:
    points = mouth(head, 0.0)
    part = face(points)[:20, :20]
    before = part.copy()
    close_seam(part, Box(0, 0, 20, 20), points, placed(), [], ())
    np.testing.assert_array_equal(part, before)
