"""Carrying a drawing out at the frame's own resolution.

The generator's fields belong to a small crop. Here they are enlarged and applied once, straight
from the original pixels of the frames, so that nothing is resampled twice. The one that lends its
mouth shows only where the lips are; everywhere else the frame to edit is moved itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from synclips.faces.crop import into_box, invert, magnification
from synclips.faces.landmarks import INNER
from synclips.media.box import Box
from synclips.models.generator import Drawing
from synclips.render.blending import three
from synclips.render.lip_map import coverage, lip_zones
from synclips.render.mask import trimmed
from synclips.render.references import Reference
from synclips.render.sampling import look_up
from synclips.render.view import Part, box_of, carried

Array = NDArray[np.float32]
Image = NDArray[np.uint8]

_IDENTITY = np.eye(2, 3)
# Power of the light that is left of green and blue where lips shade each other.
_REDDER = 1.6
# Level up to which a gain above 1 holds; from there on it falls, so that teeth do not glow.
_BRIGHT = 150.0


@dataclass(frozen=True, eq=False)
class Fields:
    """One drawing as arrays with channels last.

    Attributes:
        flow: (S, S, 6 F) displacements in crop pixels; channels are zone, frame, axis. The first
            frame is the one to edit, the others lend their mouths or were looked at only.
        inner: (S, S, 4) a colour of the inner mouth, and how much of it shows.
        window: (S, S) how much of the frames that lend shows.
        shares: of each of those that lend in what shows of them; together 1.
        gains: (F - 1, 3) what their colours are multiplied by.
        farthest: crop pixels that anything of the first frame is moved by at most.
        light: (S, S, D) of the frame to edit and of each that lends, how much of its light is left;
            None where all is.
        folds: (S, S, 3) levels to be taken from the skin of the frame to edit; None where it stays.
    """

    flow: Array
    inner: Array
    window: Array
    shares: tuple[float, ...]
    gains: Array
    farthest: float
    light: Array | None = None
    folds: Array | None = None

    def visible(self) -> list[Array]:
        """(S, S) of the frame to edit and of each that lends, how much of it shows."""
        return [1 - self.window, *(self.window * np.float32(share) for share in self.shares)]


def as_fields(
    flow: torch.Tensor,
    gains: torch.Tensor,
    drawing: Drawing,
    shares: Sequence[tuple[float, ...]],
) -> list[Fields]:
    """The drawings of a batch, one by one.

    Args:
        flow: (B, F, 3, 2, S, S) by frame and zone.
        gains: (B, F - 1, 3) of all frames but the first.
        drawing: of the generator.
        shares: see `Fields`, of each drawing.
    """
    # What is looked at only need not be brought along.
    drawn = 1 + max(map(len, shares))
    flow = flow[:, :drawn]

    def last(fields: torch.Tensor) -> Array:
        return np.ascontiguousarray(fields.float().permute(0, 2, 3, 1).cpu().numpy())

    own = flow[:, 0].abs().amax(dim=(-1, -2))  # (B, zone, axis)
    farthest = own.norm(dim=-1).amax(dim=-1).tolist()
    parts = (
        last(flow.transpose(1, 2).flatten(1, 3)),
        last(torch.cat([drawing.inner, drawing.cover], dim=1)),
        last(drawing.window)[..., 0],
        shares,
        gains.cpu().numpy(),
    )
    return [Fields(*one) for one in zip(*parts, farthest, strict=True)]


def compose(
    frame: Part,
    to_image: NDArray[np.float64],
    target: Array,
    references: Sequence[Reference],
    fields: Fields,
    box: Box,
    size: tuple[int, int],
) -> Array:
    """Carry out one drawing on a box of a frame.

    Args:
        frame: what is known of the frame to edit.
        to_image: (2, 3) crop pixels to frame pixels.
        target: (P, >=2) landmarks as they shall be, frame pixels.
        references: the frames that lend their mouths, and others that are not drawn.
        fields: the drawing.
        box: where to, within `frame`; not empty.
        size: height and width of the whole frame.

    Returns:
        (h, w, 3) float in the range of the pixels.
    """
    # The frame itself, everywhere: a displacement, so that none means the very same pixel.
    moves = _enlarged(fields.flow[..., :2], to_image, to_image, box)
    if _near_border(box, size, 2 * fields.farthest * magnification(to_image)):
        moves = within(moves, box, size)
    picture = look_up(frame, _IDENTITY, moves, box)
    if fields.folds is not None:
        picture -= enlarge(fields.folds, to_image, box)
    mouth = _window_box(fields.window, to_image, box)
    if mouth is not None:
        inside = mouth.inside(box)
        skin = picture[inside]
        picture[inside] = _draw_mouth(skin, frame, to_image, target, references, fields, mouth)
    return picture


def _near_border(box: Box, size: tuple[int, int], distance: float) -> bool:
    """Whether a box comes nearer to the border of a picture (height and width) than so far."""
    below, beside = size[0] - box.bottom, size[1] - box.right
    return min(box.left, box.top, below, beside) < distance


def within(moves: Array, box: Box, size: tuple[int, int]) -> Array:
    """Moves of the pixels of a box (h, w, 2) that do not leave the picture.

    Each goes half-way to the border at most, so that what is there is stretched where a chin goes
    up and more than the picture has would have to follow; else its last row would be repeated.

    Args:
        moves: from a pixel to what is shown there, pixels.
        box: where they are.
        size: height and width of the picture.
    """
    height, width = size
    x = np.arange(box.left, box.right, dtype=np.float32)
    y = np.arange(box.top, box.bottom, dtype=np.float32)[:, None]
    across, down = cv2.split(moves)
    np.clip(across, -x / 2, (width - 1 - x) / 2, out=across)
    np.clip(down, -y / 2, (height - 1 - y) / 2, out=down)
    return np.asarray(cv2.merge((across, down)), np.float32)


def _draw_mouth(
    skin: Array,
    frame: Part,
    to_image: NDArray[np.float64],
    target: Array,
    references: Sequence[Reference],
    fields: Fields,
    box: Box,
) -> Array:
    """Lips and inside of the mouth, where `skin` is what else moves of the frame itself."""
    window = enlarge(fields.window[..., None], to_image, box)[..., 0]
    zones = lip_zones(target[:, :2] - (box.left, box.top), box.size[::-1])
    own = 1 - window
    # Nothing is shaded, and no rim is joined, further from the gap than fields are interpolated.
    gap = box_of(target[INNER, :2], 2 * magnification(to_image) + 2, box)
    beside = 0 in gap.size
    light = None if fields.light is None or beside else enlarge(fields.light, to_image, gap)
    picture = skin * three(own)
    lips, part = trimmed((own > 0) & (zones > 0), box)
    if lips.any():
        # Lips of the frame itself have flows of their own.
        inside = part.inside(box)
        flow = _flow_by_zone(fields.flow, 0, zones[inside], to_image, to_image, part)
        moved = look_up(frame, _IDENTITY, flow, part) * three(own[inside])
        np.copyto(picture[inside], moved, where=lips[..., None])
    if light is not None:
        _shade(picture, box, light[..., 0], gap)
    shown, part = trimmed(window > 0, box)
    if shown.any():
        inside = part.inside(box)
        to_crop = np.vstack([invert(to_image), [0, 0, 1]])
        for number, share in enumerate(fields.shares, 1):
            reference = references[number - 1]
            flow = _flow_by_zone(
                fields.flow, number, zones[inside], reference.to_image, to_image, part
            )
            source = Part(reference.image, reference.box)
            moved = look_up(source, reference.to_image @ to_crop, flow, part)
            moved = lit(moved, fields.gains[number - 1])
            if light is not None:
                _shade(moved, part, light[..., number], gap)
            picture[inside] += moved * three(window[inside] * np.float32(share))
    if not beside:
        inside = gap.inside(box)
        between = coverage(target[INNER, :2] - (gap.left, gap.top), gap.size[::-1])
        torn = enlarge(_torn(fields.flow), to_image, gap)
        _join(picture[inside], zones[inside] > 0, between, torn)
    if fields.inner[..., 3].any():  # in most frames nothing is painted
        inner = enlarge(fields.inner, to_image, box)
        cover, part = trimmed(inner[..., 3], box)
        inside = part.inside(box)
        painted = inner[inside][..., :3] * np.float32(255)
        picture[inside] += three(np.ascontiguousarray(cover)) * (painted - picture[inside])
    return picture


def _shade(colours: Array, box: Box, light: Array, gap: Box) -> None:
    """Leave pixels of a box (h, w, 3) as much of their light as there is around the gap."""
    both = gap.shared(box)
    colours[both.inside(box)] *= shaded(np.ascontiguousarray(light[both.inside(gap)]))


def _torn(flow: Array) -> Array:
    """How far apart what the zones show side by side was in any frame, (S, S, 1) crop pixels."""
    everywhere, *lips = np.split(flow, 3, axis=-1)
    apart = [one for lip in lips for one in cv2.split(cv2.absdiff(lip, everywhere))]
    return np.asarray(reduce(cv2.max, apart)[..., None], np.float32)


def _join(picture: Array, lips: NDArray[np.bool_], gap: Array, torn: Array) -> None:
    """Give pixels on the rim between lips and what is between them something of both, in place.

    Each was taken from one of the two, which makes steps of the rim and dashes of a thin gap.

    Args:
        picture: (h, w, 3).
        lips: (h, w) which pixels were taken from lips.
        gap: (h, w) how much of each pixel is between the lips, 0 to 1.
        torn: (h, w, 1) see `_torn`; what was side by side before has no steps.
    """
    between = ~lips & (gap > 0)
    before = picture.copy()
    for own, others, share in ((lips, between, gap), (between, lips, 1 - gap)):
        there = others.astype(np.float32)
        near = cv2.blur(there, (3, 3))
        rim, part = trimmed(own & (near > 0) & (share > 0), Box(0, 0, *picture.shape[1::-1]))
        if not rim.any():
            continue
        within = part.index
        others_near = cv2.blur(before * three(there), (3, 3))[within] / three(near[within] + 1e-6)
        how_much = three(rim * share[within]) * np.minimum(torn[within], 1)
        picture[within] += how_much * (others_near - picture[within])


def shaded(light: Array) -> Array:
    """What is left of each colour of so much light (h, w), (h, w, 3): between lips it is red."""
    others = cv2.pow(light, _REDDER)
    return np.asarray(cv2.merge((light, others, others)), np.float32)


def lit(colours: Array, gains: Array) -> Array:
    """Colours (h, w, 3) times gains (3,), of which what was white stays white, and no more."""
    brighter = cv2.transform(colours, np.diag(gains))
    if gains.max() > 1:
        slope = (255 - np.maximum(gains, 1) * _BRIGHT) / (255 - _BRIGHT)
        near_white = cv2.transform(colours, np.c_[np.diag(slope), 255 * (1 - slope)])
        brighter = cv2.min(brighter, near_white)
    return np.asarray(brighter, np.float32)


def _window_box(window: Array, to_image: NDArray[np.float64], within: Box) -> Box | None:
    """The part of a box in which a window in the crop (S, S) is not zero."""
    if not window.any():
        return None
    _, seen = trimmed(window, Box(0, 0, *window.shape))
    # One pixel more on each side: the window is interpolated.
    wide = Box(seen.left - 1, seen.top - 1, seen.right + 1, seen.bottom + 1)
    box = carried(wide, to_image, 0, within)
    return None if 0 in box.size else box


def enlarge(fields: Array, to_image: NDArray[np.float64], box: Box) -> Array:
    """Sample crop fields (S, S, C), C up to 4, at the pixels of a box in the frame, (h, w, C)."""
    fields, to_box = np.ascontiguousarray(fields), into_box(to_image, box)
    large = cv2.warpAffine(
        fields, to_box, box.size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(large.reshape(*box.size[::-1], -1), np.float32)


def _enlarged(
    flow: Array, to_source: NDArray[np.float64], to_image: NDArray[np.float64], box: Box
) -> Array:
    """A flow in crop pixels (S, S, 2) as one in pixels of its picture at a box of the frame."""
    moves = flow @ to_source[:, :2].T.astype(np.float32)
    return enlarge(moves, to_image, box)


def _flow_by_zone(
    flows: Array,
    number: int,
    zones: NDArray[np.uint8],
    to_source: NDArray[np.float64],
    to_image: NDArray[np.float64],
    box: Box,
) -> Array:
    """The flow into one frame at each pixel of a box, (h, w, 2), from those of all zones."""
    by_zone = np.split(flows, 3, axis=-1)
    everywhere, *lips = (part[..., 2 * number : 2 * number + 2] for part in by_zone)
    flow = _enlarged(everywhere, to_source, to_image, box)
    for zone, lip in enumerate(lips, 1):
        inside, part = trimmed(zones == zone, box)
        if inside.any():
            own = _enlarged(lip, to_source, to_image, part)
            np.copyto(flow[part.inside(box)], own, where=inside[..., None])
    return flow
