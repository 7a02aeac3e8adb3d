import numpy as np

from synclips.media.box import Box

OUTER = Box(10, 20, 50, 40)


def test_a_box_asks_an_array_for_its_pixels():
    image = np.arange(60 * 80).reshape(60, 80)
    inner = Box(12, 25, 20, 30)
    assert inner.size == (8, 5)
    np.testing.assert_array_equal(image[inner.index], image[25:30, 12:20])
    np.testing.assert_array_equal(image[OUTER.index][inner.inside(OUTER)], image[inner.index])
    assert Box.whole(image.shape) == Box(0, 0, 80, 60)


def test_what_boxes_share_lies_in_both():
    other = Box(30, 0, 90, 25)
    assert OUTER.shared(other) == other.shared(OUTER) == Box(30, 20, 50, 25)
    assert OUTER.holds(OUTER.shared(other)) and other.holds(OUTER.shared(other))
    assert not OUTER.holds(other) and not OUTER.holds(OUTER.moved(1, 0))
    assert 0 in OUTER.shared(OUTER.moved(40, 0)).size
    assert 0 in OUTER.shared(OUTER.moved(0, -30)).size
    assert 0 in OUTER.shared(OUTER.moved(100, 100)).size
