"""Averages of rows: per corpus and condition, or per speaker as well.

Does not know how numbers are printed.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from statistics import fmean

from synclips.evaluation.conditions import CONDITIONS
from synclips.evaluation.measure import Scores
from synclips.evaluation.metrics import mean_psnr
from synclips.evaluation.swap import Row


@dataclass(frozen=True)
class Mean:
    """The mean of some pairs under one condition.

    Attributes:
        corpus: Where they come from.
        speaker: Whose they are; None for everybody's.
        condition: Of which rows.
        pairs: How many.
        scores: Mean of each score over the pairs that have one, else NaN; of PSNR as in
            `metrics.mean_psnr`.
    """

    corpus: str
    speaker: str | None
    condition: str
    pairs: int
    scores: Scores


def means(rows: Iterable[Row], per_speaker: bool = False) -> list[Mean]:
    """Average rows per corpus and condition, or per speaker as well.

    Every pair weighs the same. Groups come in order of their first row, conditions in that of
    `CONDITIONS`.
    """
    groups: dict[tuple[str, str | None], dict[str, list[Scores]]] = {}
    for row in rows:
        group = groups.setdefault((row.corpus, row.speaker if per_speaker else None), {})
        group.setdefault(row.condition, []).append(row.scores)
    return [
        Mean(corpus, speaker, condition, len(group[condition]), _mean(group[condition]))
        for (corpus, speaker), group in groups.items()
        for condition in CONDITIONS
        if condition in group
    ]


def _mean(scores: Sequence[Scores]) -> Scores:
    values = {}
    for name in (field.name for field in fields(Scores)):
        known = [v for v in (getattr(one, name) for one in scores) if not math.isnan(v)]
        mean = mean_psnr if name == "psnr" else fmean
        values[name] = mean(known) if known else math.nan
    return Scores(**values)
