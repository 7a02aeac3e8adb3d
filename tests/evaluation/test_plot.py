import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from synclips.evaluation.plot import Bar, bar_chart, line_chart


def elements(svg: str, kind: str) -> list[ElementTree.Element]:
    """All elements of one class; the text must be well-formed."""
    return [e for e in ElementTree.fromstring(svg).iter() if kind in e.get("class", "").split()]


def points(path: ElementTree.Element) -> list[tuple[str, float, float]]:
    found = re.findall(r"([ML])([\d.-]+) ([\d.-]+)", path.get("d", ""))
    return [(command, float(x), float(y)) for command, x, y in found]


def test_bars_are_as_long_as_their_values() -> None:
    bars = [Bar("real", 1.0), Bar("wrong audio", 0.5, [0.25, math.nan, 0.75]), Bar("no", math.nan)]
    svg = bar_chart("opening r", bars, 2)
    long, short = elements(svg, "bar")
    assert float(long.get("width", 0)) == pytest.approx(2 * float(short.get("width", 0)), abs=0.1)
    assert short.get("class") == "bar wrong-audio"
    assert [e.text for e in elements(svg, "value")] == ["1.00", "0.50", "–"]
    assert [e.text for e in elements(svg, "label")] == ["real", "wrong audio", "no"]
    left, right = (float(dot.get("cx", 0)) for dot in elements(svg, "dot"))
    middle = float(short.get("x", 0)) + float(short.get("width", 0)) / 2
    assert left == pytest.approx(middle, abs=0.1)
    assert left < right < float(short.get("x", 0)) + float(long.get("width", 0))


def test_negative_bars_go_the_other_way() -> None:
    svg = bar_chart("r", [Bar("a", -0.5), Bar("b", 1.0)], 1)
    negative, positive = elements(svg, "bar")
    zero = float(positive.get("x", 0))
    assert float(negative.get("x", 0)) + float(negative.get("width", 0)) == pytest.approx(zero)
    assert float(negative.get("width", 0)) == pytest.approx(
        float(positive.get("width", 0)) / 2, abs=0.1
    )


@pytest.mark.parametrize("values", [[0.0, 0.0], [math.nan, math.nan], []])
def test_nothing_to_draw_is_no_error(values: list[float]) -> None:
    svg = bar_chart("r", [Bar("a", value, [value]) for value in values], 2)
    assert all(float(bar.get("width", 1)) == 0 for bar in elements(svg, "bar"))
    chart = line_chart("r", {"a": np.array(values, np.float32)}, 25)
    assert elements(chart, "cursor")


def test_curves_run_over_time_and_break_in_gaps() -> None:
    curve = np.array([0.0, 0.1, math.nan, 0.2, 0.1])
    svg = line_chart("opening", {"real": curve, "synclips": curve / 2}, 25)
    real, other = (points(path) for path in elements(svg, "curve"))
    assert [command for command, _, _ in real] == ["M", "L", "M", "L"]
    x = [point[1] for point in real]
    assert x[1] - x[0] == pytest.approx((x[2] - x[1]) / 2, abs=0.2)
    y = [point[2] for point in real]
    assert y[2] < y[1] == pytest.approx(y[3])  # up is more
    assert y[0] == real[0][2] == other[0][2]
    assert (y[0] - other[2][2]) == pytest.approx((y[0] - y[2]) / 2, abs=0.1)
    # Axis: nothing sticks out above, and the cursor moves as fast as the curve.
    assert min(y) >= 10
    cursor = elements(svg, "cursor")[0]
    assert float(cursor.get("data-x-scale", 0)) / 25 == pytest.approx(x[1] - x[0], abs=0.1)


def test_axis_steps_are_round() -> None:
    svg = line_chart("opening", {"a": np.linspace(0, 0.23, 50)}, 25)
    assert [e.text for e in elements(svg, "label")] == [
        "0.00",
        "0.05",
        "0.10",
        "0.15",
        "0.20",
        "0.25",
    ]
    assert [e.text for e in elements(svg, "tick")] == ["0 s", "0.5", "1", "1.5", "2"]


def test_names_are_escaped() -> None:
    svg = bar_chart('<script>"', [Bar("a<b", 1)], 1)
    assert elements(svg, "label")[0].text == "a<b"
    assert ElementTree.fromstring(svg).get("aria-label") == '<script>"'
