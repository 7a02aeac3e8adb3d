"""Hours and cost of the road, from the speed that a run has measured and a price that you give.

    python runs/cost.py checkpoints/grid-gan checkpoints/syncnet-expert
    python runs/cost.py checkpoints/grid-gan --also prepare=7.5
    python runs/cost.py checkpoints/grid-gan --price 1 --price-date 2026-01-31 --price-source URL

Below each folder, every stage that has trained left `log.jsonl`, whose rows tell samples per second
and the share of it spent waiting for data, and `resume.json`, which tells how many samples there
are in all. A few hundred steps on the machine in question are enough. Prints a Markdown table. A
price is printed with its date and source or not at all.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path


@dataclass(frozen=True)
class Stage:
    """What one stage of training has shown.

    Attributes:
        name: folder of the run, and below it that of the stage.
        samples: in all of its steps, done or not.
        speed: samples per second while it trains.
        waiting: share of that time without data to train on.
        aside: share of all time in which it validates, draws samples and saves.
    """

    name: str
    samples: int
    speed: float
    waiting: float
    aside: float

    @property
    def hours(self) -> float:
        """From the first step to the last."""
        return self.samples / self.speed / (1 - self.aside) / 3600


@dataclass(frozen=True)
class Price:
    """What an hour of the machine costs, who says so, and when."""

    amount: float
    currency: str
    on: date
    source: str


def read_stage(folder: Path, name: str) -> Stage:
    """A stage from what it left in its folder; each row counts by the samples behind it.

    Raises:
        ValueError: the log has no row.
    """
    rows = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    if not rows:
        raise ValueError(f"{folder / 'log.jsonl'} is empty; train until the first validation")
    settings = json.loads((folder / "resume.json").read_text())["settings"]
    batch = settings["loop.batch_size"]
    samples = [now["step"] - before for now, before in zip(rows, _before(rows), strict=True)]
    seconds = [n * batch / row["samples_per_second"] for n, row in zip(samples, rows, strict=True)]
    waiting = sum(s * row["data_share"] for s, row in zip(seconds, rows, strict=True))
    # Time passes between two rows of one process, also beside its steps.
    passed = [
        (late["seconds"] - early["seconds"], trained)
        for (early, late), trained in zip(pairwise(rows), seconds[1:], strict=True)
        if late["seconds"] > early["seconds"]
    ]
    elapsed, trained = (sum(column) for column in zip(*passed, strict=True)) if passed else (0, 0)
    return Stage(
        name,
        settings["loop.steps"] * batch,
        sum(samples) * batch / sum(seconds),
        waiting / sum(seconds),
        max(0.0, 1 - trained / elapsed) if elapsed else 0.0,
    )


def _before(rows: Sequence[dict[str, float]]) -> list[float]:
    """The step after which each row begins."""
    return [0, *(row["step"] for row in rows[:-1])]


def find_stages(folders: Iterable[Path]) -> list[Stage]:
    """All stages below some folders, in the order in which they ended.

    Raises:
        ValueError: a folder has none.
    """
    stages = []
    for folder in folders:
        found = [path.parent for path in folder.rglob("log.jsonl")]
        if not found:
            raise ValueError(f"{folder} has no log.jsonl below it; name the --work of a training")
        found.sort(key=lambda path: (path / "log.jsonl").stat().st_mtime)
        run = Path(folder.resolve().name)
        stages += [read_stage(path, (run / path.relative_to(folder)).as_posix()) for path in found]
    return stages


def table(stages: Sequence[Stage], others: dict[str, float], price: Price | None) -> str:
    """The stages and other hours as Markdown, with their sum."""
    head = ["stage", "samples", "samples/s", "waiting for data", "beside the steps", "hours"]
    rows = [
        [
            stage.name,
            f"{stage.samples:,}".replace(",", " "),
            f"{stage.speed:.1f}",
            f"{stage.waiting:.0%}",
            f"{stage.aside:.0%}",
            f"{stage.hours:.2f}",
        ]
        for stage in stages
    ]
    rows += [[name, "", "", "", "", f"{hours:.2f}"] for name, hours in others.items()]
    times = [stage.hours for stage in stages] + list(others.values())
    rows.append(["all", "", "", "", "", f"{sum(times):.2f}"])
    if price is not None:
        head.append(price.currency)
        for row, hours in zip(rows, [*times, sum(times)], strict=True):
            row.append(f"{hours * price.amount:.2f}")
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    text = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    if price is None:
        return text
    return (
        f"{text}\n\nAt {price.amount:g} {price.currency} per hour, {price.source} on"
        f" {price.on.isoformat()}."
    )


def main() -> None:
    """Read the arguments and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("work", type=Path, nargs="+", help="--work of a training")
    parser.add_argument(
        "--also", action="append", default=[], metavar="NAME=HOURS", help="other time, repeated"
    )
    parser.add_argument("--price", type=float, help="of the machine, per hour")
    parser.add_argument("--currency", default="USD")
    parser.add_argument("--price-date", type=date.fromisoformat, help="when it was that price")
    parser.add_argument("--price-source", help="where it says so")
    given = parser.parse_args()
    price = None
    if given.price is not None:
        if not (given.price_date and given.price_source):
            parser.error("a --price needs its --price-date and --price-source")
        price = Price(given.price, given.currency, given.price_date, given.price_source)
    try:
        others = {name: float(hours) for name, hours in (pair.split("=") for pair in given.also)}
    except ValueError:
        parser.error("--also takes NAME=HOURS")
    try:
        print(table(find_stages(given.work), others, price))
    except (OSError, ValueError, KeyError) as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
