"""Warping by landmarks: where each pixel of the new mouth was in a reference frame.

A smooth backward flow that carries given points exactly and leaves the border of the crop in
place. It needs no training; the generator corrects what landmarks cannot say. Works on crop
coordinates only.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from synclips.faces.landmarks import CHEEK_SLOTS, MOUTH, RIGID_SLOTS

# Mouth, cheeks and the three points under the nose (the last of the rigid group).
CONTROL = np.concatenate([MOUTH, CHEEK_SLOTS, RIGID_SLOTS[-3:]])


def landmark_flow(target: Tensor, reference: Tensor, size: int, grid: int = 48) -> Tensor:
    """Backward flow that shows the reference's points at the target's places.

    Args:
        target: (B, P, 2) kept landmarks in crop pixels, where things shall be.
        reference: (B, P, 2) the same points where the reference frame has them.
        size: side of the crop S in pixels.
        grid: side of the grid on which the flow is computed before it is enlarged.

    Returns:
        (B, 2, S, S) displacement in crop pixels: look at `pixel + flow` in the reference.

    Source: radial basis interpolation with the kernel r, which has no overshoot across the closed
    lips, where neighbouring points move apart (Buhmann, Radial basis functions, 2003).
    """
    control = torch.as_tensor(CONTROL, device=target.device)
    border = _border(size, target)
    batch = len(target)
    places = torch.cat([target[:, control], border.expand(batch, -1, -1)], dim=1).float()
    moves = (reference - target)[:, control].float()
    moves = torch.cat([moves, torch.zeros_like(border).expand(batch, -1, -1)], dim=1)
    kernel = torch.cdist(places, places)  # (B, C, C)
    # Points of closed lips nearly coincide; a little slack keeps the system solvable.
    slack = 0.05 * torch.eye(kernel.shape[-1], device=kernel.device)
    weights = torch.linalg.solve(kernel - slack, moves)  # (B, C, 2)
    step = (size - 1) / (grid - 1)
    axis = torch.arange(grid, device=target.device, dtype=torch.float32) * step
    nodes = torch.stack(torch.meshgrid(axis, axis, indexing="xy"), dim=-1).reshape(1, -1, 2)
    flow = torch.cdist(nodes.expand(batch, -1, -1), places) @ weights
    flow = flow.transpose(1, 2).reshape(batch, 2, grid, grid)
    return functional.interpolate(flow, (size, size), mode="bilinear", align_corners=True)


def sample(image: Tensor, flow: Tensor) -> Tensor:
    """Look up an image at `pixel + flow`: (B, C, S, S) and (B, 2, S, S) -> (B, C, S, S)."""
    size = image.shape[-1]
    axis = torch.arange(size, device=image.device, dtype=torch.float32)
    here = torch.stack(torch.meshgrid(axis, axis, indexing="xy"), dim=0)
    place = (here + flow.float()) * (2 / (size - 1)) - 1
    return functional.grid_sample(
        image, place.permute(0, 2, 3, 1).to(image.dtype), padding_mode="border", align_corners=True
    )


def _border(size: int, like: Tensor) -> Tensor:
    """(1, 32, 2) points along the border of the crop."""
    line = torch.linspace(0, size - 1, 9, device=like.device)[:-1]
    low, high = torch.zeros_like(line), torch.full_like(line, size - 1)
    sides = [(line, low), (high, line), (size - 1 - line, high), (low, size - 1 - line)]
    return torch.cat([torch.stack(side, dim=-1) for side in sides])[None]
