"""The pixels of the frames that new mouths are drawn from, of every segment of a clip.

A few frames are kept from each segment, and of more frames, spread over time, a small crop that
says how the face usually looks. Segments that show the same face in the same light lend each other
theirs: after a cut back, or after the face was lost, what was seen before is still known. Frames
are read in one streaming pass and only the face is kept of each, on disk but for the segment that
is being drawn.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synclips.faces.crop import CropSpec, crop_to_image, invert, magnification, transform
from synclips.faces.segment import Segment
from synclips.faces.shape import LipShape
from synclips.media.box import Box
from synclips.media.spool import no_room
from synclips.media.video import Frame
from synclips.render.light import light_of
from synclips.render.look_alikes import LookAlikes
from synclips.render.occlusion import FEWEST_SAMPLES, UsualFace, covers, distinct
from synclips.render.performance import Read
from synclips.render.references import Reference, ReferenceBank, choose_frames, lend
from synclips.render.view import box_around, crop_of, shown_of

Array = NDArray[np.float32]

PER_SEGMENT = 40
# Frames that say how a face usually looks, of one segment and of all together: 230 MB.
_SAMPLES, _MOST_SAMPLES = 32, 8192
# Pixels of all segments together, on disk; a film of a thousand cuts shall not fill it.
_MOST_BYTES = 1024**3
# A face of another segment that is smaller than this share of the own ones would be blurred.
_LEAST_SIZE = 0.8


@dataclass(frozen=True, eq=False)
class _Wanted:
    """A chosen frame without its pixels: its segment, and as in `Reference`."""

    segment: int
    to_image: NDArray[np.float64]
    points: Array
    yaw: float


@dataclass(frozen=True, eq=False)
class _Kept:
    """A chosen frame whose pixels are in the file: where, which part of the picture, how lit."""

    place: int
    box: Box
    light: float
    item: _Wanted


class ReferenceBanks:
    """The banks of all segments, in order; the pixels of one of them are in memory at a time.

    Args:
        count: of segments.
        lent: most frames of other segments in a bank.

    Raises:
        OutputError: the temporary folder cannot be written.
    """

    def __init__(self, count: int, lent: int) -> None:
        # Closed, and thereby removed, with the banks.
        try:
            self._file = tempfile.TemporaryFile(prefix="synclips-")  # noqa: SIM115
        except OSError as error:
            raise no_room(error) from error
        self._lent = lent
        self._kept: list[list[_Kept]] = [[] for _ in range(count)]
        self._samples: list[list[tuple[int, float]]] = [[] for _ in range(count)]
        self._alike = LookAlikes(count)
        self._held = -1
        self._bank: ReferenceBank

    def keep(self, frame: Frame, item: _Wanted, spec: CropSpec) -> None:
        """Take the face from a frame."""
        box = box_around(item.to_image, spec.size, frame.picture.size)
        crop = crop_of(frame.picture, item.to_image, spec.size)
        place = self._write(frame.picture.part(box), crop)
        light = light_of(frame.picture, transform(item.points, item.to_image))
        self._kept[item.segment].append(_Kept(place, box, light, item))
        self._alike.add(item.segment, crop)

    def sample(self, frame: Frame, item: _Wanted, spec: CropSpec) -> None:
        """Take the crop from a frame, with how far the head is turned in it."""
        place = self._write(crop_of(frame.picture, item.to_image, spec.size), item.points)
        self._samples[item.segment].append((place, item.yaw))

    def _write(self, *arrays: NDArray[np.generic]) -> int:
        try:
            place = self._file.seek(0, 2)
            for array in arrays:
                np.save(self._file, array)
            self._file.flush()  # a full disk is told here and not when something is read
        except OSError as error:
            raise no_room(error) from error
        return place

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[ReferenceBank]:
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, number: int) -> ReferenceBank:
        """The bank of a segment."""
        if number != self._held:
            others = self._alike.of(number)
            usual = self._usual(number, others)
            lent = self._lendable(number, others)
            kept = [self._load(one) for one in (*self._kept[number], *lent)]
            self._bank = ReferenceBank(_unhidden(kept, usual), usual)
            self._held = number
        return self._bank

    def _lendable(self, number: int, others: Sequence[int]) -> list[_Kept]:
        """What others have that adds most to the frames of a segment."""
        own = self._kept[number]
        least = _LEAST_SIZE * min(magnification(one.item.to_image) for one in own)
        large = [
            one
            for other in others
            for one in self._kept[other]
            if magnification(one.item.to_image) >= least
        ]
        shown, offered = (
            [(one.item.points, one.item.yaw) for one in kept] for kept in (own, large)
        )
        return [large[index] for index in lend(shown, offered, self._lent)]

    def _usual(self, number: int, others: Sequence[int]) -> UsualFace | None:
        samples = list(self._samples[number])
        for other in others:
            if len(samples) >= FEWEST_SAMPLES:
                break
            samples += self._samples[other]
        if len(samples) < FEWEST_SAMPLES:
            return None
        crops, points = [], []
        for place, _ in samples:
            self._file.seek(place)
            crops.append(np.load(self._file, allow_pickle=False))
            points.append(np.load(self._file, allow_pickle=False))
        kept = distinct(crops)
        yaw = np.array([samples[at][1] for at in kept], np.float32)
        return UsualFace(np.stack([crops[at] for at in kept]), np.stack(points)[kept], yaw)

    def _load(self, kept: _Kept) -> Reference:
        self._file.seek(kept.place)
        image = np.load(self._file, allow_pickle=False)
        crop = np.load(self._file, allow_pickle=False)
        item = kept.item
        return Reference(item.points, crop, image, kept.box, item.to_image, item.yaw, kept.light)

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            with suppress(OSError):  # what a full disk did not take
                self._file.close()


def collect_references(
    read: Read,
    segments: Iterable[Segment],
    count: int,
    shape: LipShape,
    spec: CropSpec,
    kept: int = PER_SEGMENT,
    framed: Array | None = None,
) -> ReferenceBanks:
    """One bank per segment, from one pass over the frames.

    Args:
        read: gives the frames of the clip with the given indices, in order.
        segments: of the clip; each is looked at once and dropped.
        count: how many segments there are; they share a fixed amount of disk.
        shape: the space of the lips.
        spec: geometry of the crops.
        kept: most frames of a segment.
        framed: (N,) 0 for frames of the clip in which the mouth is not whole; none is kept of them.

    Raises:
        OutputError: the temporary folder cannot be written.
    """
    wanted: dict[int, _Wanted] = {}
    samples: dict[int, _Wanted] = {}
    for number, segment in enumerate(segments):
        size = float(np.median(segment.pose.scale)) * spec.extent
        limit = int(_MOST_BYTES / (3 * size * size) / count)
        whole = np.arange(len(segment))
        if framed is not None and framed[segment.frames].any():  # a stretch may have none
            whole = np.flatnonzero(framed[segment.frames])
        chosen = choose_frames(segment, shape, min(kept, max(limit, 2)), whole)
        wanted |= _described(number, segment, chosen, shape, spec)
        looked_at = min(_SAMPLES, _MOST_SAMPLES // count, len(whole))
        regular = whole[np.linspace(0, len(whole) - 1, looked_at).astype(np.intp)]
        samples |= _described(number, segment, regular, shape, spec)
    banks = ReferenceBanks(count, kept // 2)
    for frame in read(wanted.keys() | samples.keys()):
        if frame.index in wanted:
            banks.keep(frame, wanted[frame.index], spec)
        if frame.index in samples:
            banks.sample(frame, samples[frame.index], spec)
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
        hidden = None
        if usual.knows(reference.yaw):
            shown = shown_of(reference.to_image, len(reference.crop), reference.box)
            hidden = usual.hidden(reference.crop, reference.points, shown)
        if hidden is None or not covers(hidden, reference.points):
            clear.append(reference)
    return clear or references
