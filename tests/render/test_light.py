from typing import Any

import numpy as np
import pytest

from synclips.media.picture import RgbPicture
from synclips.render.light import light_of


def test_light_is_that_of_the_skin_and_not_of_the_room(scene: Any) -> None:
    image, points = scene.frames[0].image, scene.segment.points[0]
    light = light_of(RgbPicture(image), points)
    assert light == pytest.approx(np.mean([120, 140, 150]) / 255, abs=0.06)
    assert light_of(RgbPicture(image // 2), points) == pytest.approx(light / 2, abs=0.01)
    room = image.copy()
    room[:, :150] = room[:, 500:] = 255
    assert light_of(RgbPicture(room), points) == pytest.approx(light)


def test_a_face_outside_of_the_picture_has_the_light_of_its_rim(scene: Any) -> None:
    picture = RgbPicture(np.full((48, 64, 3), 51, np.uint8))
    assert light_of(picture, scene.segment.points[0] + 2000) == pytest.approx(0.2)
