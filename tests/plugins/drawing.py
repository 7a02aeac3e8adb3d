"""Drawing the painted person: jobs, frames to draw from, a generator that decides little.

Functions are imported by the tests of the painter, fixtures are there for all.
"""

from typing import Any

import numpy as np
import pytest
import torch

from synclips.faces.crop import Placement
from synclips.models.generator import Generator, GeneratorSpec
from synclips.render.composite import Fields
from synclips.render.painter import Job, Painted, Painter
from synclips.render.reference_banks import collect_references
from synclips.render.references import ReferenceBank

CPU = torch.device("cpu")
SHUT, OPEN = 0, 4


def trusting() -> Generator:
    """A generator that trusts the landmarks and paints nothing."""
    torch.manual_seed(3)
    generator = Generator(GeneratorSpec(first=8, second=8, third=8)).eval()
    with torch.no_grad():
        generator.out.weight.zero_()
        bias = generator.out.bias.view(-1, 4)  # four pixels each
        bias.zero_()
        bias[-1] = -40  # paint nothing
    return generator


def unmoved(size: int, window: float) -> Fields:
    """The drawing of a mouth that stays where it is, of which one frame lends so much."""
    return Fields(
        flow=np.zeros((size, size, 12), np.float32),
        inner=np.zeros((size, size, 4), np.float32),
        window=np.full((size, size), window, np.float32),
        shares=(1.0,),
        gains=np.ones((1, 3), np.float32),
        farthest=0.0,
    )


@pytest.fixture(scope="session")
def bank(scene: Any) -> ReferenceBank:
    """Frames kept of the scene."""
    return collect_references(scene.read, [scene.segment], 1, scene.shape, scene.spec)[0]


@pytest.fixture(scope="session")
def painter(scene: Any) -> Painter:
    """Draws by landmarks alone."""
    return Painter(trusting(), scene.spec, CPU)


def job(
    scene: Any, bank: ReferenceBank, index: int, target: np.ndarray | None = None, time: float = 0.0
) -> Job:
    """Draw a frame with other lips, or with its own."""
    points = scene.segment.points[index]
    return Job(
        picture=scene.frames[index].picture,
        time=time,
        points=points,
        target=points if target is None else target,
        placement=Placement(scene.to_image[index], scene.spec),
        yaw=float(scene.segment.pose.yaw[index]),
        bank=bank,
    )


def spread(painted: Painted) -> np.ndarray:
    """The mask over the whole frame (H, W)."""
    whole = np.zeros(painted.image.shape[:2], np.float32)
    whole[painted.box.rows, painted.box.columns] = painted.mask
    return whole
