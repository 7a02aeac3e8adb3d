"""What a person's lips do that the network does not expect, from little of their speech.

Fine-tuning learns a little speech by heart. Here the person's own sounds and lips are remembered,
and what was left of them then is added where they sound alike again; by how much the network opens
the mouth more or less than the person does is taken over by half. Both carry over from a sentence.
"""

import copy
import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from synclips.adapt.own_speech import OwnSpeech
from synclips.models.motion import Motion
from synclips.models.residual import NOISE, Residual, fit_residual

_STRIDE = 3  # instants; those between say nearly the same
_MOST_ROWS = 2000  # remembered, two minutes of speech; of more, every fourth instant or fewer
_BLOCK = 50  # instants: what is further apart has nothing to do with each other
_SHARE = 0.5
_MOST = 2.0  # a mouth that seems to move more or less than so many times as expected is misread


@torch.no_grad()
def calibrated(
    network: Motion,
    pieces: Sequence[OwnSpeech],
    shapes: NDArray[np.float32],
    opening: NDArray[np.floating],
) -> Motion:
    """A copy of a motion network that also knows how a person differs from what it expects.

    Args:
        network: it stays as it is. What it remembers of the person already, it goes on remembering.
        pieces: speech of the person, offsets known; some of it must be.
        shapes: (R, K) lip shapes of the person.
        opening: (K,) effect of a coefficient on the mouth opening.
    """
    device = next(network.parameters()).device
    spoken = sum(int(piece.speaking.sum()) for piece in pieces)
    stride = max(_STRIDE, math.ceil(spoken / _MOST_ROWS))
    known = torch.from_numpy(shapes).to(device)
    rows = [_spoken(network, piece, known) for piece in pieces if piece.speaking.any()]
    features = torch.cat([some for some, _ in rows])[::stride]
    seen = torch.cat([some for _, some in rows])[::stride]
    said = network.lips(features)
    block = math.ceil(_BLOCK / stride)
    residual, unseen = fit_residual(features, seen - said, NOISE / stride, block)
    expected = said + unseen
    effect = torch.from_numpy(opening).to(expected)
    further = _spread(seen @ effect) / max(_spread(expected @ effect), 1e-6)
    gain = min(max(further, 1 / _MOST), _MOST) ** _SHARE
    result = copy.deepcopy(network)
    last = result.head[-1]
    assert isinstance(last, nn.Linear)
    last.weight.mul_(gain)
    last.bias.mul_(gain).add_((1 - gain) * expected.mean(dim=0))
    both = [residual] if result.residual is None else [result.residual, residual]
    result.residual = Residual(
        torch.cat([one.features for one in both]), torch.cat([gain * one.weights for one in both])
    )
    return result


def _spoken(network: Motion, piece: OwnSpeech, shapes: Tensor) -> tuple[Tensor, Tensor]:
    """Of the instants that are spoken: features (N, W), and the lips that were seen (N, K)."""
    features = network.listen(torch.from_numpy(piece.heard), shapes)
    where = torch.from_numpy(piece.speaking).to(shapes.device)
    return features[where], torch.from_numpy(piece.motion).to(shapes.device)[where]


def _spread(values: Tensor) -> float:
    return float(values.std(correction=0))
