from typing import Any

import cv2
import numpy as np
from drawing import unmoved

from synclips.faces.landmarks import INNER
from synclips.render.lip_edges import lip_edges
from synclips.render.lip_map import fill
from synclips.render.lip_shade import shade_mouth

SIZE = 640
EYES = 120.0  # pixels


def lips(head: Any, opening: float) -> np.ndarray:
    """Landmarks (P, 2) in crop pixels."""
    return head.film(np.array([[opening, 0, 0, 0]], np.float32))[0, :, :2]


def left(head: Any, opening: float, source: float) -> np.ndarray:
    """What is left of the light of a mouth of one opening in one of another, (S, S)."""
    shut, lent = lips(head, 0.0), lips(head, source)
    fields = shade_mouth(unmoved(SIZE, 1.0), lips(head, opening), [shut, lent, lent], EYES)
    if fields.light is None:
        return np.ones((SIZE, SIZE), np.float32)
    assert fields.light.shape == (SIZE, SIZE, 2), "of those that are drawn"
    assert (fields.light[..., 0] == 1).all(), "it is no darker than in a closed mouth"
    return fields.light[..., 1]


def test_teeth_are_in_the_shade_of_lips_that_nearly_meet(head: Any) -> None:
    middle = np.float32(lips(head, 0.0)[INNER, 0].mean())
    shown = []
    for opening in (1.6, 0.8, 0.4, 0.2):
        top, gap = (float(one) for one in lip_edges(lips(head, opening), middle))
        shown.append(left(head, opening, 2.4)[round(top + gap / 2), round(float(middle))])
    assert shown[0] == 1
    assert shown == sorted(shown, reverse=True)
    assert shown[-1] < 0.7


def test_teeth_of_a_mouth_as_narrow_are_as_they_were_filmed(head: Any) -> None:
    fields = unmoved(SIZE, 1.0)
    for source in (0.4, 0.3):  # and no brighter where it is wider than there
        own = lips(head, source)
        assert shade_mouth(fields, lips(head, 0.4), [own, own, own], EYES) is fields


def test_lips_are_not_darkened(head: Any) -> None:
    around = cv2.dilate(fill(lips(head, 0.4)[INNER], SIZE), np.ones((3, 3)))
    assert (left(head, 0.4, 2.4)[around == 0] == 1).all()
