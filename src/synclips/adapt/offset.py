"""By how much the sound of a video is off against its own picture.

The network says how the mouth should open with what is heard, the track says how it does; where the
two agree best is the offset. Many clips are off by some frames, and whoever learns from them would
learn the error.
"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from synclips.adapt.own_speech import MARGIN, OwnSpeech, shapes_of
from synclips.models.motion import Motion

_PEAK = 0.5
"""Correlation below which sound and lips that agree best at some offset do so by chance."""

_AGREEMENT = 0.4
"""The same of sound and lips as they are, which needs less evidence.

On pieces of natural clips whose offset was taken out, 2, 3 and 6 s long, by networks that had not
heard the people: sound and lips are said to belong together in 92, 91 and 100 % of their own, and
in 14, 11 and 0 % of pairs of different people; with .3 for both in 93, 97 and 100, and 34, 22, 8 %.
"""

CLEARANCE = 0.15
"""By how much the peak must stand above everything further than `_WIDTH` from it.

On 32 halves of clips of known offset, of people whom an earlier network had not heard: of 18
offsets that were found 17 are right within half a frame and one within a frame; the highest peaks
of some others were ten frames off.
"""

_WIDTH = 6  # instants; syllables are longer, so near the peak it agrees almost as well


def find_offset(
    network: Motion, pieces: Sequence[OwnSpeech], opening: NDArray[np.floating]
) -> int | None:
    """Instants by which the sound is late, or None where sound and lips do not belong together.

    0 where no peak is clear but sound and lips agree as they are.

    Args:
        network: predicts lips from sound.
        pieces: of one video, their offset not taken out.
        opening: (K,) effect of a coefficient on the mouth opening.
    """
    agreement = agreement_at_lags(network, pieces, opening)
    peak = clear_peak(agreement)
    if peak is not None:
        return peak
    return 0 if agreement[MARGIN] >= _AGREEMENT else None


def clear_peak(agreement: NDArray[np.float64]) -> int | None:
    """The lag, in instants, of the only high peak of an agreement; None if there is none.

    Args:
        agreement: (2 MARGIN + 1,) of `agreement_at_lags`.
    """
    best = int(agreement.argmax())
    lags = np.arange(-MARGIN, MARGIN + 1)
    away = agreement[np.abs(lags - lags[best]) > _WIDTH]
    inside = abs(lags[best]) < MARGIN  # what still rises at the edge is no peak
    if inside and agreement[best] >= _PEAK and agreement[best] - away.max() >= CLEARANCE:
        return int(lags[best])
    return None


def agreement_at_lags(
    network: Motion, pieces: Sequence[OwnSpeech], opening: NDArray[np.floating]
) -> NDArray[np.float64]:
    """(2 MARGIN + 1,) correlation of predicted and seen opening, the sound late by -MARGIN...

    0 where one of them does not move.
    """
    device = next(network.parameters()).device
    shapes = torch.from_numpy(shapes_of(pieces, network.spec.references)).to(device)
    seen = np.concatenate([(piece.motion @ opening)[piece.valid] for piece in pieces])
    predicted = []
    for piece in pieces:
        motion = network.speak(torch.from_numpy(piece.sound).to(device), shapes).cpu().numpy()
        curve = (motion @ opening) * piece.activity
        at_lags = np.lib.stride_tricks.sliding_window_view(curve, len(piece))  # (2 MARGIN + 1, T)
        predicted.append(at_lags[:, piece.valid])
    return np.array([correlation(heard, seen) for heard in np.concatenate(predicted, axis=1)])


def correlation(a: NDArray[np.floating], b: NDArray[np.floating]) -> float:
    """Pearson correlation of two curves (N,); 0 where one does not move."""
    x, y = a - a.mean(dtype=np.float64), b - b.mean(dtype=np.float64)
    power = float((x @ x) * (y @ y))
    return float(x @ y) / power**0.5 if power > 1e-18 else 0.0
