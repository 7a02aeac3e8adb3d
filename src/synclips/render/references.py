"""Which frames of the clip a new mouth is drawn from, and their pixels.

A few frames that differ as much as possible in lips and head pose are kept from each segment; for
every new mouth those with the nearest lips and pose are taken. Of more frames, spread over time, a
small crop says how the face usually looks. Frames are read in one streaming pass and only the face
is kept of each, on disk but for the segment that is being drawn.
"""

import tempfile
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from synclips.faces.crop import CropSpec, crop_to_image, invert, transform
from synclips.faces.landmarks import LIPS, mouth_opening
from synclips.faces.shape import LipShape
from synclips.faces.track import Segment
from synclips.media.spool import no_room
from synclips.media.video import Frame
from synclips.render.occlusion import FEWEST_SAMPLES, UsualFace, covers
from synclips.render.view import Box, box_around, crop_of, shown_of

Array = NDArray[np.float32]

PER_SEGMENT = 20
# Frames that say how a face usually looks, of one segment and of all together: 230 MB.
_SAMPLES, _MOST_SAMPLES = 32, 8192
# Pixels of all segments together, on disk; a film of a thousand cuts shall not fill it.
_MOST_BYTES = 1024**3
# Degrees of yaw that count as much as a crop pixel of lip distance.
_YAW_UNIT = 3.0
# How much a squared crop pixel counts by which a mouth is too closed to be stretched open.
_HIDDEN = 4.0
# Crop pixels by which it may be.
_STRETCH = 0.5
# What the distance of the frame in use is multiplied by.
_LOYALTY = 0.5


def lip_distance(points: Array, target: Array) -> Array:
    """Mean squared distance of the lips in crop pixels, (..., P, 2) and (..., P, 2) -> (...)."""
    gap = points[..., LIPS, :] - target[..., LIPS, :]
    distance: Array = np.square(gap).sum(axis=-1).mean(axis=-1)
    return distance


@dataclass(frozen=True, eq=False)
class Reference:
    """One kept frame.

    Attributes:
        image: the part of the frame around the face, RGB.
        box: where that part lies in the frame.
        to_image: (2, 3) crop pixels to frame pixels.
        points: (P, 2) landmarks in crop pixels.
        crop: (S, S, 3) the frame as the generator sees it.
        yaw: degrees.
    """

    image: NDArray[np.uint8]
    box: Box
    to_image: NDArray[np.float64]
    points: Array
    crop: NDArray[np.uint8]
    yaw: float


class ReferenceBank:
    """The kept frames of one segment.

    Args:
        references: at least one.
        usual: how the face usually looks there; None where too little of it is seen to say so.
    """

    def __init__(self, references: Sequence[Reference], usual: UsualFace | None = None) -> None:
        self.references = tuple(references)
        self.usual = usual
        self._points = np.stack([reference.points for reference in references])
        self._opening = mouth_opening(self._points)
        self._yaw = np.array([reference.yaw for reference in references], np.float32)

    @property
    def widest(self) -> float:
        """Opening of the most open mouth, crop pixels."""
        return float(self._opening.max())

    def nearest(
        self, target: Array, yaw: float, count: int, previous: Reference | None = None
    ) -> list[Reference]:
        """The `count` frames nearest to landmarks (P, 2) in crop pixels and a yaw, nearest first.

        A mouth that is less open than the new one is far, because what it does not show would be
        stretched; lips that close over a more open one hide what is too much. With fewer kept
        frames than asked for, the nearest one is repeated.

        Args:
            target: the lips to be drawn.
            yaw: of the head, degrees.
            count: how many.
            previous: the nearest frame of the picture before, which stays the nearest until
                another one is clearly nearer; teeth and shine would flicker otherwise.
        """
        hidden = np.maximum(mouth_opening(target) - self._opening - _STRETCH, 0)
        distance = (
            lip_distance(self._points, target)
            + np.square((self._yaw - yaw) / _YAW_UNIT)
            + _HIDDEN * np.square(hidden)
        )
        if previous is not None:
            same = [reference is previous for reference in self.references]
            distance = np.where(same, distance * _LOYALTY, distance)
        order = np.argsort(distance, kind="stable")[:count].tolist()
        order += order[:1] * (count - len(order))
        return [self.references[index] for index in order]


def choose_frames(segment: Segment, shape: LipShape, count: int) -> NDArray[np.intp]:
    """Frames of a segment (indices within it) that are spread over lips and head pose.

    Farthest-point sampling (Gonzalez 1985) from the frame whose mouth is nearest to rest.
    """
    lips = segment.coefficients * np.sqrt(shape.deviation / shape.deviation.max())
    features = np.column_stack([lips, segment.pose.yaw / 8])
    chosen = [int(np.square(lips).sum(axis=1).argmin())]
    distance = np.square(features - features[chosen[0]]).sum(axis=1)
    while len(chosen) < min(count, len(segment)):
        chosen.append(int(distance.argmax()))
        distance = np.minimum(distance, np.square(features - features[chosen[-1]]).sum(axis=1))
    return np.array(sorted(set(chosen)), np.intp)


@dataclass(frozen=True, eq=False)
class _Wanted:
    """A chosen frame without its pixels: its segment, and as in `Reference`."""

    segment: int
    to_image: NDArray[np.float64]
    points: Array
    yaw: float


class ReferenceBanks(Sequence[ReferenceBank]):
    """The banks of all segments, in order; the pixels of one of them are in memory at a time.

    Raises:
        OutputError: the temporary folder cannot be written.
    """

    def __init__(self, count: int) -> None:
        # Closed, and thereby removed, with the banks.
        try:
            self._file = tempfile.TemporaryFile(prefix="synclips-")  # noqa: SIM115
        except OSError as error:
            raise no_room(error) from error
        self._kept: list[list[tuple[int, Box, _Wanted]]] = [[] for _ in range(count)]
        self._samples: list[list[int]] = [[] for _ in range(count)]
        self._held = -1
        self._bank: ReferenceBank

    def keep(self, frame: Frame, item: _Wanted, spec: CropSpec) -> None:
        """Take the face from a frame."""
        height, width = frame.picture.size
        box = box_around(item.to_image, spec.size, width, height)
        place = self._write(
            frame.picture.part(box.rows, box.columns),
            crop_of(frame.picture, item.to_image, spec.size),
        )
        self._kept[item.segment].append((place, box, item))

    def sample(self, frame: Frame, item: _Wanted, spec: CropSpec) -> None:
        """Take the crop from a frame."""
        place = self._write(crop_of(frame.picture, item.to_image, spec.size), item.points)
        self._samples[item.segment].append(place)

    def _write(self, *arrays: NDArray[np.generic]) -> int:
        place = self._file.seek(0, 2)
        try:
            for array in arrays:
                np.save(self._file, array)
        except OSError as error:
            raise no_room(error) from error
        return place

    def __len__(self) -> int:
        return len(self._kept)

    @overload
    def __getitem__(self, number: int) -> ReferenceBank: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[ReferenceBank]: ...
    def __getitem__(self, number: int | slice) -> ReferenceBank | Sequence[ReferenceBank]:
        """The bank of a segment."""
        if isinstance(number, slice):
            return [self[index] for index in range(*number.indices(len(self)))]
        if number != self._held:
            usual = self._usual(number)
            kept = [self._load(*one) for one in self._kept[number]]
            self._bank = ReferenceBank(_unhidden(kept, usual), usual)
            self._held = number
        return self._bank

    def _usual(self, number: int) -> UsualFace | None:
        samples = self._samples[number]
        if not samples:
            return None
        crops, points = [], []
        for place in samples:
            self._file.seek(place)
            crops.append(np.load(self._file, allow_pickle=False))
            points.append(np.load(self._file, allow_pickle=False))
        return UsualFace(np.stack(crops), np.stack(points))

    def _load(self, place: int, box: Box, item: _Wanted) -> Reference:
        self._file.seek(place)
        image = np.load(self._file, allow_pickle=False)
        crop = np.load(self._file, allow_pickle=False)
        return Reference(image, box, item.to_image, item.points, crop, item.yaw)

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            self._file.close()


def collect_references(
    read: Callable[[Container[int]], Iterable[Frame]],
    segments: Iterable[Segment],
    count: int,
    shape: LipShape,
    spec: CropSpec,
    kept: int = PER_SEGMENT,
) -> ReferenceBanks:
    """One bank per segment, from one pass over the frames.

    Args:
        read: gives the frames of the clip with the given indices, in order.
        segments: of the clip; each is looked at once and dropped.
        count: how many segments there are; they share a fixed amount of disk.
        shape: the space of the lips.
        spec: geometry of the crops.
        kept: most frames of a segment.

    Raises:
        OutputError: the temporary folder cannot be written.
    """
    wanted: dict[int, _Wanted] = {}
    samples: dict[int, _Wanted] = {}
    for number, segment in enumerate(segments):
        size = float(np.median(segment.pose.scale)) * spec.extent
        limit = int(_MOST_BYTES / (3 * size * size) / count)
        chosen = choose_frames(segment, shape, min(kept, max(limit, 2)))
        wanted |= _described(number, segment, chosen, shape, spec)
        looked_at = min(_SAMPLES, _MOST_SAMPLES // count, len(segment))
        if looked_at >= FEWEST_SAMPLES:
            spread = np.linspace(0, len(segment) - 1, looked_at).astype(np.intp)
            samples |= _described(number, segment, spread, shape, spec)
    banks = ReferenceBanks(count)
    both = wanted.keys() | samples.keys()
    last = max(both, default=-1)
    for frame in read(both):
        if frame.index in wanted:
            banks.keep(frame, wanted[frame.index], spec)
        if frame.index in samples:
            banks.sample(frame, samples[frame.index], spec)
        if frame.index >= last:
            break
    return banks


def _described(
    number: int, segment: Segment, chosen: NDArray[np.intp], shape: LipShape, spec: CropSpec
) -> dict[int, _Wanted]:
    """Some frames of a segment, by their index in the clip."""
    to_image = crop_to_image(segment.pose[chosen], shape.template, spec)
    points = transform(segment.points[chosen], invert(to_image))
    yaw = segment.pose.yaw[chosen]
    return {
        segment.frames.start + int(index): _Wanted(
            number, to_image[place], points[place], float(yaw[place])
        )
        for place, index in enumerate(chosen)
    }


def _unhidden(references: Sequence[Reference], usual: UsualFace | None) -> Sequence[Reference]:
    """Those of some frames before whose lips nothing stands; all of them if that is none."""
    if usual is None:
        return references
    clear = []
    for reference in references:
        shown = shown_of(reference.to_image, len(reference.crop), reference.box)
        hidden = usual.hidden(reference.crop, reference.points, shown)
        if hidden is None or not covers(hidden, reference.points):
            clear.append(reference)
    return clear or references
