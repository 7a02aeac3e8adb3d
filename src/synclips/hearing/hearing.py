"""What the motion network hears of a sound: features of speech at 50 instants per second.

A recogniser of speech (`SpeechEncoder`) listens in windows on a fixed grid, so a sound of any
length needs no memory of its own and gives the same rows wherever it is cut. It heard hundreds of
thousands of hours of speech; what it passes on carries over to voices, rooms and languages that
nobody was filmed with. Knows sound and that network, no lips.
"""

from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray

from synclips.errors import ModelError
from synclips.features.loudness import TARGET_LUFS
from synclips.features.mel import MelSpec, equal_areas, mel_energies
from synclips.features.timing import MEL_PER_MOTION, motion_frames
from synclips.media.spool import Rows
from synclips.models.speech_encoder import FEATURES, LONGEST, N_MELS, SpeechEncoder
from synclips.models.weights import SPEECH_WEIGHTS, load_network

WEIGHTS = SPEECH_WEIGHTS / "hearing.safetensors"

Array = NDArray[np.float32]

_CONTEXT = 50  # instants of a window to either side that only help to understand the rest
_STEP = LONGEST - 2 * _CONTEXT
_KEPT = 3  # windows; whoever reads on with some context comes back to them
_MEL = MelSpec(window=400, hop=160, n_fft=400, n_mels=N_MELS, fmin=0.0, fmax=8000.0)
# It was trained on sounds of variance 1, and on levels down to 80 dB below the loudest.
_FLOOR = 1e-5
_LEVEL_DB = -TARGET_LUFS


class Hearing:
    """Features of a sound, computed where they are asked for.

    A slice of it is an array (n, `FEATURES`); every row is the same whichever slice it comes with.

    Args:
        samples: (n,) mono sound at `SAMPLE_RATE`, full scale 1.
        gain_db: by how much it is raised first; see `loudness_gain`.

    Raises:
        ValueError: `samples` is not flat.
    """

    def __init__(self, samples: Rows, gain_db: float = 0.0) -> None:
        if samples.ndim != 1:
            raise ValueError(f"Sound must be a flat array of mono samples, not {samples.shape}.")
        self._samples = samples
        self._gain = 10 ** ((gain_db + _LEVEL_DB) / 20)
        self._count = motion_frames(len(samples))
        self._windows: dict[int, Array] = {}

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, where: slice) -> Array:
        start, stop, step = where.indices(self._count)
        if step != 1:
            raise ValueError("Instants are read by slices without a step.")
        result = np.empty((max(stop - start, 0), FEATURES), np.float32)
        for index in range(start // _STEP, -(-stop // _STEP)):
            begin = index * _STEP
            first, last = max(start, begin), min(stop, begin + _STEP)
            result[first - start : last - start] = self._window(index)[first - begin : last - begin]
        return result

    def _window(self, index: int) -> Array:
        """The rows from `index * _STEP` on, at most `_STEP`."""
        if index not in self._windows:
            start = index * _STEP
            first = max(start - _CONTEXT, 0)
            last = min(start + _STEP + _CONTEXT, self._count)
            mel = self._mel(first * MEL_PER_MOTION, last * MEL_PER_MOTION)
            with torch.inference_mode():
                heard = _encoder()(torch.from_numpy(mel)[None])[0].numpy()
            if len(self._windows) == _KEPT:
                del self._windows[next(iter(self._windows))]
            self._windows[index] = heard[start - first :][:_STEP]
        return self._windows[index]

    def _mel(self, first: int, last: int) -> Array:
        energy = mel_energies(self._samples, _MEL, first, last, self._gain) * equal_areas(_MEL)
        return ((np.log10(np.maximum(energy, _FLOOR)) + 4) / 4).astype(np.float32)


def hear(samples: Rows, gain_db: float = 0.0) -> Array:
    """All of `Hearing` at once, (motion_frames(n), FEATURES)."""
    return Hearing(samples, gain_db)[:]


@lru_cache(maxsize=1)
def silence() -> Array:
    """(FEATURES,) of digital silence."""
    row: Array = hear(np.zeros(2 * _MEL.rate, np.float32)).mean(axis=0)
    row.flags.writeable = False
    return row


def require_weights() -> None:
    """Refuse to begin what needs to hear, where it cannot.

    Raises:
        ModelError: the weights, which are no part of the repository, were not fetched.
    """
    if not WEIGHTS.exists():
        raise ModelError(
            f"{WEIGHTS}, with which speech is heard, is not there; get it with synclips"
            " hearing (12 MB, once), or run make setup."
        )


@lru_cache(maxsize=1)
def _encoder() -> SpeechEncoder:
    require_weights()
    return load_network(SpeechEncoder(), WEIGHTS)
