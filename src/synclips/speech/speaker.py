"""Whose voice it is: a unit vector per voice.

Only the parts with speech count. Knows the analysis Resemblyzer was trained with and the averaging
of parts; does not know what a good recording is or how a voice is imitated.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray

from synclips.features.mel import MelSpec, equal_areas, mel_energies
from synclips.features.timing import HOP
from synclips.hearing.activity import Span, speech_spans
from synclips.media.spool import Rows
from synclips.models.speaker_encoder import PART_FRAMES, SpeakerEncoder
from synclips.models.weights import SPEECH_WEIGHTS, load_network

Array = NDArray[np.float32]

_MEL = MelSpec(window=400, n_fft=400, hop=HOP, n_mels=40, fmin=0.0, fmax=8000.0)
_LEVEL_DBFS = -30.0  # what the network was trained at
_STEP = 77  # frames between parts: 1.3 per second
_COVERAGE = 0.75  # of the last part that must be sound


@lru_cache(maxsize=1)
def _encoder() -> SpeakerEncoder:
    return load_network(SpeakerEncoder(), SPEECH_WEIGHTS / "speaker.safetensors")


def part_embeddings(speech: Array) -> Array:
    """Embeddings of overlapping parts of 1.6 s, (P, 256).

    Args:
        speech: (n,) at `SAMPLE_RATE`, without pauses; n at least 1.
    """
    level = np.sqrt(np.mean(np.square(speech, dtype=np.float64)))
    gain = 10 ** (_LEVEL_DBFS / 20) / max(level, 1e-9)
    frames = -(-(len(speech) + 1) // HOP)
    starts = list(range(0, max(1, frames - PART_FRAMES + _STEP + 1), _STEP))
    if len(starts) > 1 and len(speech) - starts[-1] * HOP < _COVERAGE * PART_FRAMES * HOP:
        starts.pop()
    padded = np.pad(speech, (0, max((starts[-1] + PART_FRAMES) * HOP - len(speech), 0)))
    mel = mel_energies(padded, _MEL, 0, len(padded) // HOP + 1, gain) * equal_areas(_MEL)
    parts = np.stack([mel[start : start + PART_FRAMES] for start in starts]).astype(np.float32)
    with torch.inference_mode():
        blocks = [_encoder()(torch.from_numpy(parts[i : i + 32])) for i in range(0, len(parts), 32)]
    return torch.cat(blocks).numpy()


def only_speech(samples: Rows, spans: Sequence[Span]) -> Array:
    """The spans of a sound, one after the other."""
    return np.concatenate(
        [np.zeros(0, np.float32), *(samples[span.start : span.stop] for span in spans)]
    )


def embed(samples: Rows) -> Array | None:
    """The voice of a recording, (256,) of unit length; None where nobody speaks.

    Args:
        samples: (n,) mono sound at `SAMPLE_RATE`, full scale 1.
    """
    speech = only_speech(samples, speech_spans(samples))
    return mean_embedding(part_embeddings(speech)) if len(speech) else None


def mean_embedding(parts: Array) -> Array:
    """One unit vector for several, (P, 256) -> (256,)."""
    mean = parts.mean(axis=0)
    unit: Array = mean / np.linalg.norm(mean)
    return unit


def similarity(first: Array, second: Array) -> float:
    """Cosine of two embeddings, 0 to 1."""
    return float(first @ second)
