import json
import math
from dataclasses import fields
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from synclips.errors import InputError, OutputError
from synclips.evaluation.gallery import Exhibit
from synclips.evaluation.kept import NAME, Kept, Outcome
from synclips.evaluation.measure import Scores
from synclips.evaluation.swap import Row


def outcome(value: float = 0.1, **changed: float) -> Outcome:
    scores = Scores(**({field.name: value for field in fields(Scores)} | changed))
    opening = np.array([0.1, math.nan, 1 / 3], np.float32)
    exhibit = Exhibit("grid", "s1", "p", b"\x00\n\xff", (720, 432), {"real": opening})
    return Outcome((Row("grid", "s1", "p", "real", scores),), Fraction(-3, 50), exhibit)


def test_what_is_kept_comes_back_to_the_last_digit(tmp_path: Path) -> None:
    before = outcome(1 / 3, psnr=math.inf, silent_motion=math.nan)
    plain = Outcome(before.rows)
    kept = Kept(tmp_path)
    kept.add("a", before)
    kept.add("b", plain)
    for again in (kept, Kept(tmp_path)):
        found = again.find("a")
        assert found is not None and found.exhibit is not None and before.exhibit is not None
        # NaN is not equal to itself.
        assert repr(found.rows) == repr(before.rows)
        assert found.lag == Fraction(-3, 50)
        assert (found.exhibit.clip, found.exhibit.size) == (b"\x00\n\xff", (720, 432))
        opening = found.exhibit.opening["real"]
        assert opening.dtype == np.float32
        np.testing.assert_array_equal(opening, before.exhibit.opening["real"])
        second = again.find("b")
        assert second is not None and (second.lag, second.exhibit) == (None, None)
        assert again.find("c") is None
    for line in (tmp_path / NAME).read_text().splitlines():
        json.loads(line, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


@pytest.mark.parametrize("left", range(0, 400, 57))
def test_a_line_that_was_cut_off_costs_that_pair_alone(tmp_path: Path, left: int) -> None:
    kept = Kept(tmp_path)
    kept.add("a", outcome())
    whole = (tmp_path / NAME).stat().st_size
    kept.add("b", outcome())
    with (tmp_path / NAME).open("r+b") as file:
        file.truncate(whole + left)
    again = Kept(tmp_path)
    assert again.find("a") is not None and again.find("b") is None
    again.add("c", outcome())
    last = Kept(tmp_path)
    assert [last.find(key) is not None for key in "abc"] == [True, False, True]


@pytest.mark.parametrize(
    "line", [b"[]", b'{"key": "x"}', b'{"key": "x", "rows": [{"a": 1}]}', b"\xff\xfe", b"null"]
)
def test_a_damaged_line_is_passed_over(tmp_path: Path, line: bytes) -> None:
    (tmp_path / NAME).write_bytes(line + b"\n")
    kept = Kept(tmp_path)
    assert kept.find("x") is None
    kept.add("a", outcome())
    assert Kept(tmp_path).find("a") is not None


def test_the_latest_of_a_key_counts(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    kept.add("a", outcome(1.0))
    kept.add("a", outcome(2.0))
    found = Kept(tmp_path).find("a")
    assert found is not None and found.rows[0].scores.jitter == 2


def test_what_cannot_be_read_or_written_is_named(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    (tmp_path / NAME).mkdir()
    with pytest.raises(OutputError, match=r"measured\.jsonl could not be written"):
        kept.add("a", outcome())
    with pytest.raises(InputError, match=r"measured\.jsonl cannot be read .*; remove it"):
        Kept(tmp_path)
