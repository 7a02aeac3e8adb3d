"""Results on paper: all rows as JSON and CSV, their means as a Markdown table.

Knows how rows are averaged and how numbers are printed. Files appear complete or not at all, and
the same rows give the same bytes. Does not know how the rows were measured.
"""

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from synclips.evaluation.measure import Scores
from synclips.evaluation.swap import CONDITIONS, SYSTEM, Row, Skipped
from synclips.media.partial import PartialFile, check_target

_FIELDS = tuple(field.name for field in fields(Scores))
# What the Markdown table shows: score, heading, decimals.
_COLUMNS = (
    ("lip_error", "LVE max %", 2),
    ("lip_error_mean", "LVE mean %", 2),
    ("correlation", "opening r", 2),
    ("best_correlation", "r at best lag", 2),
    ("best_lag", "lag, frames", 1),
    ("on_time", "within a frame", 2),
    ("opening_ratio", "opening ratio", 2),
    ("width_correlation", "width r", 2),
    ("silent_motion", "silence %/f", 2),
    ("jitter", "jitter %/f²", 2),
    ("texture_ratio", "texture", 2),
)


@dataclass(frozen=True)
class Mean:
    """The mean of some pairs under one condition.

    Attributes:
        corpus: Where they come from.
        speaker: Whose they are; None for everybody's.
        condition: Of which rows.
        pairs: How many.
        scores: Mean of each score over the pairs that have one, else NaN.
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


def write_report(
    folder: Path,
    rows: Sequence[Row],
    skipped: Sequence[Skipped] = (),
    about: Mapping[str, str] | None = None,
) -> None:
    """Write `results.json`, `results.csv` and `report.md`.

    Args:
        folder: Existing folder.
        rows: All results.
        skipped: Pairs without results.
        about: What was evaluated, printed above the results.

    Raises:
        OutputError: If a file cannot be written.
    """
    about = about or {}
    write_text(folder / "results.json", _json(rows, skipped, about))
    write_text(folder / "results.csv", _csv(rows))
    write_text(folder / "report.md", markdown(rows, skipped, about))


def write_text(path: Path, text: str) -> None:
    """Write a text file that appears only when it is complete.

    Raises:
        OutputError: If it cannot be written.
    """
    check_target(path)
    partial = PartialFile(path)
    try:
        partial.hidden.write_text(text, encoding="utf-8", newline="\n")
        partial.commit()
    finally:
        partial.discard()


def markdown(
    rows: Sequence[Row], skipped: Sequence[Skipped] = (), about: Mapping[str, str] | None = None
) -> str:
    """The means as Markdown: a table per corpus, and the system per speaker."""
    lines = ["# Evaluation by swap", ""]
    lines += [f"- {key}: {value}" for key, value in (about or {}).items()]
    lines += [f"- pairs: {len({row.pair for row in rows})}, skipped: {len(skipped)}", ""]
    for corpus in dict.fromkeys(row.corpus for row in rows):
        within = [row for row in rows if row.corpus == corpus]
        lines += [f"## {corpus}", ""]
        lines += _table("condition", means(within), lambda mean: mean.condition)
        own = [row for row in within if row.condition == SYSTEM]
        lines += [f"### {corpus}: {SYSTEM} per speaker", ""]
        lines += _table("speaker", means(own, per_speaker=True), lambda mean: str(mean.speaker))
    if skipped:
        lines += ["## Skipped", ""]
        lines += [f"- {item.pair}: {item.reason}" for item in skipped] + [""]
    return "\n".join(lines)


def _table(first: str, rows: Sequence[Mean], name: Callable[[Mean], str]) -> list[str]:
    headings = [first, "pairs", *(heading for _, heading, _ in _COLUMNS)]
    lines = [_line(headings), _line(["---", *["---:"] * (len(headings) - 1)])]
    for mean in rows:
        cells = [_number(getattr(mean.scores, key), decimals) for key, _, decimals in _COLUMNS]
        lines.append(_line([name(mean), str(mean.pairs), *cells]))
    return [*lines, ""]


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _number(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}" if math.isfinite(value) else "–"


def _mean(scores: Sequence[Scores]) -> Scores:
    values = {}
    for name in _FIELDS:
        known = [v for v in (getattr(one, name) for one in scores) if math.isfinite(v)]
        values[name] = math.fsum(known) / len(known) if known else math.nan
    return Scores(**values)


def _plain(scores: Scores) -> dict[str, float | None]:
    """Scores for JSON, which has no NaN."""
    return {k: round(v, 6) if math.isfinite(v) else None for k, v in asdict(scores).items()}


def _json(rows: Sequence[Row], skipped: Sequence[Skipped], about: Mapping[str, str]) -> str:
    def mean(one: Mean) -> dict[str, object]:
        return {**asdict(one), "scores": _plain(one.scores)}

    content = {
        "about": dict(about),
        "means": [mean(one) for one in means(rows)],
        "means_per_speaker": [mean(one) for one in means(rows, per_speaker=True)],
        "rows": [{**asdict(row), "scores": _plain(row.scores)} for row in rows],
        "skipped": [asdict(item) for item in skipped],
    }
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _csv(rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["corpus", "speaker", "pair", "condition", *_FIELDS])
    for row in rows:
        scores = ["" if v is None else v for v in _plain(row.scores).values()]
        writer.writerow([row.corpus, row.speaker, row.pair, row.condition, *scores])
    return text.getvalue()
