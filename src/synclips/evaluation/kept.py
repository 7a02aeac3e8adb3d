"""What was measured of each pair, on disk as soon as it is measured.

    OUT/measured.jsonl      a line for each pair: its key, rows, and what a reader is shown of it

Lines are only added, each on the disk itself before the next pair begins; one that was cut off is
passed over. Knows the file; what makes two keys the same is known to `resumption`.
"""

import json
import math
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from synclips.errors import InputError
from synclips.evaluation.gallery import Exhibit
from synclips.evaluation.measure import Scores
from synclips.evaluation.swap import Row
from synclips.media.partial import unwritable

NAME = "measured.jsonl"


@dataclass(frozen=True, eq=False)
class Outcome:
    """What was measured of a pair.

    Attributes:
        rows: Of all conditions, in their order.
        lag: Seconds by which the target was found to be late in itself; None where nothing was
            found or looked for.
        exhibit: What a reader is shown; None where another pair of the speaker is.
    """

    rows: tuple[Row, ...]
    lag: Fraction | None = None
    exhibit: Exhibit | None = None


class Kept:
    """The outcomes in a folder, by key.

    Args:
        folder: Of the report.

    Raises:
        InputError: If there are some that may not be read.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / NAME
        self._outcomes: dict[str, Outcome] = {}
        try:
            data = self._file.read_bytes()
        except FileNotFoundError:
            data = b""
        except OSError as error:
            raise InputError(
                f"{self._file} cannot be read ({error.strerror}); remove it, or choose another"
                " folder."
            ) from error
        self._is_torn = not data.endswith(b"\n") and data != b""
        for line in data.splitlines():
            try:
                values = json.loads(line)
                self._outcomes[values["key"]] = _outcome(values)
            except (ValueError, KeyError, TypeError, AttributeError):
                continue  # cut off, or damaged: that pair is measured again

    def find(self, key: str) -> Outcome | None:
        """The outcome of this key, if there is one."""
        return self._outcomes.get(key)

    def add(self, key: str, outcome: Outcome) -> None:
        """Keep an outcome, in place of an earlier one of this key.

        Raises:
            OutputError: If it cannot be written, such as on a full disk.
        """
        self._outcomes[key] = outcome
        line = json.dumps({"key": key, **_plain(outcome)}, ensure_ascii=False, allow_nan=False)
        try:
            with self._file.open("ab") as stream:
                stream.write(b"\n" * self._is_torn + f"{line}\n".encode())
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise unwritable(self._file, error) from error
        self._is_torn = False


def _plain(outcome: Outcome) -> dict[str, Any]:
    rows = []
    for row in outcome.rows:
        values = asdict(row)
        values["scores"] = {name: _told(value) for name, value in values["scores"].items()}
        rows.append(values)
    exhibit = None
    if (shown := outcome.exhibit) is not None:
        exhibit = {
            "corpus": shown.corpus,
            "speaker": shown.speaker,
            "pair": shown.pair,
            "clip": b64encode(shown.clip).decode("ascii"),
            "size": list(shown.size),
            "opening": {
                name: [_told(float(value)) for value in curve]
                for name, curve in shown.opening.items()
            },
        }
    lag = None if outcome.lag is None else str(outcome.lag)
    return {"rows": rows, "lag": lag, "exhibit": exhibit}


def _outcome(values: Mapping[str, Any]) -> Outcome:
    rows = []
    for row in values["rows"]:
        scores = Scores(**{name: float(value) for name, value in row["scores"].items()})
        rows.append(Row(**{**row, "scores": scores}))
    exhibit = None
    if (shown := values["exhibit"]) is not None:
        width, height = shown["size"]
        changed = {
            "clip": b64decode(shown["clip"]),
            "size": (int(width), int(height)),
            "opening": {
                name: np.array(curve, np.float64).astype(np.float32)
                for name, curve in shown["opening"].items()
            },
        }
        exhibit = Exhibit(**{**shown, **changed})
    lag = None if values["lag"] is None else Fraction(values["lag"])
    return Outcome(tuple(rows), lag, exhibit)


def _told(value: float) -> float | str:
    """A number for JSON, which has none that are not finite."""
    return value if math.isfinite(value) else str(value)
