"""Results on paper: all rows as JSON and CSV, their means as Markdown, and all of it as a page.

Knows how numbers are printed in text. Files appear complete or not at all, and the same rows give
the same bytes. Does not know how the rows were measured.
"""

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path

from synclips.evaluation.columns import Column, known_columns
from synclips.evaluation.conditions import SYSTEM
from synclips.evaluation.gallery import Exhibit
from synclips.evaluation.html import page
from synclips.evaluation.means import Mean, means
from synclips.evaluation.measure import Scores
from synclips.evaluation.swap import Row, Skipped
from synclips.media.partial import write_whole

_FIELDS = tuple(field.name for field in fields(Scores))


def write_report(
    folder: Path,
    rows: Sequence[Row],
    skipped: Sequence[Skipped] = (),
    about: Mapping[str, str] | None = None,
    exhibits: Sequence[Exhibit] = (),
) -> None:
    """Write `results.json`, `results.csv`, `report.md` and `report.html`.

    Args:
        folder: Existing folder.
        rows: All results.
        skipped: Pairs without results.
        about: What was evaluated, printed above the results.
        exhibits: Clips that the page shows.

    Raises:
        OutputError: If a file cannot be written.
    """
    about = about or {}
    write_whole(folder / "results.json", _json(rows, skipped, about).encode())
    write_whole(folder / "results.csv", _csv(rows).encode())
    write_whole(folder / "report.md", markdown(rows, skipped, about).encode())
    write_whole(folder / "report.html", page(rows, skipped, about, exhibits).encode())


def markdown(
    rows: Sequence[Row], skipped: Sequence[Skipped] = (), about: Mapping[str, str] | None = None
) -> str:
    """The means as Markdown: a table per corpus, and the system per speaker."""
    lines = ["# Evaluation by swap", ""]
    lines += [f"- {key}: {value}" for key, value in (about or {}).items()]
    lines += [f"- pairs: {len({row.pair for row in rows})}, skipped: {len(skipped)}", ""]
    columns = known_columns(row.scores for row in rows)
    for corpus in dict.fromkeys(row.corpus for row in rows):
        within = [row for row in rows if row.corpus == corpus]
        lines += [f"## {corpus}", ""]
        lines += _table(columns, "condition", means(within), lambda mean: mean.condition)
        own = [row for row in within if row.condition == SYSTEM]
        lines += [f"### {corpus}: {SYSTEM} per speaker", ""]
        speakers = means(own, per_speaker=True)
        lines += _table(columns, "speaker", speakers, lambda mean: str(mean.speaker))
    if skipped:
        lines += ["## Skipped", ""]
        lines += [f"- {item.pair}: {item.reason}" for item in skipped] + [""]
    return "\n".join(lines)


def _table(
    columns: Sequence[Column], first: str, rows: Sequence[Mean], name: Callable[[Mean], str]
) -> list[str]:
    headings = [first, "pairs", *(column.heading for column in columns)]
    lines = [_line(headings), _line(["---", *["---:"] * (len(headings) - 1)])]
    for mean in rows:
        cells = [_number(getattr(mean.scores, c.score), c.decimals) for c in columns]
        lines.append(_line([name(mean), str(mean.pairs), *cells]))
    return [*lines, ""]


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _number(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}" if math.isfinite(value) else "–"


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
