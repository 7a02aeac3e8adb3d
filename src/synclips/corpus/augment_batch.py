"""Changes to batches of aligned crops, each a face to draw and the frames it is drawn from.

In strengths that are not chosen. Shape is changed when a batch is drawn; light and noise, which
touch every pixel, are changed on the device of the networks. What is drawn by lot is drawn on the
CPU, so a batch is the same on every device up to rounding.
"""

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from synclips.faces.crop import transform

Array = NDArray[np.float32]

_TILE = 256  # side of the picture of noise that all noise of a batch is cut from


def reshape_faces(
    pictures: NDArray[np.uint8], points: Array, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], Array]:
    """Mirror half of the samples; turn half of them, and make them wider or longer.

    Mirroring does not exchange left and right landmark names: the warp needs correspondence only.

    Args:
        pictures: (B, R, S, S, 3).
        points: (B, R, P, 2) crop pixels.
        rng: the only source of chance.

    Returns:
        Both, changed; the arguments stay as they are. Beyond the edges pictures are reflected.
    """
    batch, frames, size = pictures.shape[:3]
    affine = np.tile(np.eye(2, 3), (batch, 1, 1))
    mirrored, moved = rng.random((2, batch)) < 0.5
    affine[mirrored, 0] = -1, 0, size - 1
    for sample in np.flatnonzero(moved):
        other = _other_face(rng, size)
        affine[sample] = other[:, :2] @ affine[sample]
        affine[sample, :, 2] += other[:, 2]
    shown = pictures.copy()
    for sample in np.flatnonzero(mirrored & ~moved):
        shown[sample] = pictures[sample][:, :, ::-1]
    for sample, frame in np.ndindex(batch, frames):
        if moved[sample]:
            cv2.warpAffine(
                pictures[sample, frame],
                affine[sample],
                (size, size),
                shown[sample, frame],
                cv2.INTER_CUBIC,
                borderMode=cv2.BORDER_REFLECT,
            )
    placed = transform(points.reshape(batch, -1, 2), affine).reshape(points.shape)
    return shown, placed


def relight_faces(pictures: Tensor, rng: np.random.Generator, alike: int = 1) -> Tensor:
    """Other light, other colours and noise.

    Light changes a whole sample and, a little, each frame of it, as a lamp or an exposure would.

    Args:
        pictures: (B, R, 3, S, S) in [0, 1], on any device.
        rng: the only source of chance.
        alike: the first so many frames of a sample have one exposure and one noise: what changes
            between them was filmed.
    """
    batch, frames, _, size, _ = pictures.shape
    device = pictures.device

    def chance(*shape: int) -> Tensor:
        lots = rng.standard_normal((batch, *shape), dtype=np.float32)
        return torch.from_numpy(lots).to(device)

    gain = (chance(1, 3, 1, 1) * 0.12 + chance(1, 1, 1, 1) * 0.2).exp()
    drift = (chance(frames, 1, 1, 1) * 0.02).exp()
    drift[:, :alike] = drift[:, :1]
    gamma = (chance(1, 1, 1, 1) * 0.15).exp()
    axis = torch.linspace(-1, 1, size, device=device)
    slope = chance(2, 1, 1, 1, 1) * 0.12
    light = 1 + slope[:, 0] * axis[:, None] + slope[:, 1] * axis
    lit = pictures**gamma * (gain * drift * light)
    grain = torch.from_numpy(rng.uniform(0, 0.01, (batch, 1, 1, 1, 1)).astype(np.float32))
    noise = _noise(rng, batch * frames, size, device).view_as(pictures)
    noise[:, :alike] = noise[:, :1]
    return (lit + grain.to(device) * noise).clamp(0, 1)


def _noise(rng: np.random.Generator, count: int, size: int, device: torch.device) -> Tensor:
    """(count, 3, S, S) of unit variance, cut from one picture of it: drawing it all takes long."""
    side = max(_TILE, 2 * size)
    tile = torch.from_numpy(rng.standard_normal((side * side, 3), dtype=np.float32)).to(device)
    corner = torch.from_numpy(rng.integers(0, side - size, (2, count, 1))).to(device)
    across = torch.arange(size, device=device)
    rows, columns = corner + across
    places = rows[:, :, None] * side + columns[:, None, :]
    return tile[places].movedim(-1, 1)


def _other_face(rng: np.random.Generator, size: int) -> NDArray[np.float64]:
    """An affine map (2, 3) of pixels: up to 6 degrees, widths and heights 6 % apart, a shift."""
    angle = np.radians(rng.uniform(-6, 6))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = turn @ np.diag(np.exp(rng.normal(size=2) * 0.06))
    middle = np.full(2, (size - 1) / 2)
    shift = rng.normal(size=2) * 0.015 * size
    return np.concatenate([linear, (middle - linear @ middle + shift)[:, None]], axis=1)
