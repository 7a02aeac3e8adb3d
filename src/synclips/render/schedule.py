"""Which frame is shown when: the length of the result is the length of the sound.

A shorter sound ends the video; with a longer one the video goes on until the sound ends. By default
it plays backward and forward again, which hides the turn better than a jump to the start does.
Timestamps are exact.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count, pairwise, takewhile
from math import ceil

from synclips.media.video import Frame, VideoReader
from synclips.options import DEFAULT_EXTEND


@dataclass(frozen=True, eq=False)
class Showing:
    """A frame of the source in the result.

    Attributes:
        frame: of the source.
        time: at which the result shows it, seconds.
        share: how much of a new mouth shows, 0 to 1: 0 where the person only listens, or nothing
            is said anew.
        since: since when the result shows the same picture, where frames repeat one.
    """

    frame: Frame
    time: Fraction
    share: float = 1.0
    since: Fraction | None = None

    @property
    def moment(self) -> Fraction:
        """Whose lips it shows, seconds: they stand while the picture does."""
        return self.time if self.since is None else self.since


def schedule(
    reader: VideoReader,
    times: Sequence[Fraction],
    length: Fraction,
    frame_rate: Fraction,
    extend: str = DEFAULT_EXTEND,
) -> Iterator[Showing]:
    """Frames of a video for `length` seconds; the first frame is always shown.

    Args:
        reader: the video.
        times: the timestamps of all its frames.
        length: seconds of the result.
        frame_rate: average rate, which gives the last frame a duration.
        extend: how a video goes on that is shorter: bounce, loop or hold.
    """
    if len(times) == 1:
        return still(reader, length, frame_rate)
    without_end = {DEFAULT_EXTEND: _bounced, "loop": _looped, "hold": _held}[extend]
    plan = without_end(reader, times, 1 / frame_rate)
    return takewhile(lambda one: one.time < length or one.time <= 0, plan)


def _bounced(reader: VideoReader, times: Sequence[Fraction], _: Fraction) -> Iterator[Showing]:
    """Forward and backward, each turning frame shown once."""
    start, last, skip = Fraction(0), len(times) - 1, 0
    while True:
        for frame in reader.frames():
            if frame.index >= skip:
                yield Showing(frame, start + frame.time)
        turn = start + times[last]
        for frame in reader.frames_backward(times):  # keeps the intervals, mirrored
            if frame.index != last:
                yield Showing(frame, turn + times[last] - frame.time)
        start, skip = turn + times[last] - times[0], 1


def _looped(
    reader: VideoReader, times: Sequence[Fraction], interval: Fraction
) -> Iterator[Showing]:
    """From the beginning again and again."""
    for round_ in count():
        for frame in reader.frames():
            yield Showing(frame, round_ * (times[-1] + interval) + frame.time)


def _held(reader: VideoReader, times: Sequence[Fraction], interval: Fraction) -> Iterator[Showing]:
    """Once, and then the last picture."""
    for frame in reader.frames():
        yield Showing(frame, frame.time)
    for number in count(1):
        yield Showing(frame, times[-1] + number * interval)


def still(reader: VideoReader, length: Fraction, frame_rate: Fraction) -> Iterator[Showing]:
    """One picture for `length` seconds."""
    frame = next(reader.frames())
    for number in range(showing_count([frame.time], length, frame_rate)):
        yield Showing(frame, number / frame_rate)


def standing(plan: Iterable[Showing], repeats: Callable[[int, int], bool]) -> Iterator[Showing]:
    """The same showings, which know since when they show their picture.

    Args:
        plan: the showings.
        repeats: whether two frames, by their indices, show the same picture.
    """
    last: Showing | None = None
    for showing in plan:
        if last is not None and repeats(showing.frame.index, last.frame.index):
            showing = replace(showing, since=last.moment)
        last = showing
        yield showing


def end_of_way(times: Sequence[Fraction], frame_rate: Fraction) -> Fraction:
    """Seconds of a result in which each frame of a video is shown once, the last in full.

    No longer than the frame before was, or the way back would have begun; arguments as for
    `schedule`.
    """
    return times[-1] + min([1 / frame_rate, *(b - a for a, b in pairwise(times[-2:]))])


def showing_count(
    times: Sequence[Fraction], length: Fraction, frame_rate: Fraction, extend: str = DEFAULT_EXTEND
) -> int:
    """How many frames `schedule` or `still` will show; arguments as for `schedule`."""
    last = len(times) - 1
    if last == 0:
        return max(1, ceil(length * frame_rate))
    if extend == "hold":
        once = bisect_left(times, length)
        return max(1, once if once <= last else last + ceil((length - times[last]) * frame_rate))
    if extend == "loop":
        rounds, rest = divmod(length, times[last] + 1 / frame_rate)
        return max(1, int(rounds) * len(times) + bisect_left(times, rest))
    ways, rest = divmod(length, times[last])
    # The turning frame counts with the way that leads to it.
    way = times if ways % 2 == 0 else [times[last] - time for time in reversed(times)]
    return max(1, int(ways) * last + bisect_left(way, rest))
