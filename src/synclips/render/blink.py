"""Blinks: a portrait that speaks without ever closing its eyes looks like a mask.

The upper lid comes down over the eye, drawn from the skin between lid and brow, which is stretched
for as long as a blink lasts. Only pictures blink; the people in a video do so by themselves.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.faces.eyes import Eye
from synclips.media.box import Box
from synclips.media.picture import EditedPicture, Picture
from synclips.render.schedule import Showing

Array = NDArray[np.float32]

CLOSURE = (0.35, 0.85, 1.0, 0.9, 0.55, 0.25, 0.08)
"""How far the lids are down in the frames of a blink, 25 per second: shut in 0.12 s, open again in
0.2 s, about as VanderWerf et al. (Eyelid movements, Journal of Neurophysiology 2003) show them."""

_FIRST = 45  # frames before the first blink
# Frames from one to the next: 17 times a minute, which is what people at rest do (Bentivoglio et
# al., Analysis of blink rate patterns in normal subjects, 1997; in conversation it is 26).
_GAP = (50, 127)
_SEED = 7

_NARROWEST = 10  # pixels between the corners of an eye that is worth it
_OPEN = 0.15  # height over width; eyes that are nearly shut, or seen from aside, stay as they are
# Shares of the width of the eye.
_SKIN = 0.28  # above the lid that is stretched, or as much of what is below the brow as
_BELOW_BROW = 0.6
_RIM = 0.07  # of the lid, with lashes and their shadow, that is not stretched
_OVERLAP = 0.04  # by which a closed lid covers the lower one
_STILL = 0.06  # at either corner, towards which the lid falls less
_SMOOTHED = 0.1  # outlines of few points
_ROOM = 0.65  # around the line from corner to corner, for lid and what hides it
_OUTLINE = 128  # places along the eye


def blinking(showings: Iterable[Showing], eyes: Sequence[Eye]) -> Iterator[Showing]:
    """The showings of one picture, 25 per second, its eyes closing now and then.

    Args:
        showings: all show the same picture.
        eyes: of that picture; it blinks with both of them or not at all.
    """
    closures = _closures()
    drawn: dict[float, Picture] = {}
    for showing in showings:
        closure = next(closures) if can_blink(eyes, showing.frame.picture.size) else 0.0
        if not closure:
            yield showing
            continue
        if closure not in drawn:
            drawn[closure] = _closed(showing.frame.picture, eyes, closure)
        yield replace(showing, frame=replace(showing.frame, picture=drawn[closure]))


def can_blink(eyes: Sequence[Eye], size: tuple[int, int]) -> bool:
    """Whether there are eyes, and all can close in a picture of a height and width."""
    return bool(eyes) and all(_can_close(eye, size) for eye in eyes)


def _can_close(eye: Eye, size: tuple[int, int]) -> bool:
    """Whether an eye is open, large enough and within a picture of a height and width."""
    corners = eye.upper[[0, -1]]
    inside = bool(((corners >= 0) & (corners < size[::-1])).all())
    return inside and eye.width >= _NARROWEST and eye.openness >= _OPEN


def _closures() -> Iterator[float]:
    """How far the lids are down, frame after frame; the same for every picture."""
    rng = np.random.default_rng(_SEED)
    wait = _FIRST
    while True:
        yield from [0.0] * wait
        yield from CLOSURE
        wait = int(rng.integers(*_GAP)) - len(CLOSURE)


def _closed(picture: Picture, eyes: Sequence[Eye], closure: float) -> Picture:
    for eye in eyes:
        picture = _with_lid(picture, eye, closure)
    return picture


def _with_lid(picture: Picture, eye: Eye, closure: float) -> Picture:
    """A picture in which an eye is closed so far, 0 to 1."""
    axes = _Axes.of(eye)
    box = axes.around(picture.size)
    own = picture.part(box)
    places = np.arange(box.left, box.right), np.arange(box.top, box.bottom)
    grid = np.stack(np.meshgrid(*places), axis=-1).astype(np.float32)
    x, y = np.moveaxis(axes.inwards(grid), -1, 0)
    top, edge, fall = _lid(eye, axes)

    def at(depths: Array) -> Array:
        found: Array = np.interp(x, axes.places, depths).astype(np.float32)
        return found

    start, moved, rim = at(top), at(closure * fall), _RIM * axes.span
    low = at(edge) + moved
    skin = np.maximum(at(edge) - rim - start, 1e-3)  # above the rim, as it is in the picture
    stretched = start + (y - start) * skin / (skin + moved)
    source = np.where(y > low - rim, y - moved, np.where(y > start, stretched, y))
    where = axes.outwards(np.stack([x, source], axis=-1)) - (box.left, box.top)
    lid = cv2.remap(
        own,
        np.ascontiguousarray(where[..., 0], np.float32),
        np.ascontiguousarray(where[..., 1], np.float32),
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    ).astype(np.float32)
    # The edge of the lid hides what is below it: sharp, but for one pixel.
    inside = (x > 0) & (x < axes.span) & (y > start)
    hidden = np.clip(low - y + 0.5, 0, 1) * inside
    mixed = own + hidden[..., None] * (lid - own)
    patch = np.clip(np.rint(mixed), 0, 255).astype(np.uint8)
    return EditedPicture(picture, box, patch)


def _lid(eye: Eye, axes: "_Axes") -> tuple[Array, Array, Array]:
    """At the places along an eye: where its lid begins, its edge, and how far that can fall."""
    span = axes.span
    upper, lower = (_from_corners(axes.outline(points)) for points in (eye.upper, eye.lower))
    brow = axes.outline(eye.brow)
    skin = np.minimum(_SKIN * span, np.maximum(_BELOW_BROW * (upper - brow), 1.0))
    near = np.minimum(axes.places, span - axes.places) / np.float32(_STILL * span)
    fall = np.maximum(lower + _OVERLAP * span - upper, 0) * np.minimum(near, 1)
    return upper - skin, upper, fall


def _from_corners(line: Array) -> Array:
    """An outline whose ends are the corners, which do not move."""
    chord: Array = np.linspace(line[0], line[-1], len(line), dtype=np.float32)
    return line - chord


@dataclass(frozen=True, eq=False)
class _Axes:
    """Along an eye and down its face, pixels from its left corner."""

    corner: Array  # (2,)
    along: Array  # (2,) of length 1
    span: float

    @classmethod
    def of(cls, eye: Eye) -> "_Axes":
        span = eye.width
        return cls(eye.upper[0], (eye.upper[-1] - eye.upper[0]) / np.float32(span), span)

    @property
    def places(self) -> Array:
        """(_OUTLINE,) along the eye, at which outlines are given."""
        return np.linspace(0, self.span, _OUTLINE, dtype=np.float32)

    @property
    def _turn(self) -> Array:
        """(2, 2) rows: along and down."""
        x, y = self.along
        return np.array([[x, y], [-y, x]], np.float32)

    def inwards(self, points: Array) -> Array:
        """(..., 2) pixels of the picture -> along and down."""
        return np.asarray((points - self.corner) @ self._turn.T, np.float32)

    def outwards(self, points: Array) -> Array:
        """The way back."""
        return np.asarray(points @ self._turn + self.corner, np.float32)

    def outline(self, points: Array) -> Array:
        """How far down a line of few points, left to right, lies at `places`."""
        x, y = np.moveaxis(self.inwards(points), -1, 0)
        down = np.interp(self.places, np.maximum.accumulate(x), y)
        half = round(_SMOOTHED * _OUTLINE / 2)
        mean = np.full(2 * half + 1, 1 / (2 * half + 1))
        return np.convolve(np.pad(down, half, "edge"), mean, "valid").astype(np.float32)

    def around(self, size: tuple[int, int]) -> Box:
        """All that may change, in a picture of a height and width."""
        ends = self.outwards(np.array([[0, 0], [self.span, 0]], np.float32))
        reach = np.float32(self.span * _ROOM)
        low = np.maximum(np.floor(ends.min(axis=0) - reach), 0).astype(int)
        high = np.minimum(np.ceil(ends.max(axis=0) + reach), size[::-1]).astype(int)
        return Box(*low.tolist(), *high.tolist())
