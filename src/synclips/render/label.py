"""Words or a sign that every frame shows, such as "AI-generated".

Drawn once, for pictures of one size, and laid over the lower left corner of each. Knows neither
what else is in the pictures nor where they go.
"""

from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from synclips.errors import InputError
from synclips.media.box import Box
from synclips.media.picture import EditedPicture, Picture
from synclips.render.blending import blend

# Shares of the shorter side of the picture: letters, room around them, room to the corner.
_LETTER, _PADDING, _MARGIN = 0.042, 0.014, 0.03
# A sign of somebody's own is made as high, and no wider than so much of the picture; words too.
_SIGN, _WIDEST = 0.08, 0.8
_LEAST = 9  # pixels of a letter; fewer cannot be read
_GROUND = (0, 0, 0, 140)


class Label:
    """A label for pictures of one size.

    Args:
        what: words; or as a `Path` a picture, which may be transparent.
        size: height and width of the pictures.
        aspect: width of a pixel over its height.

    Raises:
        InputError: there are no words, or some that cannot be written; or it is no picture.

    Attributes:
        remarks: what its user should know, a sentence each.
    """

    def __init__(
        self, what: str | Path, size: tuple[int, int], aspect: Fraction = Fraction(1)
    ) -> None:
        height, width = size
        short = min(height, round(width * aspect))
        seen = width * float(aspect)
        widest = round(seen * _WIDEST)
        self.remarks: tuple[str, ...] = ()
        if isinstance(what, Path):
            sign = _fitted(_picture(what), round(short * _SIGN), widest)
        else:
            letter = max(round(short * _LETTER), _LEAST)
            words = _words(what, letter, round(short * _PADDING))
            sign = _fitted(words, words.height, widest)
            if letter * sign.width < _LEAST * words.width:
                self.remarks = (
                    f"The label is too long to be read in a picture {width} pixels wide; shorten"
                    " it.",
                )
        across = max(1, round(sign.width / float(aspect)))
        drawn = np.asarray(sign.resize((across, sign.height)).convert("RGBA"))
        margin = round(short * _MARGIN)
        top = max(height - margin - drawn.shape[0], 0)
        drawn = drawn[:height, :width]
        left = min(margin, width - drawn.shape[1])
        self._box = Box(left, top, left + drawn.shape[1], top + drawn.shape[0])
        self._colours: NDArray[np.float32] = drawn[..., :3].astype(np.float32)
        self._shows = np.ascontiguousarray(drawn[..., 3], np.float32) / np.float32(255)

    def over(self, picture: Picture) -> Picture:
        """The picture with the label; elsewhere it is the same."""
        under = np.ascontiguousarray(picture.part(self._box))
        labelled = blend(under, self._shows, self._colours)
        return EditedPicture(picture, self._box, labelled)


def check_label(what: str | Path) -> None:
    """Refuse a label before anything else is done.

    Raises:
        InputError: as `Label` does.
    """
    Label(what, (720, 1280))


def _words(words: str, letter: int, padding: int) -> Image.Image:
    """White words on a dark ground, letters and room around them of so many pixels."""
    words = " ".join(words.split())
    if not words:
        raise InputError("The label is empty; give words, or leave --label out.")
    font = _font(letter)
    if missing := _missing(words, font):
        raise InputError(
            f"The label cannot be written: there is no {missing!r} in the font. Give it as a"
            " picture (.png)."
        )
    left, top, right, bottom = font.getbbox(words)
    ascent, descent = font.getmetrics()
    # As high for every label, with or without letters that reach up or down.
    size = round(right - left) + 2 * padding, ascent + descent + padding
    sign = Image.new("RGBA", size, _GROUND)
    ImageDraw.Draw(sign).text((padding - left, padding // 2), words, (255, 255, 255, 255), font)
    return sign


def _font(letter: int) -> ImageFont.FreeTypeFont:
    import matplotlib  # for DejaVu Sans alone; MediaPipe needs it anyway

    return ImageFont.truetype(f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans.ttf", letter)


def _missing(words: str, font: ImageFont.FreeTypeFont) -> str | None:
    """The first character that the font has not."""
    none = bytes(font.getmask("\uffff"))
    return next((each for each in words if bytes(font.getmask(each)) == none), None)


def _picture(path: Path) -> Image.Image:
    try:
        with Image.open(path) as file:
            return file.convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError) as error:
        reason = getattr(error, "strerror", None) or "it is no picture"
        raise InputError(f"{path} cannot be the label ({reason}); give a .png.") from error


def _fitted(sign: Image.Image, height: int, widest: int) -> Image.Image:
    """A sign made as high, or lower where it would be too wide."""
    scale = min(height / sign.height, widest / sign.width)
    size = max(1, round(sign.width * scale)), max(1, round(sign.height * scale))
    return sign if size == sign.size else sign.resize(size, Image.Resampling.LANCZOS)
