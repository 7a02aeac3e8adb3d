"""LoopOptions: how long and how hard the loop trains, checked when it is made.

Knows which of these decide what weights come out and which only how long is trained or how often
is looked. Does not know what is trained, nor on which machine.
"""

from dataclasses import dataclass

from synclips.errors import ConfigError
from synclips.specification import require_least

PRECISIONS = ("32", "bf16", "16")
"""Float32, and automatic mixed precision with bfloat16 or float16."""

MAY_CHANGE = frozenset({"steps", "validate_every", "patience", "watch", "better"})
"""Options that may differ when a run is continued: they decide when it ends, not where it goes."""


@dataclass(frozen=True)
class LoopOptions:
    """How long and how hard to train.

    Attributes:
        steps: optimiser steps in all.
        batch_size: samples per step, over all pieces and processes.
        learning_rate: peak, reached after `warmup` steps, then a half cosine to a twentieth.
        micro_batch: samples per piece; a step sums the gradients of its pieces, so that a large
            batch fits into memory. 0 takes the batch in one piece.
        warmup: steps of rising learning rate.
        decay: weight decay.
        ema: decay of the averaged weights, which are the ones that ship.
        clip: largest norm of the gradient of a network; 0 does not clip.
        validate_every: steps between validations and checkpoints.
        seed: of everything random.
        precision: "32", "bf16" or "16", the latter on a GPU only.
        patience: validations in a row without a better `watch` after which the run ends; 0 never.
        watch: the figure that decides what is better, such as "val_correlation".
        better: whether a "higher" or a "lower" one is.
    """

    steps: int
    batch_size: int
    learning_rate: float
    micro_batch: int = 0
    warmup: int = 100
    decay: float = 0.01
    ema: float = 0.998
    clip: float = 1.0
    validate_every: int = 250
    seed: int = 0
    precision: str = "bf16"
    patience: int = 0
    watch: str = ""
    better: str = "higher"

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            ConfigError: a value is out of range, or patience watches nothing.
        """
        require_least(self, steps=0, batch_size=1, micro_batch=0, warmup=0, validate_every=1)
        require_least(self, decay=0, clip=0, patience=0, seed=0)
        if not self.learning_rate > 0:
            raise ConfigError(f"learning_rate must be above 0, not {self.learning_rate}.")
        require_least(self, learning_rate=0)  # and finite
        if not 0 <= self.ema < 1:
            raise ConfigError(f"ema must be at least 0 and below 1, not {self.ema}.")
        if self.precision not in PRECISIONS:
            known = ", ".join(PRECISIONS)
            raise ConfigError(f"precision must be one of {known}, not {self.precision!r}.")
        if self.better not in ("higher", "lower"):
            raise ConfigError(f"better must be higher or lower, not {self.better!r}.")
        if 0 < self.steps <= self.warmup:
            raise ConfigError(
                f"warmup of {self.warmup} steps never ends in {self.steps} steps; give a smaller"
                " warmup."
            )
        if self.patience and not self.watch:
            raise ConfigError("patience needs watch, the figure that must improve; name one.")

    @property
    def pieces(self) -> tuple[int, ...]:
        """Samples of each piece of a step; the last may be smaller."""
        size = min(self.micro_batch or self.batch_size, self.batch_size)
        whole, rest = divmod(self.batch_size, size)
        return (size,) * whole + ((rest,) if rest else ())

    def rate(self, step: int) -> float:
        """Learning rate of a step, counted from 0."""
        # math would do, but its cosine differs in the last digit from the one runs were made with.
        import numpy as np

        if step < self.warmup:
            return self.learning_rate * (step + 1) / self.warmup
        share = (step - self.warmup) / max(1, self.steps - self.warmup)
        return self.learning_rate * (0.05 + 0.95 * 0.5 * (1 + float(np.cos(np.pi * share))))
