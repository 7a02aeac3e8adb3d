"""Words in a corner of every frame."""

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from synclips.errors import InputError
from synclips.media.picture import RgbPicture
from synclips.render.label import Label, check_label

SIZE = (360, 640)
Array = np.ndarray


def shown(label: Label, size: tuple[int, int] = SIZE, level: int = 90) -> Array:
    return label.over(RgbPicture(np.full((*size, 3), level, np.uint8))).image


def extent(image: Array, level: int = 90) -> tuple[int, int, int, int]:
    """Top, bottom, left and right of what is not grey."""
    rows, columns = np.nonzero((image != level).any(axis=-1))
    return rows.min(), rows.max() + 1, columns.min(), columns.max() + 1


def test_words_stand_in_the_lower_left_corner_and_nothing_else_changes() -> None:
    image = shown(Label("AI-generated", SIZE))
    top, bottom, left, right = extent(image)
    assert 10 <= left <= 12 and 348 <= bottom <= 350  # 3 % of the shorter side
    assert 15 < bottom - top < 40 and 80 < right - left < 200
    assert image.max() == 255 and image.min() < 50  # white on dark


@pytest.mark.parametrize("words", ["KI", "сгенерировано ИИ", "généré par l’IA – 100 %", "Ağustos"])
def test_letters_of_many_languages_are_written(words: str) -> None:
    other = shown(Label(words[::-1], SIZE))
    assert not np.array_equal(shown(Label(words, SIZE)), other)


def test_all_labels_are_as_high() -> None:
    tops = {extent(shown(Label(words, SIZE)))[:2] for words in ("ace", "Ågy|", "AI-generated")}
    assert len(tops) == 1


def test_a_long_label_stays_in_the_picture() -> None:
    left, right = extent(shown(Label("Synthetic speech and lips, " * 20, SIZE)))[2:]
    assert left > 0 and right <= 640 * 0.85
    # and in one that is hardly large enough for a word
    tiny = shown(Label("AI-generated", (40, 24)), (40, 24))
    assert (tiny != 90).any()


def test_a_label_that_nobody_can_read_is_told() -> None:
    disclosure = "The lips and the voice in this video are synthetic, made by synclips."
    assert Label("AI-generated", (144, 176)).remarks == Label(disclosure, (720, 1280)).remarks == ()
    (remark,) = Label(disclosure, (256, 256)).remarks
    assert remark == "The label is too long to be read in a picture 256 pixels wide; shorten it."


def test_letters_are_not_stretched_where_pixels_are_wide() -> None:
    square = extent(shown(Label("AI-generated", SIZE)))
    wide = extent(shown(Label("AI-generated", (360, 320), Fraction(2)), (360, 320)))
    assert wide[:2] == square[:2]
    assert abs((wide[3] - wide[2]) * 2 - (square[3] - square[2])) <= 3


def test_a_picture_is_shown_as_far_as_it_is_opaque(tmp_path: Path) -> None:
    sign = np.zeros((50, 100, 4), np.uint8)
    sign[:, :50] = (0, 0, 255, 255)  # red, as OpenCV writes it; the right half is transparent
    path = tmp_path / "sign.png"
    cv2.imwrite(str(path), sign)
    image = shown(Label(path, SIZE))
    top, bottom, left, right = extent(image)
    assert abs(bottom - top - 0.08 * 360) <= 1
    assert abs((right - left) / (bottom - top) - 1) < 0.15
    assert tuple(image[(top + bottom) // 2, left + 5]) == (255, 0, 0)


def test_what_is_no_label_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "sign.png"
    broken.write_text("no picture")
    for what, reason in [
        ("  \n", "The label is empty"),
        ("AI 生成", "there is no '生' in the font. Give it as a picture"),
        (broken, "it is no picture"),
        (tmp_path / "missing.png", "No such file"),
    ]:
        with pytest.raises(InputError, match=".") as caught:
            check_label(what)
        assert reason in str(caught.value)
