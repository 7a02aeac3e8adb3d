"""Drawing new mouths into frames at the frame's own resolution.

The generator decides on a small crop; here its fields are enlarged and carried out once, straight
from the original pixels of the frame and its references, so nothing is resampled twice and pixels
that need not move are the pixels of the input. Only the mask is touched.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from synclips.faces.crop import CropSpec, invert, transform
from synclips.faces.landmarks import mouth_opening
from synclips.media.picture import EditedPicture, Picture
from synclips.models.generator import Drawing, Generator, widened
from synclips.render.composite import Fields, blend, compose
from synclips.render.lip_map import lip_maps, lip_zones
from synclips.render.mask import edit_mask, mask_box, trimmed
from synclips.render.performance import Painted
from synclips.render.references import Reference, ReferenceBank
from synclips.render.view import Box, Part, box_around, part_around, view
from synclips.render.warp import landmark_flow, sample, select

Array = NDArray[np.float32]

# Light may differ between the frame and a reference, skin may not: no gain goes further.
_GAIN_LIMIT = 1.35


@dataclass(frozen=True, eq=False)
class Job:
    """One mouth to draw.

    Attributes:
        picture: the frame to edit; it is not changed.
        points: (P, 3) landmarks as they are, pixels.
        target: (P, 3) landmarks as they shall be, pixels.
        to_image: (2, 3) crop pixels to frame pixels.
        yaw: of the head, degrees.
        bank: frames of the same person.
    """

    picture: Picture
    points: Array
    target: Array
    to_image: NDArray[np.float64]
    yaw: float
    bank: ReferenceBank


@dataclass(frozen=True, eq=False)
class Warped(Painted):
    """A frame drawn from other frames.

    Attributes:
        reference: the frame whose mouth was nearest.
    """

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
        self._threads = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="paint")

    def paint(self, jobs: Sequence[Job], previous: Reference | None = None) -> list[Warped]:
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
        frames = [part_around(job.picture, job.to_image, size) for job in jobs]
        crops = np.stack(
            [
                [view(frame.image, frame.within(job.to_image), size), *(r.crop for r in refs)]
                for job, frame, refs in zip(jobs, frames, chosen, strict=True)
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
        fields = Fields(flow, gains, drawing)
        patches = self._threads.map(
            lambda index: self._carry_out(jobs[index], frames[index], chosen[index], fields, index),
            range(len(jobs)),
        )
        # Pictures convert colours for one thread at a time, which is this one.
        return [
            Warped(patch.edit(job.picture), patch.box, patch.mask, refs[0])
            for job, patch, refs in zip(jobs, patches, chosen, strict=True)
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
        self, job: Job, frame: Part, references: Sequence[Reference], fields: Fields, index: int
    ) -> "_Patch":
        height, width = job.picture.size
        crop = box_around(job.to_image, self.spec.size, width, height)
        mouth = job.points, job.target, job.to_image, self.spec
        box = mask_box(*mouth, crop)
        mask, box = trimmed(edit_mask(*mouth, box), box)
        if not mask.any():
            return _Patch(box, mask, None)
        drawn = compose(frame, job.to_image, job.target, references, fields, index, box)
        return _Patch(box, mask, blend(frame.cut(box), mask, drawn))


@dataclass(frozen=True, eq=False)
class _Patch:
    """What a box of a frame becomes: a mask (h, w), and pixels (h, w, 3) if it covers any."""

    box: Box
    mask: Array
    pixels: NDArray[np.uint8] | None

    def edit(self, picture: Picture) -> Picture:
        """A picture with this patch in it."""
        if self.pixels is None:
            return picture
        return EditedPicture(picture, self.box.rows, self.box.columns, self.pixels)


def _gains(warped: torch.Tensor, maps: torch.Tensor) -> torch.Tensor:
    """Per frame and channel, what brings its skin to that of the frame to edit: (B, R, 3, 1, 1)."""
    skin = 1 - widened(maps.sum(dim=1, keepdim=True), 4)[:, None]
    margin = torch.zeros_like(skin)
    side = skin.shape[-1]
    # The middle of the crop: further out there may be hair or background.
    margin[..., side // 8 : side * 3 // 4, side // 5 : side - side // 5] = 1
    skin = skin * margin
    mean = (warped * skin).sum(dim=(-1, -2)) / skin.sum(dim=(-1, -2)).clamp(min=1)
    gain = (mean[:, :1] + 0.02) / (mean + 0.02)
    return gain.clamp(1 / _GAIN_LIMIT, _GAIN_LIMIT)[..., None, None]
