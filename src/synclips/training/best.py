"""Best: the best validation so far, and when a run has waited long enough for a better one.

Knows which figure decides and in which direction. Does not know whose weights they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Any

from synclips.errors import ConfigError
from synclips.training.options import LoopOptions


def check_watch(stage: str, options: LoopOptions, figures: Sequence[str]) -> None:
    """Refuse to watch a held-out figure that a stage does not have.

    Args:
        stage: its name.
        options: how it is trained.
        figures: see `Stage.figures`.

    Raises:
        ConfigError: the watched figure is none of them.
    """
    watch = options.watch
    held_out = watch.startswith("val_") or any(fnmatchcase(watch, name) for name in figures)
    known = [f"val_{name}" for name in figures]
    if options.patience and held_out and not any(fnmatchcase(watch, name) for name in known):
        raise ConfigError(
            f"watch of stage {stage} names {watch!r}, which it does not have; name one of"
            f" {', '.join(known)}."
        )


@dataclass
class Best:
    """The best validation so far, and how many in a row were no better.

    Attributes:
        watch, better: see `LoopOptions`.
        value: of the watched figure.
        step: after which it was reached; 0 before the first.
        worse: validations since.
    """

    watch: str
    better: str
    value: float | None = None
    step: int = 0
    worse: int = 0

    def take(self, row: Mapping[str, float]) -> bool:
        """Whether a row of the journal is the best so far.

        Raises:
            ConfigError: the watched figure is not in it.
        """
        if self.watch not in row:
            raise ConfigError(
                f"watch names {self.watch!r}, which is not logged; logged are"
                f" {', '.join(sorted(row))}."
            )
        value = row[self.watch]
        if self.value is None:
            better = value == value
        else:
            better = value > self.value if self.better == "higher" else value < self.value
        if better:
            self.value, self.step, self.worse = value, int(row["step"]), 0
        else:
            self.worse += 1
        return better

    def over(self, options: LoopOptions) -> bool:
        """Whether patience has run out."""
        return 0 < options.patience <= self.worse

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)
