"""How each score is called, printed and explained in reports, in their order.

Knows words and decimals. Does not know values.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from synclips.evaluation.measure import Scores


@dataclass(frozen=True)
class Column:
    """One score on paper.

    Attributes:
        score: Name of the field in `Scores`.
        heading: What tables call it, with its unit.
        decimals: Digits after the point.
        meaning: One line that says what it is and what is good.
        plotted: Whether the page draws it.
    """

    score: str
    heading: str
    decimals: int
    meaning: str
    plotted: bool = False


COLUMNS = (
    Column(
        "lip_error",
        "LVE max %",
        2,
        "lip vertex error, % of the eye distance, largest vertex; small is good",
        plotted=True,
    ),
    Column("lip_error_mean", "LVE mean %", 2, "the same, mean of the vertices"),
    Column(
        "correlation",
        "opening r",
        2,
        "correlation of the mouth opening with the true one; 1 is good",
        plotted=True,
    ),
    Column("best_correlation", "r at best lag", 2, "the same at the best shift up to 10 frames"),
    Column(
        "best_lag",
        "lag, frames",
        1,
        "that shift at 25 Hz; positive: the lips are late; in a mean early and late cancel",
    ),
    Column("lag_size", "lag size", 1, "the same without its sign, so that nothing cancels"),
    Column("on_time", "within a frame", 2, "share of pairs whose lag is at most one frame"),
    Column(
        "opening_ratio",
        "opening ratio",
        2,
        "how much the mouth opens and closes, of the truth; 1 is good, less is mumbling",
        plotted=True,
    ),
    Column("width_correlation", "width r", 2, "correlation of the distance of the mouth corners"),
    Column("width_ratio", "width ratio", 2, "how much lips round and spread, of the truth"),
    Column(
        "silent_motion",
        "silence %/f",
        2,
        "motion of the lips per frame in silence; as real or less is good",
        plotted=True,
    ),
    Column("jitter", "jitter %/f²", 2, "second difference of the lips; as real is good"),
    Column(
        "texture_ratio",
        "texture",
        2,
        "detail in the mouth box, of the truth; as unedited is good, less is blurred",
        plotted=True,
    ),
    Column(
        "flicker_ratio",
        "flicker",
        2,
        "largest changes of the mouth's look from frame to frame, of the truth; more flashes",
        plotted=True,
    ),
    Column(
        "sync_offset",
        "sync offset, frames",
        1,
        "by which the picture is late against the true sound, says the judge; 0 is good; in a mean"
        " early and late cancel",
    ),
    Column(
        "sync_offset_size",
        "sync offset size",
        1,
        "the same without its sign, so that nothing cancels",
    ),
    Column(
        "sync_distance",
        "sync distance",
        3,
        "of picture and true sound at that offset, says the judge; as real is good",
    ),
    Column(
        "sync_confidence",
        "sync confidence",
        3,
        "how much nearer they are there than elsewhere, says the judge; as real is good",
        plotted=True,
    ),
    Column(
        "psnr",
        "PSNR dB",
        2,
        "mouth box, second half of a clip redrawn from its first; as re-encoded is good",
        plotted=True,
    ),
    Column("ssim", "SSIM", 3, "the same, structural similarity", plotted=True),
)


def known_columns(scores: Iterable[Scores]) -> list[Column]:
    """The columns in which there is a number to show."""
    listed = list(scores)
    return [
        column
        for column in COLUMNS
        if any(math.isfinite(getattr(one, column.score)) for one in listed)
    ]
