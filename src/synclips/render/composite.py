"""Carrying a drawing out at the frame's own resolution.

The generator's fields belong to a small crop. Here they are enlarged and applied once, straight
from the original pixels of the frame and its references, so that nothing is resampled twice. Other
frames can show only where the lips are; everywhere else the frame itself is moved.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from synclips.faces.crop import invert
from synclips.models.generator import Drawing
from synclips.render.lip_map import lip_zones
from synclips.render.mask import trimmed
from synclips.render.references import Reference
from synclips.render.view import Box, Part

Array = NDArray[np.float32]
Image = NDArray[np.uint8]


class Fields:
    """A drawing as arrays with channels last, per sample (S, S, C)."""

    def __init__(self, flow: torch.Tensor, gains: torch.Tensor, drawing: Drawing) -> None:
        def last(fields: torch.Tensor) -> Array:
            return np.ascontiguousarray(fields.float().permute(0, 2, 3, 1).cpu().numpy())

        # Channels: zone, frame, axis.
        self.flow = last(flow.transpose(1, 2).flatten(1, 3))
        self.choice = last(drawing.choice)
        self.inner = last(torch.cat([drawing.inner, drawing.cover, drawing.window], dim=1))
        self.gains: Array = gains.cpu().numpy()


def compose(
    frame: Part,
    to_image: NDArray[np.float64],
    target: Array,
    references: Sequence[Reference],
    fields: Fields,
    index: int,
    box: Box,
) -> Array:
    """Carry out one drawing on a box of a frame.

    Args:
        frame: what the crop shows of the frame to edit.
        to_image: (2, 3) crop pixels to frame pixels.
        target: (P, >=2) landmarks as they shall be, frame pixels.
        references: the other frames.
        fields: the drawings of a batch.
        index: which of them.
        box: where to, within `frame`; not empty.

    Returns:
        (h, w, 3) float in the range of the pixels.
    """
    # The frame itself, everywhere: a displacement, so that none means the very same pixel.
    flow = _enlarge(fields.flow[index][..., :2], to_image, box, cv2.INTER_LINEAR)
    picture = _displaced(frame, box, flow, to_image)
    mouth = _window_box(fields.inner[index][..., 4], to_image, box)
    if mouth is not None:
        picture[mouth.inside(box)] = _draw_mouth(
            frame, to_image, target, references, fields, index, mouth
        )
    return picture


def blend(before: Image, mask: Array, picture: Array) -> Image:
    """Pixels (h, w, 3) with a picture (h, w, 3) laid over them as far as the mask (h, w) shows it.

    Where the mask is 0 they stay what they were.
    """
    own = before.astype(np.float32)
    blended = own + mask[..., None] * (picture - own)
    return np.clip(np.rint(blended), 0, 255).astype(np.uint8)


def _draw_mouth(
    frame: Part,
    to_image: NDArray[np.float64],
    target: Array,
    references: Sequence[Reference],
    fields: Fields,
    index: int,
    box: Box,
) -> Array:
    """Lips and inside of the mouth from all frames."""
    flow = _flow_by_zone(fields.flow[index], target, to_image, box)
    inner = _enlarge(fields.inner[index], to_image, box, cv2.INTER_LINEAR)
    share = _enlarge(fields.choice[index], to_image, box, cv2.INTER_CUBIC)
    share = np.exp(share - share.max(axis=-1, keepdims=True))
    share /= share.sum(axis=-1, keepdims=True)
    window = inner[..., 4:]
    share *= window
    share[..., :1] += 1 - window
    picture = _displaced(frame, box, flow[..., :2], to_image) * share[..., :1]
    from_image = invert(to_image[None])[0].astype(np.float32)
    x, y = _pixels(box)
    u = from_image[0, 0] * x + from_image[0, 1] * y + from_image[0, 2]
    v = from_image[1, 0] * x + from_image[1, 1] * y + from_image[1, 2]
    for number, reference in enumerate(references, 1):
        a = reference.to_image.astype(np.float32)
        at_u, at_v = u + flow[..., 2 * number], v + flow[..., 2 * number + 1]
        moved = _moved(
            reference.image,
            a[0, 0] * at_u + a[0, 1] * at_v + (a[0, 2] - reference.box.left),
            a[1, 0] * at_u + a[1, 1] * at_v + (a[1, 2] - reference.box.top),
        )
        picture += moved * (share[..., number, None] * fields.gains[index, number])
    painted: Array = picture + inner[..., 3:4] * (inner[..., :3] * 255 - picture)
    return painted


def _pixels(box: Box) -> tuple[Array, Array]:
    x, y = np.meshgrid(
        np.arange(box.left, box.right, dtype=np.float32),
        np.arange(box.top, box.bottom, dtype=np.float32),
    )
    return x, y


def _displaced(frame: Part, box: Box, flow: Array, to_image: NDArray[np.float64]) -> Array:
    """The pixels of a box of the frame, moved by a flow in crop pixels (h, w, 2)."""
    x, y = _pixels(box)
    a = to_image.astype(np.float32)
    return _moved(
        frame.image,
        x + a[0, 0] * flow[..., 0] + a[0, 1] * flow[..., 1] - frame.box.left,
        y + a[1, 0] * flow[..., 0] + a[1, 1] * flow[..., 1] - frame.box.top,
    )


def _moved(image: Image, x: Array, y: Array) -> Array:
    moved = cv2.remap(image, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return moved.astype(np.float32)


def _window_box(window: Array, to_image: NDArray[np.float64], within: Box) -> Box | None:
    """The part of a box in which a window in the crop (S, S) is not zero."""
    rows, columns = np.flatnonzero(window.any(axis=1)), np.flatnonzero(window.any(axis=0))
    if len(rows) == 0:
        return None
    # One pixel more on each side: the window is interpolated.
    left, right, top, bottom = columns[0] - 1, columns[-1] + 1, rows[0] - 1, rows[-1] + 1
    corners = np.array([[left, top], [right, top], [left, bottom], [right, bottom]], np.float64)
    places = corners @ to_image[:, :2].T + to_image[:, 2]
    low = np.maximum(np.floor(places.min(axis=0)), (within.left, within.top)).astype(int)
    high = np.minimum(np.ceil(places.max(axis=0)) + 1, (within.right, within.bottom)).astype(int)
    if (high <= low).any():
        return None
    return Box(int(low[0]), int(low[1]), int(high[0]), int(high[1]))


def _enlarge(fields: Array, to_image: NDArray[np.float64], box: Box, method: int) -> Array:
    """Sample crop fields (S, S, C) at the pixels of a box in the frame, (h, w, C)."""
    to_box = to_image.copy()
    to_box[:, 2] -= (box.left, box.top)
    parts = [
        cv2.warpAffine(
            np.ascontiguousarray(fields[..., first : first + 4]),
            to_box,
            box.size,
            flags=method,
            borderMode=cv2.BORDER_REPLICATE,
        ).reshape(*box.size[::-1], -1)
        for first in range(0, fields.shape[-1], 4)
    ]
    return np.concatenate(parts, axis=-1).astype(np.float32, copy=False)


def _flow_by_zone(flows: Array, target: Array, to_image: NDArray[np.float64], box: Box) -> Array:
    """The flow that holds at each pixel of a box: (S, S, 3 * C) by zones -> (h, w, C)."""
    everywhere, *lips = np.split(flows, 3, axis=-1)
    flow = _enlarge(everywhere, to_image, box, cv2.INTER_LINEAR)
    zones = lip_zones(target[:, :2] - (box.left, box.top), box.size[::-1])
    for number, lip in enumerate(lips, 1):
        inside = zones == number
        if inside.any():
            inside, part = trimmed(inside, box)
            own = _enlarge(lip, to_image, part, cv2.INTER_LINEAR)
            np.copyto(flow[part.inside(box)], own, where=inside[..., None])
    return flow
