"""The sound around some instants, for networks that hear a window of it at a time.

Tensors to tensors; what the rows of a sound mean is not known here.
"""

import torch
from torch import Tensor


def windows_at(
    sound: Tensor, instants: Tensor, length: int, middle: int, silence: Tensor
) -> Tensor:
    """Windows of a sound, any number and in any order; beyond its ends is silence.

    Args:
        sound: (F, C) rows of a whole sound, such as log-mel or MFCC.
        instants: (B,) rows that the windows lie around.
        length: rows of a window.
        middle: which of them lies on the instant.
        silence: (C,) a row of silence.

    Returns:
        (B, length, C).
    """
    rows = instants[:, None] + torch.arange(length, device=sound.device) - middle
    inside = (rows >= 0) & (rows < len(sound))
    windows = sound[rows.clamp(0, len(sound) - 1)]
    return torch.where(inside[..., None], windows, silence)
