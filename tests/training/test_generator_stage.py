"""What a drawing of the generator becomes at crop resolution, and what is drawn to learn from."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
import torch

from synclips.checkpoint import Checkpoint, load_checkpoint
from synclips.corpus.clips import Clip
from synclips.corpus.dataset import PictureDataset
from synclips.errors import ConfigError, ModelError
from synclips.faces.crop import CropSpec
from synclips.faces.landmarks import LIPS, OUTER, mouth_opening
from synclips.models.discriminator import Discriminator
from synclips.models.generator import Drawing, Generator, GeneratorSpec
from synclips.training.generator_stage import (
    Faces,
    GeneratorStage,
    GeneratorWeights,
    Scene,
    _scene,
    draw_scene,
    first_generator,
)

SIDE = 48


def scene() -> Scene:
    """Three frames, each of one colour, nothing moved."""
    levels = torch.tensor([0.2, 0.5, 0.9])[None, :, None, None, None]
    return Scene(
        truth=torch.zeros(1, 3, SIDE, SIDE),
        references=levels.expand(1, 3, 3, SIDE, SIDE).contiguous(),
        flow=torch.zeros(1, 3, 2, SIDE, SIDE),
        maps=torch.zeros(1, 2, SIDE, SIDE),
        gaps=torch.zeros(1, 3),
    )


def drawing(window: float, cover: float = 0.0) -> Drawing:
    plane = torch.ones(1, 1, SIDE, SIDE)
    return Drawing(
        flow=torch.zeros(1, 2, 2, SIDE, SIDE),
        window=window * plane,
        inner=0.7 * plane.expand(1, 3, SIDE, SIDE),
        cover=cover * plane,
    )


@pytest.mark.parametrize(
    ("window", "cover", "colour"), [(0, 0, 0.2), (1, 0, 0.5), (0.5, 0, 0.35), (1, 1, 0.7)]
)
def test_a_mouth_is_the_second_frame_in_the_first_and_the_third_never_shows(
    window: float, cover: float, colour: float
) -> None:
    picture = draw_scene(scene(), drawing(window, cover))
    assert picture.shape == (1, 3, SIDE, SIDE)
    assert torch.allclose(picture, torch.full_like(picture, colour), atol=1e-5)


def test_each_frame_is_moved_by_its_own_correction() -> None:
    ramp = torch.linspace(0, 1, SIDE).expand(1, 3, 3, SIDE, SIDE).contiguous()
    moved = drawing(1.0)
    moved.flow[:, 1, 0] = 1.0
    before = draw_scene(replace(scene(), references=ramp), drawing(1.0))
    after = draw_scene(replace(scene(), references=ramp), moved)
    step = (after - before)[..., 4:-4]
    assert torch.allclose(step, torch.full_like(step, 1 / (SIDE - 1)), atol=1e-4)


@pytest.fixture
def stage(tmp_path: Path) -> GeneratorStage:
    """A stage on one clip of a mouth that opens and closes."""
    rng = np.random.default_rng(0)
    count, size = 40, 96
    points = np.tile(rng.uniform(20, 76, (143, 2)).astype(np.float32), (count, 1, 1))
    angle = np.linspace(0, 2 * np.pi, len(OUTER), endpoint=False)
    for t in range(count):
        height = 3 + 5 * np.abs(np.sin(t / 5))
        ring = np.stack([48 - 18 * np.cos(angle), 60 - height * np.sin(angle)], axis=1)
        points[t, OUTER] = ring
        inner = [one for one in LIPS if one not in set(OUTER)]
        points[t, inner] = 48 + 0.6 * (ring[: len(inner)] - 48) + np.array([0, 5])
    images = rng.integers(0, 255, (count, size, size, 3), dtype=np.uint8)
    clip = Clip(Path("one.mp4"), "s1", "one", "grid")
    np.savez(tmp_path / f"{clip.key}.crops.npz", images=images, points=points)
    data = PictureDataset([clip], tmp_path, 1)
    generator = Generator(GeneratorSpec(first=8, second=8, third=8))
    return GeneratorStage(generator, Discriminator(), data, data, adversarial_from=10)


def test_a_batch_looks_the_same_whenever_it_is_looked_at(stage: GeneratorStage) -> None:
    batch = stage.draw(np.random.default_rng(1), 2)
    assert batch.pictures.dtype == torch.uint8
    assert batch.pictures.shape == (2, 4, 96, 96, 3)
    losses = [next(iter(stage.objectives(batch, 0)))[1].item() for _ in range(2)]
    assert losses[0] == losses[1]
    other = replace(batch, light=None)
    assert next(iter(stage.objectives(other, 0)))[1].item() != losses[0]


def test_a_pair_of_faces_is_drawn_from_the_same_frames(stage: GeneratorStage) -> None:
    """As two single faces, each from these frames, would be."""
    stage.weights = GeneratorWeights(temporal=1)
    pair = stage.draw(np.random.default_rng(3), 2)
    assert pair.pictures.shape == (1, 5, 96, 96, 3), "two faces in a row, and what lends to both"
    single = Faces(
        pair.pictures[:, [0, 2, 3, 4]].repeat(2, 1, 1, 1, 1),
        pair.points[:, [0, 2, 3, 4]].repeat(2, 1, 1, 1),
        pair.maps,
        pair.zones,
        pair.gaps,
        None,
    )
    single.pictures[1, 0], single.points[1, 0] = pair.pictures[0, 1], pair.points[0, 1]
    both, alone = _scene(replace(pair, light=None)), _scene(single)
    assert not torch.equal(both.truth[0], both.truth[1])
    for part in fields(both):
        assert torch.equal(getattr(both, part.name), getattr(alone, part.name)), part.name
    opening = mouth_opening(pair.points.numpy())[0]
    gaps = (opening[2:] - opening[:2, None]) / 10
    np.testing.assert_allclose(pair.gaps.numpy(), gaps, atol=1e-5)


def test_what_changes_in_a_pair_was_filmed(stage: GeneratorStage) -> None:
    stage.weights = GeneratorWeights(temporal=1)
    batch = stage.draw(np.random.default_rng(3), 2)
    assert batch.light is not None
    batch.pictures[:, 1] = batch.pictures[:, 0]
    still = _scene(batch)
    assert torch.equal(still.truth[0], still.truth[1])
    assert not torch.equal(still.truth, _scene(replace(batch, light=None)).truth)


def test_flicker_costs(stage: GeneratorStage) -> None:
    """The loss of a pair grows with the weight of what changes otherwise than filmed."""
    stage.weights = GeneratorWeights(temporal=1)
    batch = stage.draw(np.random.default_rng(1), 4)
    losses: list[float] = []
    figures: dict[str, torch.Tensor] = {}
    change = 0.0
    for weight in (1.0, 3.0, 0.0):
        stage.weights = GeneratorWeights(temporal=weight)
        _, loss, figures = next(iter(stage.objectives(batch, 0)))
        losses.append(loss.item())
        if weight:
            change = figures["temporal"].item()
    assert change > 0
    assert losses[1] - losses[0] == pytest.approx(2 * change, rel=1e-3)
    assert losses[0] - losses[2] == pytest.approx(change, rel=1e-3)
    assert "temporal" not in figures, "nobody pays for what does not count"


def test_a_generator_goes_on_from_a_model(tmp_path: Path) -> None:
    fresh, known = (
        first_generator(GeneratorSpec(), CropSpec(), start) for start in ("", "synclips-1")
    )
    shipped = load_checkpoint("synclips-1")
    assert isinstance(shipped, Checkpoint)
    weights = shipped.generator.state_dict()
    assert all(torch.equal(part, weights[name]) for name, part in known.state_dict().items())
    assert not all(torch.equal(part, weights[name]) for name, part in fresh.state_dict().items())
    with pytest.raises(ConfigError, match=r"give its sizes under \[generator.network\]"):
        first_generator(GeneratorSpec(first=8), CropSpec(), "synclips-1")
    with pytest.raises(ConfigError, match=r"extent=1\.6.*give this under \[generator.crop\]"):
        first_generator(GeneratorSpec(), CropSpec(extent=1.7), "synclips-1")
    with pytest.raises(ModelError, match="is no model"):
        first_generator(GeneratorSpec(), CropSpec(), str(tmp_path / "nobody"))
