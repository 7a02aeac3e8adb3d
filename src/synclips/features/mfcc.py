"""Mel-frequency cepstral coefficients: the thirteen numbers a `grid-gan` encoder hears.

This file knows the cosine transform of log-mel energies and its lifter (Davis and Mermelstein 1980,
"Comparison of parametric representations for monosyllabic word recognition"). The energies come
from `mel`, so both features share one analysis and one frame grid.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from synclips.errors import ConfigError
from synclips.features.mel import MelSpec, mel_energy_blocks
from synclips.media.spool import Rows
from synclips.specification import Specification


@dataclass(frozen=True)
class MfccSpec(Specification):
    """One cepstral analysis.

    Attributes:
        mel: The mel analysis below it; its `mean` and `scale` play no part.
        n_coefficients: Coefficients kept, from the zeroth.
        lifter: HTK's sinusoidal lifter L, 0 for none: coefficient `k` times
            `1 + L / 2 * sin(pi k / L)`.
        mean: Value of each coefficient, after the lifter, that becomes 0; empty for all zero.
        scale: Difference of each coefficient that becomes 1; empty for all one.
    """

    mel: MelSpec = field(default_factory=MelSpec)
    n_coefficients: int = 13
    lifter: int = 0
    mean: tuple[float, ...] = ()
    scale: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.n_coefficients <= self.mel.n_mels:
            raise ConfigError(
                f"MfccSpec: n_coefficients must be 1 to {self.mel.n_mels}, the number of mel"
                f" bands, not {self.n_coefficients}."
            )
        if self.lifter < 0:
            raise ConfigError("MfccSpec: lifter must be 0 (none) or positive.")
        for name in ("mean", "scale"):
            if len(getattr(self, name)) not in (0, self.n_coefficients):
                raise ConfigError(f"MfccSpec: {name} must have one number per coefficient.")
        if any(value <= 0 for value in self.scale):
            raise ConfigError("MfccSpec: scale must be positive.")

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Rebuild a specification.

        Raises:
            ConfigError: A key is unknown or missing, or a value is impossible.
        """
        cls.check_keys(values)
        return cls(
            mel=MelSpec.from_dict(values["mel"]),
            n_coefficients=values["n_coefficients"],
            lifter=values["lifter"],
            mean=tuple(values["mean"]),
            scale=tuple(values["scale"]),
        )


# Each coefficient brought to 0 +- 1: mean and standard deviation of GRID sentences at -23 LUFS.
SPEECH_MFCC = MfccSpec(
    mean=(-53.3, 9.5, 3.9, 6.0, 2.3, 1.3, 0.8, 0.1, 0.5, 0.3, 0.5, 0.5, 0.6),
    scale=(29.3, 9.5, 4.3, 4.8, 3.5, 2.7, 2.6, 2.7, 2.2, 2.1, 1.7, 1.7, 1.6),
)


def mfcc(samples: Rows, spec: MfccSpec | None = None, gain_db: float = 0.0) -> NDArray[np.float32]:
    """Cepstral coefficients of a sound.

    Args:
        samples: (n,) mono sound at `spec.mel.rate`, full scale 1.
        spec: The analysis; the default one if not given.
        gain_db: By how much the sound is raised first.

    Returns:
        (n // hop + 1, n_coefficients), on the frame grid of `log_mel`.

    Raises:
        ValueError: `samples` is not a flat array.
    """
    spec = spec or MfccSpec()
    basis = cosine_basis(spec.mel.n_mels, spec.n_coefficients) * lifter_weights(spec)
    mean = np.array(spec.mean or 0.0)
    scale = np.array(spec.scale or 1.0)
    blocks = [
        ((np.log(np.maximum(energy, spec.mel.floor)) @ basis - mean) / scale).astype(np.float32)
        for energy in mel_energy_blocks(samples, spec.mel, 10 ** (gain_db / 20))
    ]
    return np.concatenate(blocks)


def silent_frame(spec: MfccSpec) -> NDArray[np.float32]:
    """(n_coefficients,) of digital silence."""
    silence: NDArray[np.float32] = mfcc(np.zeros(spec.mel.window, np.float32), spec)[0]
    return silence


def cosine_basis(n_bands: int, n_coefficients: int) -> NDArray[np.float64]:
    """The first columns of the orthonormal DCT-II, (n_bands, n_coefficients)."""
    centre = (np.arange(n_bands)[:, None] + 0.5) / n_bands
    basis: NDArray[np.float64] = np.cos(np.pi * centre * np.arange(n_coefficients))
    basis *= np.sqrt(2 / n_bands)
    basis[:, 0] /= np.sqrt(2)
    return basis


def lifter_weights(spec: MfccSpec) -> NDArray[np.float64]:
    """Factor of each coefficient, (n_coefficients,); ones without lifter."""
    if spec.lifter == 0:
        return np.ones(spec.n_coefficients)
    k = np.arange(spec.n_coefficients)
    weights: NDArray[np.float64] = 1 + spec.lifter / 2 * np.sin(np.pi * k / spec.lifter)
    return weights
