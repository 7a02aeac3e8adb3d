"""Two kinds of pictures for a web page, as SVG: bars per condition, and curves over time.

Colours and fonts are left to the style sheet of the page, which knows the classes `bar`, `dot`,
`curve`, `axis`, `grid`, `cursor` and, on bars and curves, the name of the condition. Does not know
what the values mean. The same values give the same text.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

_ROW, _BAR = 24, 12  # height of a row and of the bar in it; these and all below in SVG units
_LABEL, _LENGTH, _VALUE = 92, 190, 58  # label, longest bar, value, from left to right
_WIDTH, _HEIGHT = 720, 150  # of the area of curves
_LEFT, _TOP, _RIGHT, _BOTTOM = 40, 10, 12, 24  # around it


@dataclass(frozen=True)
class Bar:
    """One bar.

    Attributes:
        name: What stands beside it; also its class.
        value: Its length; NaN for none.
        dots: The values of which `value` is the mean.
    """

    name: str
    value: float
    dots: Sequence[float] = ()


def bar_chart(title: str, bars: Sequence[Bar], decimals: int) -> str:
    """Horizontal bars from zero, the single values as dots on them, the mean in print."""
    finite = [x for bar in bars for x in (bar.value, *bar.dots) if math.isfinite(x)]
    low, high = min([0.0, *finite]), max([0.0, *finite])
    scale = _LENGTH / ((high - low) or 1)
    zero = _LABEL - low * scale
    width, height = _LABEL + _LENGTH + _VALUE, _ROW * len(bars)
    parts = [_open("bars", width, height, title)]
    for number, bar in enumerate(bars):
        middle = _ROW * number + _ROW / 2
        parts.append(
            f'<text class="label" x="{_LABEL - 8}" y="{middle + 4:g}">{escape(bar.name)}</text>'
        )
        text = "–"
        if math.isfinite(bar.value):
            end = zero + bar.value * scale
            text = f"{bar.value:.{decimals}f}"
            parts.append(
                f'<rect class="bar {css_class(bar.name)}" x="{min(zero, end):.1f}"'
                f' y="{middle - _BAR / 2:g}" width="{abs(end - zero):.1f}" height="{_BAR}"/>'
            )
        parts += [
            f'<circle class="dot" cx="{zero + dot * scale:.1f}" cy="{middle:g}" r="1.8"/>'
            for dot in bar.dots
            if math.isfinite(dot)
        ]
        parts.append(f'<text class="value" x="{width}" y="{middle + 4:g}">{text}</text>')
    parts.append(f'<path class="axis" d="M{zero:.1f} 0V{height}"/></svg>')
    return "".join(parts)


def line_chart(title: str, curves: Mapping[str, NDArray[np.floating]], rate: float) -> str:
    """Curves over time, with gaps where values are NaN, and a cursor that a script may move.

    Args:
        title: For those who cannot see it.
        curves: (N,) values by name; value k belongs to k / `rate` seconds.
        rate: Values per second.
    """
    seconds = max([1, *(len(curve) for curve in curves.values())]) / rate
    finite = [float(x) for curve in curves.values() for x in curve if math.isfinite(x)]
    step = _round_step(max([*finite, 1e-6]) / 3)
    high = step * math.ceil(max([*finite, step]) / step)
    low = min([0.0, *finite])
    x_scale, y_scale = _WIDTH / seconds, _HEIGHT / (high - low)
    bottom = _TOP + _HEIGHT
    parts = [_open("lines", _LEFT + _WIDTH + _RIGHT, bottom + _BOTTOM, title)]
    for value in np.arange(0, high + step / 2, step):
        y = bottom - (value - low) * y_scale
        parts.append(f'<path class="grid" d="M{_LEFT} {y:.1f}h{_WIDTH}"/>')
        parts.append(f'<text class="label" x="{_LEFT - 6}" y="{y + 4:.1f}">{value:.2f}</text>')
    for half in range(int(2 * seconds) + 1):
        x = _LEFT + half / 2 * x_scale
        parts.append(
            f'<text class="tick" x="{x:.1f}" y="{bottom + 16}">{half / 2:g}'
            f"{' s' if half == 0 else ''}</text>"
        )
    for name, curve in curves.items():
        points = [
            (_LEFT + k / rate * x_scale, bottom - (y - low) * y_scale)
            for k, y in enumerate(map(float, curve))
        ]
        parts.append(f'<path class="curve {css_class(name)}" d="{_path(points)}"/>')
    parts.append(
        f'<path class="cursor" data-x-scale="{x_scale:.3f}" d="M{_LEFT} {_TOP}v{_HEIGHT}"/></svg>'
    )
    return "".join(parts)


def css_class(name: str) -> str:
    """The class of a condition."""
    return re.sub(r"[^\w-]", "-", name)


def _path(points: Iterable[tuple[float, float]]) -> str:
    """A line through points, broken where y is NaN."""
    text, drawing = "", False
    for x, y in points:
        known = math.isfinite(y)
        if known:
            text += f"{'L' if drawing else 'M'}{x:.1f} {y:.1f}"
        drawing = known
    return text


def _round_step(rough: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is not above `rough`."""
    power = 10.0 ** math.floor(math.log10(rough))
    return max(factor * power for factor in (1, 2, 5) if factor * power <= rough * (1 + 1e-9))


def _open(kind: str, width: float, height: float, title: str) -> str:
    name = escape(title, quote=True)
    return f'<svg class="{kind}" viewBox="0 0 {width} {height}" role="img" aria-label="{name}">'
