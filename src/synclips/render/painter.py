"""Drawing new mouths into frames at the frame's own resolution.

The generator decides on a small crop; here its fields are enlarged and carried out once, straight
from the original pixels of the frame and its references, so nothing is resampled twice and pixels
that need not move are the pixels of the input. Only the mask is touched.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from synclips.faces.crop import CropSpec, invert, transform
from synclips.faces.landmarks import mouth_opening
from synclips.models.generator import Drawing, Generator
from synclips.render.lip_map import lip_maps, lip_zones
from synclips.render.mask import edit_mask
from synclips.render.references import Reference, ReferenceBank
from synclips.render.view import Box, box_around, view
from synclips.render.warp import landmark_flow, sample, select

Array = NDArray[np.float32]
Image = NDArray[np.uint8]

# Light may differ between the frame and a reference, skin may not: no gain goes further.
_GAIN_LIMIT = 1.35


@dataclass(frozen=True, eq=False)
class Job:
    """One mouth to draw.

    Attributes:
        image: (H, W, 3) RGB frame to edit; it is not changed.
        points: (P, 3) landmarks as they are, pixels.
        target: (P, 3) landmarks as they shall be, pixels.
        to_image: (2, 3) crop pixels to frame pixels.
        yaw: of the head, degrees.
        bank: frames of the same person.
    """

    image: Image
    points: Array
    target: Array
    to_image: NDArray[np.float64]
    yaw: float
    bank: ReferenceBank


@dataclass(frozen=True, eq=False)
class Painted:
    """A drawn frame.

    Attributes:
        image: (H, W, 3) RGB.
        box: the part of it that was edited.
        mask: (h, w) how much each pixel of the box was edited, 0 to 1.
        reference: the frame whose mouth was nearest.
    """

    image: Image
    box: Box
    mask: Array
    reference: Reference


class Painter:
    """Draws batches of mouths with one generator."""

    def __init__(self, generator: Generator, spec: CropSpec, device: torch.device) -> None:
        self.generator: Generator = generator.to(
            device,
            memory_format=torch.channels_last,  # type: ignore[call-overload]
        )
        self.spec = spec
        self.device = device

    def paint(self, jobs: Sequence[Job], previous: Reference | None = None) -> list[Painted]:
        """Draw a batch of pictures that follow each other; the order is kept.

        Args:
            jobs: the mouths.
            previous: the reference of the picture before the first of them.
        """
        if not jobs:
            return []
        size = self.spec.size
        count = self.generator.spec.references
        from_image = invert(np.stack([job.to_image for job in jobs]))
        points = transform(np.stack([job.points for job in jobs]), from_image)
        targets = transform(np.stack([job.target for job in jobs]), from_image)
        chosen: list[list[Reference]] = []
        for job, target in zip(jobs, targets, strict=True):
            chosen.append(job.bank.nearest(target, job.yaw, count - 1, previous))
            previous = chosen[-1][0]
        sources = np.stack(
            [[p, *(r.points for r in c)] for p, c in zip(points, chosen, strict=True)]
        )
        crops = np.stack(
            [
                [view(job.image, job.to_image, size), *(r.crop for r in refs)]
                for job, refs in zip(jobs, chosen, strict=True)
            ]
        )
        pictures = torch.from_numpy(crops).to(self.device).permute(0, 1, 4, 2, 3).float() / 255
        maps = torch.from_numpy(np.stack([lip_maps(target, size) for target in targets]))
        zones = torch.from_numpy(np.stack([lip_zones(target, size) for target in targets]))
        gaps = (mouth_opening(sources) - mouth_opening(targets)[:, None]).astype(np.float32) / 10
        flow, gains, drawing = self._instruct(
            pictures,
            torch.from_numpy(sources).to(self.device),
            torch.from_numpy(targets).to(self.device),
            maps.to(self.device),
            zones.to(self.device),
            torch.from_numpy(gaps).to(self.device),
        )
        fields = _Fields(flow, gains, drawing)
        return [
            self._carry_out(job, refs, fields, index)
            for index, (job, refs) in enumerate(zip(jobs, chosen, strict=True))
        ]

    @torch.inference_mode()
    def _instruct(
        self,
        pictures: torch.Tensor,
        sources: torch.Tensor,
        targets: torch.Tensor,
        maps: torch.Tensor,
        zones: torch.Tensor,
        gaps: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor, Drawing]:
        batch, count = pictures.shape[:2]
        flows = landmark_flow(targets, sources, self.spec.size)
        flow = select(flows, zones)
        warped = sample(pictures.flatten(0, 1), flow.flatten(0, 1)).unflatten(0, (batch, count))
        gains = _gains(warped, maps)
        drawing = self.generator(warped * gains, maps, gaps)
        return flows + drawing.flow[:, :, None], gains[..., 0, 0], drawing

    def _carry_out(
        self, job: Job, references: Sequence[Reference], fields: "_Fields", index: int
    ) -> Painted:
        height, width = job.image.shape[:2]
        box = box_around(job.to_image, self.spec.size, width, height)
        mask = edit_mask(job.points, job.target, job.to_image, self.spec, box)
        if mask.size == 0 or not mask.any():
            return Painted(job.image, box, mask, references[0])
        # Only the rows and columns that are edited are computed.
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        mask = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        box = Box(
            box.left + int(columns[0]),
            box.top + int(rows[0]),
            box.left + int(columns[-1]) + 1,
            box.top + int(rows[-1]) + 1,
        )
        # The frame itself, everywhere: a displacement, so that none means the very same pixel.
        flow = _enlarge(fields.flow[index][..., :2], job.to_image, box, cv2.INTER_LINEAR)
        picture = _moved(job.image, *_displaced(box, flow, job.to_image))
        mouth = _window_box(fields.inner[index][..., 4], job.to_image, box)
        if mouth is not None:
            part = picture[
                mouth.top - box.top : mouth.bottom - box.top,
                mouth.left - box.left : mouth.right - box.left,
            ]
            part[:] = _draw_mouth(job, references, fields, index, mouth)
        result = job.image.copy()
        before = job.image[box.rows, box.columns].astype(np.float32)
        blended = before + mask[..., None] * (picture - before)
        result[box.rows, box.columns] = np.clip(np.rint(blended), 0, 255).astype(np.uint8)
        return Painted(result, box, mask, references[0])


class _Fields:
    """A drawing as arrays with channels last, per sample (S, S, C)."""

    def __init__(self, flow: torch.Tensor, gains: torch.Tensor, drawing: Drawing) -> None:
        def last(fields: torch.Tensor) -> Array:
            return np.ascontiguousarray(fields.float().permute(0, 2, 3, 1).cpu().numpy())

        # Channels: zone, frame, axis.
        self.flow = last(flow.transpose(1, 2).flatten(1, 3))
        self.choice = last(drawing.choice)
        self.inner = last(torch.cat([drawing.inner, drawing.cover, drawing.window], dim=1))
        self.gains: Array = gains.cpu().numpy()


def _draw_mouth(
    job: Job, references: Sequence[Reference], fields: "_Fields", index: int, box: Box
) -> Array:
    """Lips and inside of the mouth from all frames, (h, w, 3) float in the range of the pixels."""
    flow = _by_zone(
        _enlarge(fields.flow[index], job.to_image, box, cv2.INTER_LINEAR),
        lip_zones(job.target[:, :2] - (box.left, box.top), box.size[::-1]),
    )
    inner = _enlarge(fields.inner[index], job.to_image, box, cv2.INTER_LINEAR)
    share = _enlarge(fields.choice[index], job.to_image, box, cv2.INTER_CUBIC)
    share = np.exp(share - share.max(axis=-1, keepdims=True))
    share /= share.sum(axis=-1, keepdims=True)
    window = inner[..., 4:]
    share *= window
    share[..., :1] += 1 - window
    picture = _moved(job.image, *_displaced(box, flow[..., :2], job.to_image)) * share[..., :1]
    from_image = invert(job.to_image[None])[0].astype(np.float32)
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


def _displaced(box: Box, flow: Array, to_image: NDArray[np.float64]) -> tuple[Array, Array]:
    """Where the pixels of a box look in their own frame, with a flow in crop pixels (h, w, 2)."""
    x, y = _pixels(box)
    a = to_image.astype(np.float32)
    return (
        x + a[0, 0] * flow[..., 0] + a[0, 1] * flow[..., 1],
        y + a[1, 0] * flow[..., 0] + a[1, 1] * flow[..., 1],
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


def _by_zone(flows: Array, zones: NDArray[np.uint8]) -> Array:
    """The flow that holds at each pixel, (h, w, 3 * C) by zones (h, w) -> (h, w, C)."""
    everywhere, upper, lower = np.split(flows, 3, axis=-1)
    flow = np.where((zones == 1)[..., None], upper, everywhere)
    return np.where((zones == 2)[..., None], lower, flow)


def _gains(warped: torch.Tensor, maps: torch.Tensor) -> torch.Tensor:
    """Per frame and channel, what brings its skin to that of the frame to edit: (B, R, 3, 1, 1)."""
    skin = (1 - torch.nn.functional.max_pool2d(maps.sum(dim=1), 9, 1, 4))[:, None, None]
    margin = torch.zeros_like(skin)
    side = skin.shape[-1]
    # The middle of the crop: further out there may be hair or background.
    margin[..., side // 8 : side * 3 // 4, side // 5 : side - side // 5] = 1
    skin = skin * margin
    mean = (warped * skin).sum(dim=(-1, -2)) / skin.sum(dim=(-1, -2)).clamp(min=1)
    gain = (mean[:, :1] + 0.02) / (mean + 0.02)
    return gain.clamp(1 / _GAIN_LIMIT, _GAIN_LIMIT)[..., None, None]
