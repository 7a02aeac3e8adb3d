"""Sway: the head of a portrait moves a little while it speaks.

The head is a relief whose depth is that of the landmarks; turning it by a degree or two shifts
every pixel by an amount that is the same for all frames, so three fields are made once and added up
for each frame. Towards shoulders and background they fade to nothing. Only pictures need it.
"""

from collections.abc import Iterator
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.features.timing import SAMPLE_RATE
from synclips.media.box import Box
from synclips.media.picture import EditedPicture, Picture
from synclips.media.spool import Rows
from synclips.render.ramp import ramp

Array = NDArray[np.float32]

# Degrees (amplitude) and seconds of the waves that make up yaw, pitch and roll. A relief reads as
# turned by less than it is: in results, to the tracker, heads have about half of the standard
# deviations that those of 60 clips of people who talk have (docs/results.md, "Portraits").
_WAVES = (
    ((1.4, 9.1), (1.0, 4.3), (0.6, 2.3), (0.2, 1.1)),
    ((1.0, 7.7), (0.8, 3.7), (0.4, 1.9), (0.15, 0.9)),
    ((0.8, 10.3), (0.6, 5.3), (0.35, 2.9), (0.1, 1.3)),
)
_BEGINS = 1.0  # seconds within which it comes up from nothing: the first frame is the picture
_NOD = 3.0  # degrees the head goes down from silence to the loudest syllables
_QUIET_DB = 30.0  # below these
_SILENT = 1e-9  # power
_SYLLABLE = 0.12  # seconds (standard deviation) that loudness is smoothed over
_PHRASE = 1.0  # and that it is compared with
_LEVELS_RATE = 25  # per second

# Shares of the width of the face.
_NECK_BEHIND = 0.55  # the axis it turns about, behind the outline of the face
_NECK_BELOW = 0.15  # and below the chin
_RELIEF = 0.12  # landmarks as near as this say how deep a place is
_BORDER = 0.15  # at the border of the picture, which stays where it is
_STEP = 1 / 48  # of the fields
# The head is an ellipse around the face and the hair above it: shares of width and height of the
# face. It moves as one; twice as far out nothing does.
_HEAD = (0.62, 0.78)
_ABOVE = 0.12  # of the height, by which its middle lies above that of the face
_REACH = 1.95


class Sway:
    """The movement of one head to one sound.

    Args:
        size: height and width of the picture.
        points: (P, 3) landmarks of the face, pixels, z away from the camera.
        samples: (n,) the speech at `SAMPLE_RATE`.
    """

    def __init__(self, size: tuple[int, int], points: Array, samples: Rows) -> None:
        self._nods = _nods(_levels(samples))
        low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
        wide, tall = (high - low).tolist()
        middle = (low + high) / 2 - (0, _ABOVE * tall)
        radii = np.array(_HEAD, np.float32) * (wide, tall)
        first = np.maximum(middle - _REACH * radii, 0).astype(int)
        last = np.minimum(np.ceil(middle + _REACH * radii), size[::-1]).astype(int)
        self._box = Box(*first.tolist(), *last.tolist())
        step = max(1, int(_STEP * wide))
        # Each place stands in the middle of `step` pixels, as enlarging takes it.
        x, y = (
            np.arange(a, b, step, dtype=np.float32) + np.float32((step - 1) / 2)
            for a, b in zip(first, last, strict=True)
        )
        self._enlarged = (len(x) * step, len(y) * step)
        grid = np.stack(np.meshgrid(x, y), axis=-1)
        depth = _depth(grid, points, _RELIEF * wide) + _NECK_BEHIND * wide
        neck = np.array([(low[0] + high[0]) / 2, high[1] + _NECK_BELOW * tall], np.float32)
        moves = _moves(grid, middle, radii) * _inside(grid, size, step, _BORDER * wide)
        none = np.zeros_like(depth)
        across, down = np.moveaxis(grid - neck, -1, 0)
        # Pixels to the right and down per radian of yaw, pitch and roll: (3, 2, h, w).
        self._fields = np.stack([(depth, none), (none, depth), (-down, across)]) * moves

    def angles(self, time: Fraction) -> Array:
        """Yaw, pitch and roll away from the picture's own, degrees; the head nods by +pitch."""
        now = float(time)
        waves = [
            sum(size * np.sin(2 * np.pi * now / period) for size, period in axis) for axis in _WAVES
        ]
        place = min(int(now * _LEVELS_RATE), len(self._nods) - 1)
        angles = np.array([waves[0], waves[1] + self._nods[place], waves[2]], np.float32)
        return angles * np.float32(min(now / _BEGINS, 1.0))

    def moved(self, picture: Picture, time: Fraction) -> Picture:
        """The picture with the head where it is at a time; itself at the beginning."""
        angles = np.radians(self.angles(time))
        if not angles.any():
            return picture
        right, down = (
            cv2.resize(shift, self._enlarged, interpolation=cv2.INTER_LINEAR)
            for shift in np.tensordot(angles, self._fields, 1).astype(np.float32)
        )
        part = picture.part(self._box)
        height, width = part.shape[:2]
        x = np.arange(width, dtype=np.float32) - right[:height, :width]
        y = np.arange(height, dtype=np.float32)[:, None] - down[:height, :width]
        moved = cv2.remap(part, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        return EditedPicture(picture, self._box, moved.astype(np.uint8))


def _depth(grid: Array, points: Array, near: float) -> Array:
    """(h, w) how far each place stands out towards the camera, from the landmarks near it."""
    apart = np.square(grid[:, :, None] - points[:, :2]).sum(axis=-1)
    weight = np.exp((apart.min(axis=-1, keepdims=True) - apart) / (2 * near**2))
    depth: Array = -(weight @ points[:, 2]) / weight.sum(axis=-1)
    return depth


def _moves(grid: Array, middle: Array, radii: Array) -> Array:
    """(h, w) 1 in the head, 0 where nothing moves."""
    away = np.linalg.norm((grid - middle) / radii, axis=-1)
    return ramp((_REACH - away) / (_REACH - 1)).astype(np.float32)


def _inside(grid: Array, size: tuple[int, int], step: int, margin: float) -> Array:
    """(h, w) 0 for places that pixels at the border of the picture depend on, 1 away from it."""
    last = np.array([size[1] - 1, size[0] - 1], np.float32)
    nearest = np.minimum(grid, last - grid).min(axis=-1) - np.float32(step)
    share: Array = np.clip(nearest / np.float32(max(margin, 1.0)), 0, 1)
    return share


def _nods(levels: Array) -> Array:
    """(N,) degrees of pitch: down on what is louder than the phrase around it."""
    loud = np.percentile(levels[levels > levels.max() - _QUIET_DB], 95)
    share = np.clip(1 + (levels - loud) / _QUIET_DB, 0, 1)
    syllable, phrase = (_smoothed(share, width * _LEVELS_RATE) for width in (_SYLLABLE, _PHRASE))
    return (_NOD * (syllable - phrase)).astype(np.float32)


def _smoothed(values: Array, width: float) -> Array:
    smooth: Array = cv2.GaussianBlur(
        values.astype(np.float32)[None], (0, 0), width, borderType=cv2.BORDER_REPLICATE
    )[0]
    return smooth


def _levels(samples: Rows) -> Array:
    """(N,) dB, `_LEVELS_RATE` per second; at least one."""
    size = SAMPLE_RATE // _LEVELS_RATE
    power = np.array([float(np.mean(np.square(part))) for part in _parts(samples, size)] or [0.0])
    levels: Array = (10 * np.log10(np.maximum(power, _SILENT))).astype(np.float32)
    return levels


def _parts(samples: Rows, size: int) -> Iterator[NDArray[np.float32]]:
    """None of them is empty."""
    for start in range(0, len(samples), size):
        yield np.asarray(samples[start : start + size], np.float32)
