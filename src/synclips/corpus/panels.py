"""What a clip looks like: mel picture, waveform, words along time, landmarks on a crop.

Knows pixels and arrays, and that all panels of one clip share a time axis; knows no files.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.corpus.manifest import Word
from synclips.evaluation.tiles import Image, blank, text_tile
from synclips.faces.landmarks import INNER, LIPS, OUTER

Array = NDArray[np.float32]

LINE = 24  # pixels, of a line of text

_QUIET, _LOUD = -2.0, 2.5  # standardised log-mel, from the darkest to the brightest colour
_FULL_SCALE = 0.5  # half the height of a waveform: peaks of speech at -23 LUFS
_FAINT, _WAVE = (190, 190, 190), (60, 90, 140)
_LIP_COLOUR, _OTHERS = (255, 70, 90), (90, 230, 120)
_SHIFT = 4  # binary places of the coordinates that OpenCV draws at


def mel_panel(mel: Array, width: int, height: int) -> Image:
    """Log-mel (F, n_mels) as a picture, low frequencies at the bottom, always in one scale."""
    scaled = np.clip((mel.T[::-1] - _QUIET) / (_LOUD - _QUIET), 0, 1)
    grey = np.round(255 * scaled).astype(np.uint8)
    method = cv2.INTER_AREA if width < len(mel) else cv2.INTER_LINEAR
    large = cv2.resize(grey, (width, height), interpolation=method)
    colours = cv2.applyColorMap(large, cv2.COLORMAP_MAGMA)
    return np.ascontiguousarray(colours[..., ::-1]).astype(np.uint8, copy=False)


def wave_panel(samples: Array, width: int, height: int) -> Image:
    """A sound (n,) as the span between its extremes per column, always in one scale."""
    panel = blank(width, height)
    edges = np.linspace(0, len(samples), width + 1).astype(int)
    middle = (height - 1) / 2
    for column, (first, stop) in enumerate(zip(edges[:-1], edges[1:], strict=True)):
        part = np.clip(samples[first : max(stop, first + 1)] / _FULL_SCALE, -1, 1)
        if len(part):
            top, bottom = middle - middle * part.max(), middle - middle * part.min()
            panel[round(top) : round(bottom) + 1, column] = _WAVE
    return panel


def word_panel(words: Sequence[Word], frames: int, width: int) -> Image:
    """Words in the places of their frames, of `frames` in all."""
    panel = blank(width, LINE)
    for word in words:
        left, right = (round(place / frames * width) for place in (word.first, word.stop))
        cv2.rectangle(panel, (left, 1), (right - 1, LINE - 2), _FAINT, 1)
        label = text_tile(word.text, max(right - left - 2, 1))[2:-2]
        panel[2:-2, left + 1 : left + 1 + label.shape[1]] = label
    return panel


def with_landmarks(picture: Image, points: Array, zoom: int) -> Image:
    """A crop enlarged, both lip contours as lines and all other landmarks as dots.

    Args:
        picture: (S, S, 3).
        points: (P, 2) in its pixels.
        zoom: how many times as large it is drawn.
    """
    size = len(picture) * zoom
    large = cv2.resize(picture, (size, size), interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    places = _places((points + 0.5) * zoom - 0.5)
    for place in np.delete(places, LIPS, axis=0):
        cv2.circle(large, place.tolist(), 2**_SHIFT, _OTHERS, cv2.FILLED, cv2.LINE_AA, _SHIFT)
    return _outlined(large, places)


def with_outline(picture: Image, points: Array) -> Image:
    """A crop as large as it is with both lip contours."""
    return _outlined(picture.copy(), _places(points))


def _places(points: Array) -> NDArray[np.int32]:
    return np.asarray(np.round(points * 2**_SHIFT), np.int32)


def _outlined(picture: Image, places: NDArray[np.int32]) -> Image:
    contours = [places[OUTER], places[INNER]]
    cv2.polylines(picture, contours, True, _LIP_COLOUR, 1, cv2.LINE_AA, _SHIFT)
    return picture


def framed(picture: Image, width: int, height: int) -> Image:
    """A picture in the upper left of a tile of paper."""
    tile = blank(width, height)
    tile[: picture.shape[0], : picture.shape[1]] = picture
    return tile


def label_tile(lines: Sequence[str], width: int, height: int) -> Image:
    """Lines of text, one below the other."""
    return framed(np.vstack([text_tile(line, width) for line in lines]), width, height)
