"""How far a person's lips go and where they are on average, from very little of their speech.

Fine-tuning learns a little speech by heart. These few numbers carry over even from a sentence: one
gain, by which the network opens the mouth more or less than the person does, and the mean by which
its lips are elsewhere. Half of either is taken over, on other people as good as any share.
"""

import copy
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from synclips.adapt.own_speech import OwnSpeech
from synclips.models.motion import Motion

_SHARE = 0.5
_MOST = 2.0  # a mouth that seems to move more or less than so many times as expected is misread


@torch.no_grad()
def calibrated(
    network: Motion,
    pieces: Sequence[OwnSpeech],
    shapes: NDArray[np.float32],
    opening: NDArray[np.floating],
) -> Motion:
    """A copy of a motion network whose last layer is scaled and shifted towards a person.

    Args:
        network: it stays as it is.
        pieces: speech of the person, offsets known; some of it must be.
        shapes: (R, K) lip shapes of the person.
        opening: (K,) effect of a coefficient on the mouth opening.
    """
    device = next(network.parameters()).device
    known = torch.from_numpy(shapes).to(device)
    said, seen, predicted, shown = [], [], [], []
    for piece in pieces:
        motion = network.speak(torch.from_numpy(piece.heard).to(device), known).cpu().numpy()
        said.append(motion[piece.speaking])
        seen.append(piece.motion[piece.speaking])
        predicted.append((motion * piece.active[:, None])[piece.valid] @ opening)
        shown.append((piece.motion @ opening)[piece.valid])
    middle = np.concatenate(said).mean(axis=0)
    shift = _SHARE * (np.concatenate(seen).mean(axis=0) - middle)
    further = np.concatenate(shown).std() / max(float(np.concatenate(predicted).std()), 1e-6)
    gain = float(np.clip(further, 1 / _MOST, _MOST)) ** _SHARE
    result = copy.deepcopy(network)
    last = result.head[-1]
    assert isinstance(last, nn.Linear)
    constant = torch.from_numpy((1 - gain) * middle + shift).to(last.bias)
    last.weight.mul_(gain)
    last.bias.mul_(gain).add_(constant)
    return result
