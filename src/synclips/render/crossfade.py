"""Whose mouth is lent over time: the nearest kept frame's, faded in over the one's before it.

Two mouths brought to the same lips still differ in teeth, shine and shade, and where one follows
the other from one picture to the next it flashes, more than mouths that speak ever do. Knows time
and frames, nothing of how they are drawn.
"""

from dataclasses import dataclass

from synclips.render.references import Reference, ReferenceBank

SECONDS = 0.05
"""How long a fade takes: at 25 pictures per second one shows both mouths, at 60 two."""

# Of a fade that is as good as over; rounded times shall not buy one more picture.
_OVER = 0.98


@dataclass(frozen=True, eq=False)
class Crossfade:
    """What one picture shows.

    Attributes:
        bank: where its frames are from.
        time: of the picture, seconds.
        nearest: the frame that lends its mouth.
        leaving: the one that did before and is still seen; None where the fade is over.
        share: of the nearest, above 0, 1 where the fade is over.
    """

    bank: ReferenceBank
    time: float
    nearest: Reference
    leaving: Reference | None = None
    share: float = 1.0


def follow(
    previous: Crossfade | None, bank: ReferenceBank, nearest: Reference, time: float
) -> Crossfade:
    """The next picture.

    Args:
        previous: the picture before; None of the first.
        bank: where the frames are from. Over a cut, which changes it, nothing fades.
        nearest: the frame of it that shall lend its mouth.
        time: of the picture, seconds.
    """
    if previous is None or previous.bank is not bank:
        return Crossfade(bank, time, nearest)
    if nearest is previous.nearest:
        leaving, before = previous.leaving, previous.share
    elif nearest is previous.leaving:
        leaving, before = previous.nearest, 1 - previous.share
    else:
        # While two are seen still, the one that is seen more leaves.
        leaving = previous.nearest if previous.share >= 0.5 else previous.leaving
        before = 0.0
    share = before + (time - previous.time) / SECONDS
    if leaving is None or share >= _OVER:
        return Crossfade(bank, time, nearest)
    return Crossfade(bank, time, nearest, leaving, share)
