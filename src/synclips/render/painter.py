"""Drawing new mouths into frames at the frame's own resolution.

The generator decides on a small crop; here its fields are enlarged and carried out once, straight
from the original pixels of the frame and of the one that lends its mouth, so nothing is resampled
twice and pixels that need not move are the pixels of the input. Only the mask is touched.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from synclips.faces.crop import CropSpec, Placement, invert, magnification, transform
from synclips.faces.landmarks import OUTER, mouth_opening
from synclips.media.picture import EditedPicture, Picture
from synclips.models.generator import DRAWN, Generator
from synclips.render.blending import blend
from synclips.render.composite import Fields, as_fields, compose
from synclips.render.crossfade import Crossfade, follow
from synclips.render.folds import fade_folds
from synclips.render.held_teeth import hold_teeth
from synclips.render.inner_mouth import draw_inner_mouth, emptiness
from synclips.render.light import light_of
from synclips.render.lip_map import fill, lip_maps, lip_zones
from synclips.render.lip_seam import close_seam
from synclips.render.lip_shade import shade_mouth
from synclips.render.mask import OUTLINE, edit_mask, mask_box, trimmed
from synclips.render.matte import clear_of
from synclips.render.performance import Painted
from synclips.render.references import AlignedFace, Reference, ReferenceBank
from synclips.render.view import box_around, crop_of, part_of, shown_of
from synclips.render.warp import join_rims, landmark_flow, sample, select

Array = NDArray[np.float32]

# Light may differ between the frame and a reference, skin may not: no gain goes further. A picture
# that fades out may become as dark as it likes.
_LEAST_GAIN, _MOST_GAIN = 0.02, 1.35
_DARK = 0.02  # of 1, added, so that black has no gain of its own
# Crop pixels: from where to where around the lips skin says how light it is, and how near to what
# stands before it, or to the outline of the face, which slides while a head turns, it says nothing.
_CLEAR, _NEAR, _BESIDE = 4, 12, 3
# Pixels around a place that its colour is interpolated from.
_MARGIN = 4
# Mouths that the generator draws at a time at least; starting it costs about as much as one.
_FEWEST = 2
# More wait for each other (part of the work is Python), and four draw faster than the rest is done.
_MOST_THREADS = 4


@dataclass(frozen=True, eq=False)
class Job:
    """One mouth to draw.

    Attributes:
        picture: the frame to edit; it is not changed.
        time: whose lips it shows, seconds of the result.
        points: (P, 3) landmarks as they are, pixels.
        target: (P, 3) landmarks as they shall be, pixels.
        placement: of the crop in the frame.
        yaw: of the head, degrees.
        bank: frames of the same person.
        share: how much of the drawing shows over the frame as it was, 0 to 1.
    """

    picture: Picture
    time: float
    points: Array
    target: Array
    placement: Placement
    yaw: float
    bank: ReferenceBank
    share: float = 1.0


@dataclass(frozen=True, eq=False)
class Underway:
    """Pictures that are being drawn; to iterate over them, in order, is to wait for them.

    Attributes:
        pictures: what the threads are at.
        last: whose mouths the last of them shows; None of none.
    """

    pictures: Sequence[Future[Painted]]
    last: Crossfade | None

    def __iter__(self) -> Iterator[Painted]:
        return (picture.result() for picture in self.pictures)


class Painter:
    """Draws batches of mouths with one generator."""

    def __init__(self, generator: Generator, spec: CropSpec, device: torch.device) -> None:
        self.generator: Generator = generator.to(
            device,
            memory_format=torch.channels_last,  # type: ignore[call-overload]
        )
        self.spec = spec
        self.device = device
        self._workers = min(os.cpu_count() or 1, _MOST_THREADS)
        self._threads = ThreadPoolExecutor(self._workers, thread_name_prefix="paint")
        if device.type == "cuda":
            # Torch loads its linear algebra at first use, and fails if two threads use it first.
            torch.linalg.cholesky(torch.eye(1, device=device))

    def paint(self, jobs: Sequence[Job], previous: Crossfade | None = None) -> Underway:
        """Begin to draw a batch of pictures that follow each other; the order is kept.

        Args:
            jobs: the mouths.
            previous: whose mouths the picture before the first of them shows.
        """
        if not jobs:
            return Underway((), None)
        from_image = invert(np.stack([job.placement.to_image for job in jobs]))
        points = transform(np.stack([job.points for job in jobs]), from_image)
        targets = transform(np.stack([job.target for job in jobs]), from_image)
        plans = []
        for job, own, target in zip(jobs, points, targets, strict=True):
            even = job.bank.is_evenly_lit
            light = None if even else light_of(job.picture, job.points)
            count = self.generator.spec.references - 1
            loyal = None if previous is None else previous.nearest
            references = job.bank.nearest(target, job.yaw, light, count, loyal)
            previous = follow(previous, job.bank, references[0], job.time)
            shares: tuple[float, ...] = (1.0,)
            if previous.leaving is not None and count > 1:
                references[1] = previous.leaving
                shares = (previous.share, 1 - previous.share)
            plans.append(_Plan(job, own, target, references, shares))
        parts = self._parts(plans)
        decided = [self._threads.submit(self._decide, part) for part in parts]
        pictures = [
            self._threads.submit(self._carry_out, plan, fields, number)
            for part, fields in zip(parts, decided, strict=True)
            for number, plan in enumerate(part)
        ]
        return Underway(pictures, previous)

    def _parts(self, plans: Sequence["_Plan"]) -> list[Sequence["_Plan"]]:
        """What the generator sees at a time: on a CPU a share for every thread, but not too few."""
        size = len(plans)
        if self.device.type == "cpu":
            size = max(_FEWEST, -(-size // self._workers))
        return [plans[start : start + size] for start in range(0, len(plans), size)]

    @torch.inference_mode()
    def _decide(self, plans: Sequence["_Plan"]) -> list[Fields]:
        size = self.spec.size
        targets = np.stack([plan.target for plan in plans])
        sources = np.stack([[source.points for source in plan.sources] for plan in plans])
        crops = np.stack([[source.crop for source in plan.sources] for plan in plans])
        gaps = (mouth_opening(sources) - mouth_opening(targets)[:, None]).astype(np.float32) / 10
        maps = self._tensor(np.stack([lip_maps(target, size) for target in targets]))
        zones = self._tensor(np.stack([lip_zones(target, size) for target in targets]))
        pictures = self._tensor(crops).permute(0, 1, 4, 2, 3).float() / 255
        flows = landmark_flow(self._tensor(targets), self._tensor(sources), size)
        flows = join_rims(flows, zones, maps)
        flow = select(flows, zones)
        warped = sample(pictures.flatten(0, 1), flow.flatten(0, 1))
        warped = warped.unflatten(0, pictures.shape[:2])
        gains = _gains(warped, self._tensor(np.stack([plan.skin for plan in plans])))
        drawing = self.generator(warped * gains, maps, self._tensor(gaps))
        flows[:, :DRAWN] += drawing.flow[:, :, None]
        return as_fields(flows, gains[:, 1:, :, 0, 0], drawing, [plan.shares for plan in plans])

    def _tensor(self, array: NDArray[Any]) -> torch.Tensor:
        return torch.from_numpy(array).to(self.device)

    def _carry_out(self, plan: "_Plan", decided: Future[list[Fields]], number: int) -> Painted:
        # Threads take their work in order, so somebody is at what this one waits for.
        fields, job = decided.result()[number], plan.job
        unit = self.spec.pixels_per_eye_distance
        placement, to_image = job.placement, job.placement.to_image
        mouth = job.points, job.target, placement
        box = mask_box(*mouth, box_around(to_image, self.spec.size, job.picture.size))
        mask, box = trimmed(edit_mask(*mouth, box), box)
        if not mask.any():
            return Painted(job.picture, box, mask)
        # Whatever of the frame may be moved into the box.
        step = magnification(to_image)
        frame = part_of(job.picture, box, int(step * fields.farthest) + _MARGIN)
        if job.share < 1:
            mask *= np.float32(job.share)
        hidden = plan.hidden
        if hidden is not None:
            mask *= clear_of(hidden, fields, frame.cut(box), to_image, box)
        fields = hold_teeth(fields, plan.target, plan.sources, unit)
        fields = fade_folds(fields, plan.sources[0], plan.target, hidden, unit)
        filmed = [source.points for source in plan.sources]
        fields = shade_mouth(fields, plan.target, filmed, unit)
        drawn = compose(frame, to_image, job.target, plan.references, fields, box, job.picture.size)
        close_seam(drawn, box, job.target, placement, filmed[1:], fields.shares)
        empty = emptiness(float(mouth_opening(plan.target)) / unit, job.bank.widest / unit)
        if empty > 0:
            draw_inner_mouth(drawn, box, job.target, placement, job.bank.lip_line, empty)
        if job.bank.tones is not None:
            drawn = job.bank.tones.applied(drawn)
        patch = blend(frame.cut(box), mask, drawn)
        picture = EditedPicture(job.picture, box, patch)
        return Painted(picture, box, mask, hidden is not None)


@dataclass(frozen=True, eq=False)
class _Plan:
    """A mouth to draw, its landmarks in crop pixels (P, 2), and what it is drawn from.

    The first `references` lend their mouths, by `shares`; the others are looked at only.
    """

    job: Job
    points: Array
    target: Array
    references: Sequence[Reference]
    shares: tuple[float, ...]

    @property
    def size(self) -> int:
        """Side of the crop S."""
        return self.job.placement.spec.size

    @cached_property
    def sources(self) -> list[AlignedFace]:
        """The frame itself and its references."""
        crop = crop_of(self.job.picture, self.job.placement.to_image, self.size)
        return [AlignedFace(self.points, crop), *self.references]

    @cached_property
    def hidden(self) -> Array | None:
        """(S, S) where something stands before the face; None where nothing does."""
        usual = self.job.bank.usual
        if usual is None or not usual.knows(self.job.yaw):
            return None
        own, to_image = self.sources[0], self.job.placement.to_image
        around = box_around(to_image, self.size, self.job.picture.size)
        return usual.hidden(own.crop, own.points, shown_of(to_image, self.size, around))

    @property
    def skin(self) -> Array:
        """(S, S) how much each pixel says of the light: skin around the new lips, and no further.

        Beside a turned head, and before it, there is something else.
        """
        face = np.zeros((self.size, self.size), np.float32)
        outline = cv2.convexHull(np.rint(self.target[OUTLINE]).astype(np.int32))
        cv2.fillConvexPoly(face, outline, 1.0)
        lips = fill(self.target[OUTER], self.size)
        around = _widened(lips, _NEAR) - _widened(lips, _CLEAR)
        skin = around * (1 - _widened(1 - face, _BESIDE))
        return skin if self.hidden is None else skin * (1 - _widened(self.hidden, _BESIDE))


def _widened(region: Array, reach: int) -> Array:
    """The largest value up to so many pixels away in both directions, (S, S) as it is."""
    return np.asarray(cv2.dilate(region, np.ones((2 * reach + 1,) * 2)), np.float32)


def _gains(warped: torch.Tensor, skin: torch.Tensor) -> torch.Tensor:
    """Per frame and channel, what brings its skin to that of the frame to edit: (B, R, 3, 1, 1)."""
    skin = skin[:, None, None]
    mean = (warped * skin).sum(dim=(-1, -2)) / skin.sum(dim=(-1, -2)).clamp(min=1)
    gain = (mean[:, :1] + _DARK) / (mean + _DARK)
    return gain.clamp(_LEAST_GAIN, _MOST_GAIN)[..., None, None]
