"""VideoEncoder: what the speaker's own frames show, at three scales.

It looks at the frame to edit and the reference frames, all warped to the new lips already, and at
a map of those lips. Convolutions only; the picture stays a picture.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

NORMED = 8
"""Groups in which channels are normalised; every width is a multiple of it."""


class VideoEncoder(nn.Module):
    """Warped frames (B, R, 3, S, S), lip maps (B, 2, S, S), gaps (B, R) -> three feature maps.

    Args:
        references: frames R, the frame to edit first.
        widths: channels at S/2, S/4 and S/8.
    """

    def __init__(self, references: int = 3, widths: tuple[int, int, int] = (32, 64, 96)) -> None:
        super().__init__()
        first, second, third = widths
        # Half resolution from the start (pixel unshuffle): a quarter of the cost, nothing lost.
        self.stem = nn.Conv2d((4 * references + 2) * 4, first, 3, padding=1)
        self.first = Residual(first)
        self.to_second = nn.Conv2d(first, second, 3, stride=2, padding=1)
        self.second = Residual(second)
        self.to_third = nn.Conv2d(second, third, 3, stride=2, padding=1)
        self.third = Residual(third)

    def forward(self, warped: Tensor, maps: Tensor, gaps: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """See the class; `gaps` is how much wider each reference's mouth is open than wanted."""
        batch, references, _, size, _ = warped.shape
        planes = gaps[:, :, None, None].expand(batch, references, size, size)
        picture = torch.cat([warped.flatten(1, 2) - 0.5, maps, planes], dim=1)
        fine = self.first(functional.silu(self.stem(functional.pixel_unshuffle(picture, 2))))
        middle = self.second(functional.silu(self.to_second(fine)))
        coarse = self.third(functional.silu(self.to_third(middle)))
        return fine, middle, coarse


class Residual(nn.Module):
    """x + conv(silu(norm(x)))."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(NORMED, width)
        self.conv = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Same shape out as in."""
        return x + self.conv(functional.silu(self.norm(x)))  # type: ignore[no-any-return]
