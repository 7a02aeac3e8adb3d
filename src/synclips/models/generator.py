"""Generator: how to draw the new mouth from the speaker's own frames.

It does not paint a face. For every pixel of a small crop it says how to correct the landmark warp
of each frame, which frame to take the pixel from, and, for the inside of the mouth that no frame
shows, a colour. These fields are smooth or piecewise constant, so they are enlarged and applied to
the original pixels at any resolution (`render`).
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from synclips.models.video_encoder import Residual, VideoEncoder
from synclips.specification import Specification

# Crop pixels by which landmarks may be off. Larger corrections of the people trained on are learnt
# by heart, and pull the lips of others out of shape.
_FLOW_LIMIT = 1.0
# Crop pixels around the lips within which other frames than the one to edit may be chosen.
_WINDOW = 4
_CHOICE_LIMIT = 6.0
# Gap, in the generator's unit of 10 crop pixels, from half of which on the mouth may be painted.
_NEED = 0.2


@dataclass(frozen=True)
class GeneratorSpec(Specification):
    """Sizes of the drawing network."""

    references: int = 3
    first: int = 32
    second: int = 64
    third: int = 80


@dataclass(frozen=True, eq=False)
class Drawing:
    """Instructions for one batch of mouths, in crop pixels.

    Attributes:
        flow: (B, R, 2, S, S) correction to the landmark flow of each frame.
        choice: (B, R, S, S) logits; the largest is the frame to take the pixel from.
        window: (B, 1, S, S) where the choice holds, in [0, 1]; elsewhere it is the frame to edit.
        inner: (B, 3, S, S) colour in [0, 1] for what no frame shows.
        cover: (B, 1, S, S) how much of `inner` to show, in [0, 1].
    """

    flow: Tensor
    choice: Tensor
    window: Tensor
    inner: Tensor
    cover: Tensor


class Generator(nn.Module):
    """Warped frames, lip maps and gaps (see `VideoEncoder`) -> `Drawing`."""

    def __init__(self, spec: GeneratorSpec) -> None:
        super().__init__()
        self.spec = spec
        widths = (spec.first, spec.second, spec.third)
        self.video_encoder = VideoEncoder(spec.references, widths)
        self.from_third = nn.Conv2d(spec.third, spec.second, 3, padding=1)
        self.second = Residual(spec.second)
        self.from_second = nn.Conv2d(spec.second, spec.first, 3, padding=1)
        self.first = Residual(spec.first)
        self.out = nn.Conv2d(spec.first, 4 * (3 * spec.references + 4), 3, padding=1)
        nn.init.normal_(self.out.weight, std=1e-3)
        bias = torch.zeros(3 * spec.references + 4)
        # Begin with the mouth of the nearest frame, and by painting nothing.
        bias[2 * spec.references + 1] = 1.5
        bias[-1] = -3.0
        with torch.no_grad():
            self.out.bias.copy_(bias.repeat_interleave(4))  # type: ignore[union-attr]

    def forward(self, warped: Tensor, maps: Tensor, gaps: Tensor) -> Drawing:
        """See the class."""
        references = self.spec.references
        fine, middle, coarse = self.video_encoder(warped, maps, gaps)
        up = functional.interpolate(self.from_third(coarse), scale_factor=2.0)
        middle = self.second(middle + up)
        up = functional.interpolate(self.from_second(middle), scale_factor=2.0)
        fine = self.first(fine + up)
        fields_ = functional.pixel_shuffle(self.out(functional.silu(fine)), 2).float()
        flow = _FLOW_LIMIT * torch.tanh(fields_[:, : 2 * references] / _FLOW_LIMIT)
        # Skin belongs to the frame to edit, whose light and pose it has; only lips and the inside
        # of the mouth are looked for elsewhere.
        window = mouth_window(maps)
        choice = fields_[:, 2 * references : 3 * references]
        return Drawing(
            flow=flow.reshape(len(flow), references, 2, *flow.shape[2:]),
            choice=_CHOICE_LIMIT * torch.tanh(choice / _CHOICE_LIMIT),
            window=window,
            inner=_tinted(fields_[:, -4:-1], warped[:, 0], window),
            cover=torch.sigmoid(fields_[:, -1:]) * window * _need(gaps),
        )


def _tinted(inner: Tensor, frame: Tensor, window: Tensor) -> Tensor:
    """Colours as multiples of the mean colour around the mouth, so that they fit skin and light."""
    mean = (frame * window).sum(dim=(2, 3), keepdim=True) / window.sum(dim=(2, 3), keepdim=True)
    return (2 * torch.sigmoid(inner) * mean.float()).clamp(0, 1)


def _need(gaps: Tensor) -> Tensor:
    """How far the nearest frame is from showing an open enough mouth: (B, R) -> (B, 1, 1, 1)."""
    return (-gaps[:, 1] / _NEED - 0.5).clamp(0, 1)[:, None, None, None]


def widened(maps: Tensor, reach: int) -> Tensor:
    """The largest value up to `reach` pixels away in both directions, (B, C, S, S) as it is."""
    side = 2 * reach + 1
    # Rows, then columns: the same maximum from 18 numbers instead of 81 with a reach of 4.
    tall = functional.max_pool2d(maps, (side, 1), 1, (reach, 0))
    return functional.max_pool2d(tall, (1, side), 1, (0, reach))


def mouth_window(maps: Tensor) -> Tensor:
    """Soft window over lips and mouth, (B, 2, S, S) lip maps -> (B, 1, S, S) in [0, 1]."""
    mouth = maps.sum(dim=1, keepdim=True).float()
    wide = widened(mouth, _WINDOW)
    return functional.avg_pool2d(wide, _WINDOW + 1, 1, _WINDOW // 2, count_include_pad=False)
