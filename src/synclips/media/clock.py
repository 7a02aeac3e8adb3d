"""Time that always moves forward, made from timestamps that may not.

Knows what is wrong with timestamps in the wild: missing, repeated, restarted. Counts in whole
ticks, so that good timestamps come through exactly. Does not know files.
"""

from fractions import Fraction

MAX_GAP = Fraction(600)
"""Seconds; a longer jump between two timestamps is a broken clock, not a pause."""

MAX_OVERLAP = Fraction(1)
"""Seconds; a longer step back in time means the clock was restarted there."""


class Clock:
    """Turns a stream's timestamps, one after the other, into strictly increasing seconds.

    A missing or repeated timestamp is placed half a frame after the one before, which leaves room
    for the next good one; after a restart of the container's clock time goes on by one frame, and
    as long as no frame has had a timestamp, as in a raw stream.
    """

    def __init__(self, time_base: Fraction, frame_rate: Fraction) -> None:
        """Start before the first frame.

        Args:
            time_base: Seconds per tick.
            frame_rate: Usual frames per second, for timestamps that must be made up.
        """
        self._time_base = time_base
        self._frame = max(1, round(1 / (frame_rate * time_base)))
        self._offset: int | None = None
        self._last = 0
        self._told = False

    def time(self, pts: int | None) -> Fraction:
        """Return the time of the next frame in seconds; the first is at 0."""
        self._told = self._told or pts is not None
        if self._offset is None:
            self._offset = -(pts or 0)
            return Fraction(0)
        if not self._told:
            self._last += self._frame
            return self._last * self._time_base
        ticks = self._last if pts is None else pts + self._offset
        step = (ticks - self._last) * self._time_base
        if step < -MAX_OVERLAP or step > MAX_GAP:
            self._offset += self._last + self._frame - ticks
            ticks = self._last + self._frame
        elif step <= 0:
            ticks = self._last + max(1, self._frame // 2)
        self._last = ticks
        return ticks * self._time_base
