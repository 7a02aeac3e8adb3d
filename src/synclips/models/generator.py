"""Generator: how to draw the new mouth from the speaker's own frames.

It does not paint a face. For every pixel of a small crop it says how to correct the landmark warp
of the frame to edit and of the frame that lends its mouth, and, for the inside of the mouth that
the latter does not show, a colour. These fields are smooth, so they are enlarged and applied to the
original pixels at any resolution (`render`). Further frames are looked at only: a mouth put
together from several is a patchwork, above all in its teeth.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from synclips.errors import ConfigError
from synclips.models.video_encoder import NORMED, Residual, VideoEncoder
from synclips.specification import Specification, require_least

# Crop pixels by which landmarks may be off. Larger corrections of the people trained on are learnt
# by heart, and pull the lips of others out of shape.
_FLOW_LIMIT = 1.0
# Crop pixels around the lips within which the mouth is that of another frame.
_WINDOW = 4
DRAWN = 2
"""Frames that are drawn from: the one to edit, and the one whose mouth is nearest."""
# Gap, in the generator's unit of 10 crop pixels, from half of which on the mouth may be painted.
_NEED = 0.2


@dataclass(frozen=True)
class GeneratorSpec(Specification):
    """Sizes of the drawing network; of the `references`, the first two are drawn from."""

    references: int = 3
    first: int = 32
    second: int = 64
    third: int = 80

    def __post_init__(self) -> None:
        if self.references < DRAWN:
            raise ConfigError(
                f"The generator draws from {DRAWN} frames; references must be as many or more,"
                f" not {self.references}."
            )
        require_least(self, first=NORMED, second=NORMED, third=NORMED)
        for name in ("first", "second", "third"):
            if getattr(self, name) % NORMED:
                raise ConfigError(
                    f"{name} must be a multiple of {NORMED}, not {getattr(self, name)}."
                )


@dataclass(frozen=True, eq=False)
class Drawing:
    """Instructions for one batch of mouths, in crop pixels.

    Attributes:
        flow: (B, 2, 2, S, S) correction to the landmark flow of the frame to edit, and of the one
            that lends its mouth.
        window: (B, 1, S, S) how much of the latter shows, in [0, 1]; the rest is the frame to edit.
        inner: (B, 3, S, S) colour in [0, 1] for what it does not show.
        cover: (B, 1, S, S) how much of `inner` to show, in [0, 1].
    """

    flow: Tensor
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
        self.out = nn.Conv2d(spec.first, 4 * (2 * DRAWN + 4), 3, padding=1)
        nn.init.normal_(self.out.weight, std=1e-3)
        bias = torch.zeros(2 * DRAWN + 4)
        bias[-1] = -3.0  # begin by painting next to nothing
        with torch.no_grad():
            self.out.bias.copy_(bias.repeat_interleave(4))  # type: ignore[union-attr]

    def forward(self, warped: Tensor, maps: Tensor, gaps: Tensor) -> Drawing:
        """See the class."""
        fine, middle, coarse = self.video_encoder(warped, maps, gaps)
        up = functional.interpolate(self.from_third(coarse), scale_factor=2.0)
        middle = self.second(middle + up)
        up = functional.interpolate(self.from_second(middle), scale_factor=2.0)
        fine = self.first(fine + up)
        fields_ = functional.pixel_shuffle(self.out(functional.silu(fine)), 2).float()
        flow = _FLOW_LIMIT * torch.tanh(fields_[:, : 2 * DRAWN] / _FLOW_LIMIT)
        # Skin belongs to the frame to edit, whose light and pose it has; only lips and the inside
        # of the mouth are looked for elsewhere.
        window = mouth_window(maps)
        return Drawing(
            flow=flow.unflatten(1, (DRAWN, 2)),
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
