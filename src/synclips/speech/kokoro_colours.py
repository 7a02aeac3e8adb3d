"""A mixture of Kokoro's colours brought nearer to a person than its shares tell.

Knows colours, which are halves of styles, and speaker embeddings; no sound and no files of Kokoro.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from synclips.models.colour_encoder import ColourEncoder
from synclips.models.threads import one_thread
from synclips.models.weights import load_network

Array = NDArray[np.float32]

_ENCODER = Path(__file__).parents[1] / "weights" / "speech" / "kokoro_colours.safetensors"
_PULL = 0.05
_STRANGE = 0.2  # what a colour as unlike as those it was taught with costs, in cosines
_STEPS, _RATE = 300, 0.01


@one_thread()
def nearer(
    shares: Mapping[str, float],
    wanted: Array,
    colours: Mapping[str, Array],
    melody: str | None,
    pull: float = _PULL,
) -> dict[str, float]:
    """Other shares of the same voices that are more like a person.

    Gradient descent (Adam, Kingma and Ba 2015) through a `ColourEncoder`, held to the shares given
    and to colours like those the encoder knows: without that it finds what the encoder only
    believes, and what no longer sounds well.

    Args:
        shares: To start with, by name.
        wanted: (256,) embedding of the person, of unit length.
        colours: (128,) of each voice.
        melody: "female" or "male", in which they will be heard.
        pull: What a share that is off by 1 costs, in cosines.

    Returns:
        Shares by name, the largest first, with a sum of 1, some of them negative.
    """
    encoder = load_network(ColourEncoder(), _ENCODER)
    pure = torch.from_numpy(np.stack([colours[name] for name in shares]))
    first = torch.tensor(list(shares.values()))
    first = first / first.sum()
    male = torch.tensor([float(melody == "male")])
    aim = torch.from_numpy(wanted)
    change = torch.zeros(len(first), requires_grad=True)
    descent = torch.optim.Adam([change], _RATE)
    for _ in range(_STEPS):
        moved = change - change.mean()
        colour = ((first + moved) @ pure)[None]
        held = pull * moved.square().sum() + _STRANGE * encoder.strangeness(colour)[0]
        loss = held - encoder(colour, male)[0] @ aim
        descent.zero_grad()
        torch.autograd.backward([loss])
        descent.step()
    share = (first + change - change.mean()).detach()
    order = torch.argsort(share, descending=True).tolist()
    names = list(shares)
    return {names[index]: float(share[index]) for index in order}
