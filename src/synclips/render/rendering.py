"""The frames of a result before encoding: the plan of its time, drawn in batches.

Reading, drawing and what uses the frames go on at once. Knows what a portrait does besides to speak
(blink, move its head); not who performs the mouth, nor how frames are written.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from synclips.faces.eyes import Eye, find_eyes
from synclips.features.timing import SAMPLE_RATE
from synclips.media.ahead import read_ahead
from synclips.media.part_picture import PartPicture
from synclips.media.picture import Picture
from synclips.media.spool import Rows
from synclips.media.video import Frame, VideoReader
from synclips.options import DEFAULT_EXTEND
from synclips.render.blink import blinking, can_blink
from synclips.render.passage import Passage
from synclips.render.performance import Painted, Role
from synclips.render.schedule import Showing, schedule, showing_count, standing
from synclips.render.sway import Sway

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Rendered:
    """One output frame before encoding.

    Attributes:
        source: the frame it was drawn on; of a portrait with its lids where they are.
        time: when it is shown, seconds.
        picture: the result.
        painted: what was edited of the mouths, before the head of a portrait is moved; nothing of
            who is not seen or only listens, or says what they said.
        listens: whether nothing was edited because who is seen only listens.
    """

    source: Frame
    time: Fraction
    picture: Picture
    painted: tuple[Painted, ...] = ()
    listens: bool = False

    @property
    def image(self) -> NDArray[np.uint8]:
        """The result as RGB (H, W, 3)."""
        return self.picture.image


@dataclass(frozen=True, eq=False)
class Liveliness:
    """What a portrait does besides to speak; nothing of a video.

    Attributes:
        eyes: those that blink; none where it does not.
        sway: how its head moves; None where it does not.
    """

    eyes: tuple[Eye, ...] = ()
    sway: Sway | None = None

    @property
    def moved(self) -> str:
        """What of a face is not as it was filmed, in words."""
        if not self.eyes:
            return "Lips and head" if self.sway else "Lips"
        return "Lips, lids and head" if self.sway else "Lips and lids"


def liveliness(
    reader: VideoReader, roles: Sequence[Role], samples: Rows, alive: bool
) -> Liveliness:
    """What a portrait will do besides to speak.

    Args:
        reader: the video.
        roles: as for `render`.
        samples: the same.
        alive: whether a portrait shall blink and move its head.
    """
    if not (reader.info.is_image and alive):
        return Liveliness()
    track = roles[0].track
    image, points = next(reader.frames()).image, track.points[:1][0]
    eyes = find_eyes(image, points)
    size = image.shape[0], image.shape[1]
    alone = track.region is None and len(track.people) < 2  # others would be dragged along
    return Liveliness(
        eyes if can_blink(eyes, size) else (), Sway(size, points, samples) if alone else None
    )


def render(
    reader: VideoReader,
    roles: Sequence[Role],
    samples: Rows,
    batch: int,
    lively: Liveliness,
    progress: Callable[[int, int], None],
    passage: Passage | None = None,
    extend: str = DEFAULT_EXTEND,
) -> Iterator[Rendered]:
    """Draw a result, frame by frame.

    Args:
        reader: the video.
        roles: those who speak in it, at least one.
        samples: (n,) mono sound at `SAMPLE_RATE`; the result is as long as it.
        batch: frames drawn at a time.
        lively: what a portrait does besides, see `liveliness`.
        progress: called with frames done and in all.
        passage: alone in which they speak; everywhere by default.
        extend: how a video goes on that is shorter than the sound, see `schedule`.
    """
    # Resampling may round a sample up; that must not buy a frame.
    length = Fraction(len(samples) - 8, SAMPLE_RATE)
    rate = reader.info.frame_rate
    track = roles[0].track
    plan = schedule(reader, track.times, length, rate, extend)
    plan = standing(plan, lambda *two: any(role.track.repeats(*two) for role in roles))
    if passage is not None:
        plan = passage.within(plan)
    if lively.eyes:
        plan = blinking(plan, lively.eyes)
    total = showing_count(track.times, length, rate, extend)
    done = 0
    batches = (
        (showings, _drawn(showings, roles)) for showings in _batched(read_ahead(plan), batch)
    )
    for showings, drawn in _begun_ahead(batches):
        for showing, painted in zip(showings, drawn, strict=True):
            picture = painted[-1].picture if painted else showing.frame.picture
            if lively.sway is not None:
                picture = lively.sway.moved(picture, showing.time)
            done += 1
            progress(done, total)
            if isinstance(showing.frame.picture, PartPicture):
                picture = showing.frame.picture.whole(picture)
            listens = not painted and any(role.track.listens(showing.frame.index) for role in roles)
            yield Rendered(showing.frame, showing.time, picture, painted, listens)


def _drawn(showings: Sequence[Showing], roles: Sequence[Role]) -> Iterable[tuple[Painted, ...]]:
    """What is edited of each showing: everybody's mouth, over those of the others before."""
    edited: Iterable[tuple[Painted, ...]] = [()] * len(showings)
    for role in roles:
        before = list(edited)  # waits for it, but for the last one's
        own = [_showing_of(role, *one) for one in zip(showings, before, strict=True)]
        drawn = role.performance.draw(own)
        edited = (
            others if painted is None else (*others, painted)
            for others, painted in zip(before, drawn, strict=True)
        )
    return edited


def _showing_of(role: Role, showing: Showing, painted: Sequence[Painted]) -> Showing:
    """A showing as somebody is drawn into it, with what was edited already."""
    frame = replace(showing.frame, picture=painted[-1].picture) if painted else showing.frame
    share = min(showing.share, role.track.share(showing.frame.index))
    return replace(showing, frame=frame, share=share)


def _begun_ahead(batches: Iterable[T]) -> Iterator[T]:
    """The same, each when the next is begun as well, so that no core waits between them."""
    begun: T | None = None
    for batch in batches:
        if begun is not None:
            yield begun
        begun = batch
    if begun is not None:
        yield begun


def _batched(plan: Iterator[Showing], size: int) -> Iterator[list[Showing]]:
    batch: list[Showing] = []
    for showing in plan:
        batch.append(showing)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
