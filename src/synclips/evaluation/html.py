"""The report as one web page that needs nothing else: tables, plots and clips to play.

Style, script, plots and clips are all inside; the page loads nothing and is not allowed to. Knows
how a page is laid out. Does not know how anything was measured.
"""

import math
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files

from synclips.evaluation.columns import Column, known_columns
from synclips.evaluation.conditions import MEANINGS, REAL, SYSTEM, UNEDITED
from synclips.evaluation.gallery import PANELS, Exhibit
from synclips.evaluation.means import means
from synclips.evaluation.measure import Scores
from synclips.evaluation.plot import Bar, bar_chart, line_chart
from synclips.evaluation.swap import Row, Skipped
from synclips.features.timing import GRID_FRAME_RATE

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
    " media-src data:; img-src data:"
)
_ROLES = {UNEDITED: "source", SYSTEM: SYSTEM, REAL: "truth"}


def page(
    rows: Sequence[Row],
    skipped: Sequence[Skipped] = (),
    about: Mapping[str, str] | None = None,
    exhibits: Sequence[Exhibit] = (),
) -> str:
    """The whole page.

    Args:
        rows: All results.
        skipped: Pairs without results.
        about: What was evaluated, printed above the results.
        exhibits: Clips to show.
    """
    columns = known_columns(row.scores for row in rows)
    facts = {
        **(about or {}),
        "pairs": str(len({row.pair for row in rows})),
        "skipped": str(len(skipped)),
    }
    body = ["<h1>Evaluation by swap</h1>", '<dl class="about">']
    body += [f"<dt>{escape(key)}</dt><dd>{escape(text)}</dd>" for key, text in facts.items()]
    body.append("</dl>")
    for corpus in dict.fromkeys(row.corpus for row in rows):
        body.append(f"<h2>{escape(corpus)}</h2>")
        body += _results([row for row in rows if row.corpus == corpus], columns)
        shown = [exhibit for exhibit in exhibits if exhibit.corpus == corpus]
        if shown:
            body.append('<h3>Clips</h3><div class="exhibits">')
            body += [_exhibit(exhibit) for exhibit in shown]
            body.append("</div>")
    if skipped:
        body.append("<h2>Skipped</h2><ul>")
        body += [f"<li>{escape(item.pair)}: {escape(item.reason)}</li>" for item in skipped]
        body.append("</ul>")
    if columns:
        present = {row.condition for row in rows}
        body.append(
            "<h2>What is compared</h2><p>A and B are two moments of one speaker. The system gets"
            " the frames of A and the sound of B; the frames of B show how the lips really moved."
            "</p>"
        )
        body += _glossary((name, text) for name, text in MEANINGS.items() if name in present)
        body.append("<h2>The numbers</h2>")
        body += _glossary((column.heading, column.meaning) for column in columns)
    return _document(str(facts.get("system", "")), body)


def _glossary(words: Iterable[tuple[str, str]]) -> list[str]:
    entries = (f"<dt>{escape(word)}</dt><dd>{escape(text)}</dd>" for word, text in words)
    return ['<dl class="glossary">', *entries, "</dl>"]


def _document(name: str, body: Sequence[str]) -> str:
    title = escape(f"{name}: evaluation" if name else "Evaluation")
    head = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        # Browsers ask for an icon of their own accord unless a page has one.
        '<link rel="icon" href="data:,">\n'
        f"<title>{title}</title>\n<style>\n{_asset('page.css')}</style>\n</head>\n<body>\n"
    )
    return head + "\n".join(body) + f"\n<script>\n{_asset('page.js')}</script>\n</body>\n</html>\n"


def _asset(name: str) -> str:
    return files("synclips.evaluation").joinpath(name).read_text(encoding="utf-8")


def _results(rows: Sequence[Row], columns: Sequence[Column]) -> list[str]:
    """Plots and tables of one corpus."""
    by_condition = means(rows)
    parts = ['<div class="charts">']
    for column in columns:
        if column.plotted:
            bars = [
                Bar(
                    mean.condition,
                    float(getattr(mean.scores, column.score)),
                    [
                        float(getattr(row.scores, column.score))
                        for row in rows
                        if row.condition == mean.condition
                    ],
                )
                for mean in by_condition
            ]
            chart = bar_chart(column.heading, bars, column.decimals)
            parts.append(f"<figure><h4>{escape(column.heading)}</h4>{chart}</figure>")
    parts.append('</div><p class="faint">Bars are means over pairs, rings the pairs.</p>')
    parts.append("<h3>Per condition</h3>")
    parts.append(
        _table(
            ["condition", "pairs"],
            columns,
            (([m.condition, str(m.pairs)], m.scores, m.condition) for m in by_condition),
        )
    )
    own = means([row for row in rows if row.condition == SYSTEM], per_speaker=True)
    parts.append(f"<h3>{SYSTEM} per speaker</h3>")
    parts.append(
        _table(
            ["speaker", "pairs"],
            columns,
            (([str(m.speaker), str(m.pairs)], m.scores, "") for m in own),
        )
    )
    parts.append("<details><summary>Every pair under every condition</summary>")
    parts.append(
        _table(
            ["speaker", "pair", "condition"],
            columns,
            (([r.speaker, r.pair, r.condition], r.scores, r.condition) for r in rows),
        )
    )
    return [*parts, "</details>"]


def _table(
    first: Sequence[str],
    columns: Sequence[Column],
    rows: Iterable[tuple[Sequence[str], Scores, str]],
) -> str:
    """A sortable table.

    Args:
        first: Headings of the columns before the scores; `pairs` is a number, others are text.
        columns: The scores.
        rows: Cells before the scores, scores, and the class of the row.
    """
    parts = ['<div class="scroll"><table><thead><tr>']
    for name in first:
        kind = "" if name == "pairs" else ' class="text"'
        parts.append(f'<th{kind}><button type="button">{escape(name)}</button></th>')
    for column in columns:
        parts.append(
            f'<th title="{escape(column.meaning)}"><button type="button">'
            f"{escape(column.heading)}</button></th>"
        )
    parts.append("</tr></thead><tbody>")
    for cells, scores, kind in rows:
        parts.append(f'<tr class="{SYSTEM}">' if kind == SYSTEM else "<tr>")
        for name, cell in zip(first, cells, strict=True):
            kind = "" if name == "pairs" else ' class="text"'
            parts.append(f"<td{kind}>{escape(cell)}</td>")
        parts += [_cell(float(getattr(scores, c.score)), c.decimals) for c in columns]
        parts.append("</tr>")
    return "".join([*parts, "</tbody></table></div>"])


def _cell(value: float, decimals: int) -> str:
    if not math.isfinite(value):
        return '<td data-value="">–</td>'
    return f'<td data-value="{value:.6g}">{value:.{decimals}f}</td>'


def _exhibit(exhibit: Exhibit) -> str:
    """A clip above the curves of its mouths."""
    width, height = exhibit.size
    data = b64encode(exhibit.clip).decode("ascii")
    panels = "".join(f"<span>{_ROLES[condition]}</span>" for condition in PANELS)
    keys = "".join(
        f'<span class="key {condition}"></span>{_ROLES[condition]} &emsp;'
        for condition in (REAL, SYSTEM, UNEDITED)
    )
    curves = {condition: exhibit.opening[condition] for condition in (UNEDITED, REAL, SYSTEM)}
    chart = line_chart("Opening of the mouth over time", curves, float(GRID_FRAME_RATE))
    return (
        f'<figure class="exhibit"><h4>{escape(exhibit.speaker)}: {escape(exhibit.pair)}</h4>'
        f'<div class="panels">{panels}</div>'
        f'<video controls loop playsinline preload="auto" width="{width}" height="{height}"'
        f' src="data:video/mp4;base64,{data}"></video>'
        f"{chart}<figcaption>opening of the mouth, eye distances: {keys}</figcaption></figure>"
    )
