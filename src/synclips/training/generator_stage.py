"""Stage: drawing. Trains VideoEncoder and Generator, later against the Discriminator."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from synclips.checkpoint import Checkpoint, load_checkpoint
from synclips.corpus.augment_batch import relight_faces
from synclips.corpus.dataset import PictureDataset
from synclips.errors import ConfigError, ModelError
from synclips.faces.crop import CropSpec
from synclips.faces.landmarks import mouth_opening
from synclips.models.discriminator import Discriminator
from synclips.models.generator import DRAWN, Drawing, Generator, GeneratorSpec
from synclips.render.lip_map import lip_maps, lip_zones
from synclips.render.warp import join_rims, landmark_flow, sample, select
from synclips.specification import require_least
from synclips.training.losses import (
    hinge_discriminator,
    hinge_generator,
    picture_loss,
    temporal_loss,
)
from synclips.training.stage import Objective, Pictures, Stage, on_device

_MOMENTS = 2  # frames in a row, where it matters how they change


@dataclass(frozen=True)
class GeneratorWeights:
    """Weights of the drawing losses.

    Attributes:
        picture: colours and detail, against the real frame.
        adversarial, features: what the discriminator says, and how it sees both.
        cover: painting where a frame could have served.
        flow: size and roughness of corrections to the landmark flow.
        temporal: what changes from a frame to the next and should not, or does not and should.
            Samples are pairs of frames with it, and half as many.
    """

    picture: float = 10.0
    adversarial: float = 0.02
    features: float = 0.3
    cover: float = 0.05
    flow: float = 0.01
    temporal: float = 0.0

    def __post_init__(self) -> None:
        require_least(self, picture=0, adversarial=0, features=0, cover=0, flow=0, temporal=0)


@dataclass(frozen=True, eq=False)
class Faces:
    """What is drawn: N faces in a row to draw, and R frames to draw them from.

    Attributes:
        pictures: (B, N + R, S, S, 3) uint8, the faces to draw first.
        points: (B, N + R, P, 2) crop pixels.
        maps: (B N, 2, S, S) of the faces to draw, as all that follows.
        zones: `lip_zones` of them.
        gaps: (B N, R).
        light: seed of the light they are seen in; None leaves them as they are.
    """

    pictures: Tensor
    points: Tensor
    maps: Tensor
    zones: Tensor
    gaps: Tensor
    light: int | None


@dataclass(frozen=True, eq=False)
class Scene:
    """A batch on its way through the generator; frames channels first, flows in crop pixels.

    Of B faces in all; N in a row are next to each other.
    """

    truth: Tensor  # (B, 3, S, S)
    references: Tensor  # (B, R, 3, S, S)
    flow: Tensor  # (B, R, 2, S, S)
    maps: Tensor  # (B, 2, S, S)
    gaps: Tensor  # (B, R)


def draw_scene(scene: Scene, drawing: Drawing) -> Tensor:
    """Carry out a drawing at crop resolution: the picture (B, 3, S, S)."""
    flow = (scene.flow[:, :DRAWN] + drawing.flow).flatten(0, 1)
    moved = sample(scene.references[:, :DRAWN].flatten(0, 1), flow).unflatten(0, (-1, DRAWN))
    picture: Tensor = moved[:, 0] + drawing.window * (moved[:, 1] - moved[:, 0])
    return picture + drawing.cover * (drawing.inner - picture)


class GeneratorStage(Stage[Faces]):
    """See the module; the discriminator joins after `adversarial_from` steps."""

    name = "generator"
    figures = ("psnr", "psnr_warp", "texture")

    def __init__(
        self,
        generator: Generator,
        discriminator: Discriminator,
        data: PictureDataset,
        validation: PictureDataset,
        adversarial_from: int,
        weights: GeneratorWeights | None = None,
    ) -> None:
        self.generator = generator.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.discriminator = discriminator
        self.data = data
        self.validation = validation
        self.adversarial_from = adversarial_from
        self.weights = weights or GeneratorWeights()

    def networks(self) -> dict[str, nn.Module]:
        """Generator and discriminator."""
        return {"generator": self.generator, "discriminator": self.discriminator}

    def draw(self, rng: np.random.Generator, size: int) -> Faces:
        """A batch of faces, in pairs if it matters how they change."""
        if not self.weights.temporal:
            return self._faces(self.data, rng, size, augment=True)
        return self._faces(self.data, rng, -(-size // _MOMENTS), augment=True, moments=_MOMENTS)

    def objectives(self, batch: Faces, step: int) -> Iterator[Objective]:
        """The generator's loss, then (later) the discriminator's."""
        weights = self.weights
        scene = _scene(batch)
        drawing = self._run(self.generator, scene)
        picture = draw_scene(scene, drawing)
        weight = _importance(scene.maps)
        loss_picture = picture_loss(picture, scene.truth, weight)
        window = drawing.window
        cover = (drawing.cover * window).sum() / window.sum()
        rough = drawing.flow.diff(dim=-1).abs().mean() + drawing.flow.diff(dim=-2).abs().mean()
        effort = rough + 0.1 * drawing.flow.abs().mean()
        loss = weights.picture * loss_picture + weights.cover * cover + weights.flow * effort
        figures = {
            "picture": loss_picture.detach(),
            "cover": cover.detach(),
            "flow": effort.detach(),
        }
        if weights.temporal:
            changes = [part.unflatten(0, (-1, _MOMENTS)) for part in (picture, scene.truth, weight)]
            temporal = temporal_loss(*changes)
            loss = loss + weights.temporal * temporal
            figures["temporal"] = temporal.detach()
        if step < self.adversarial_from:
            yield "generator", loss, figures
            return
        mouth = _crop_mouth(scene.maps, scene.truth, picture)
        maps, truth, fake = mouth
        score, features = self.discriminator(fake, maps)
        with torch.no_grad():
            _, wanted = self.discriminator(truth, maps)
        alike = torch.stack(
            [functional.l1_loss(a, b) for a, b in zip(features, wanted, strict=True)]
        ).mean()
        adversarial = hinge_generator(score)
        loss = loss + weights.adversarial * adversarial + weights.features * alike
        yield "generator", loss, figures | {"adversarial": adversarial.detach()}
        real_score, _ = self.discriminator(truth, maps)
        fake_score, _ = self.discriminator(fake.detach(), maps)
        judged = hinge_discriminator(real_score, fake_score)
        yield "discriminator", judged, {"judged": judged.detach()}

    @torch.no_grad()
    def validate(self, averaged: dict[str, nn.Module]) -> dict[str, float]:
        """Mouth PSNR and texture ratio on unseen people, and PSNR of the warped nearest frame."""
        generator = averaged["generator"]
        assert isinstance(generator, Generator)
        scores: dict[str, list[float]] = {"psnr": [], "psnr_warp": [], "texture": []}
        for index in range(6):
            rng = np.random.default_rng([1, index])
            scene = self._unseen(rng, 16)
            picture = draw_scene(scene, self._run(generator, scene))
            warp = sample(scene.references[:, 1], scene.flow[:, 1])
            mouth = functional.max_pool2d(scene.maps.sum(dim=1, keepdim=True), 5, 1, 2) > 0.5
            for name, guess in (("psnr", picture), ("psnr_warp", warp)):
                error = ((guess - scene.truth) ** 2 * mouth).sum(dim=(1, 2, 3))
                error = error / (3 * mouth.sum(dim=(1, 2, 3)))
                scores[name] += (-10 * error.log10()).tolist()
            ratio = _texture(picture, mouth) / _texture(scene.truth, mouth)
            scores["texture"] += ratio.tolist()
        return {name: float(np.mean(values)) for name, values in scores.items()}

    @torch.no_grad()
    def pictures(self, averaged: dict[str, nn.Module]) -> Pictures:
        """Four unseen faces in a column: the frame to edit, the drawing, the truth."""
        generator = averaged["generator"]
        assert isinstance(generator, Generator)
        scene = self._unseen(np.random.default_rng([2]), 4)
        drawn = draw_scene(scene, self._run(generator, scene))
        rows = torch.cat([scene.references[:, 0], drawn, scene.truth], dim=3)
        column = torch.cat(list(rows), dim=1).permute(1, 2, 0).clamp(0, 1)
        return {"faces": (column * 255).round().byte().cpu().numpy()}

    def _run(self, generator: Generator, scene: Scene) -> Drawing:
        warped = sample(scene.references.flatten(0, 1), scene.flow.flatten(0, 1))
        context = self.hardware.autocast() if generator.training else nullcontext()
        with context:
            drawing: Drawing = generator(
                warped.unflatten(0, scene.flow.shape[:2]), scene.maps, scene.gaps
            )
        return drawing

    def _unseen(self, rng: np.random.Generator, size: int) -> Scene:
        faces = self._faces(self.validation, rng, size, augment=False)
        return _scene(on_device(faces, self.hardware.device))

    def _faces(
        self,
        data: PictureDataset,
        rng: np.random.Generator,
        size: int,
        augment: bool,
        moments: int = 1,
    ) -> Faces:
        references = self.generator.spec.references
        batch = data.batch(rng, size, references, augment, moments)
        side = batch.pictures.shape[2]
        openings = mouth_opening(batch.points)
        gaps = openings[:, None, moments:] - openings[:, :moments, None]
        gaps = gaps.reshape(-1, references).astype(np.float32) / 10
        targets = batch.points[:, :moments].reshape(-1, *batch.points.shape[2:])
        return Faces(
            torch.from_numpy(batch.pictures),
            torch.from_numpy(batch.points),
            torch.from_numpy(np.stack([lip_maps(points, side) for points in targets])),
            torch.from_numpy(np.stack([lip_zones(points, side) for points in targets])),
            torch.from_numpy(gaps),
            int(rng.integers(2**63)) if augment else None,
        )


def first_generator(spec: GeneratorSpec, crop: CropSpec, start: str = "") -> Generator:
    """What the stage begins with: a fresh generator, or that of a model, by its name or folder.

    Raises:
        ModelError: there is no such model, or it has no such generator.
        ConfigError: it is of another size, or learnt from other crops.
    """
    if not start:
        return Generator(spec)
    model = load_checkpoint(start)
    if not isinstance(model, Checkpoint):
        raise ModelError(f"{start} has no generator of synclips-1; start with another model.")
    if model.generator.spec != spec:
        raise ConfigError(
            f"The generator of {start} is {model.generator.spec}, not {spec}; give its sizes under"
            " [generator.network]."
        )
    if model.crop != crop:
        raise ConfigError(
            f"The generator of {start} learnt from {model.crop}, not {crop}; give this under"
            " [generator.crop]."
        )
    return model.generator


@torch.no_grad()
def _scene(faces: Faces) -> Scene:
    """All that touches every pixel, where the networks are."""
    shown = faces.pictures.movedim(-1, -3).float() / 255
    moments = len(faces.maps) // len(shown)
    if faces.light is not None:
        shown = relight_faces(shown, np.random.default_rng(faces.light), moments)
    targets = faces.points[:, :moments].flatten(0, 1)
    references = faces.points[:, moments:].repeat_interleave(moments, 0)
    flow = landmark_flow(targets, references, shown.shape[-1])
    return Scene(
        truth=shown[:, :moments].flatten(0, 1).contiguous(),
        references=shown[:, moments:].repeat_interleave(moments, 0).contiguous(),
        flow=select(join_rims(flow, faces.zones, faces.maps), faces.zones),
        maps=faces.maps,
        gaps=faces.gaps,
    )


def _importance(maps: Tensor) -> Tensor:
    """Weight per pixel (B, 1, S, S): the mouth, then what is near it, then the rest."""
    mouth = maps.sum(dim=1, keepdim=True)
    near = functional.avg_pool2d(functional.max_pool2d(mouth, 17, 1, 8), 9, 1, 4)
    return 0.2 + near + 4 * functional.max_pool2d(mouth, 3, 1, 1)


def _crop_mouth(maps: Tensor, *pictures: Tensor) -> list[Tensor]:
    """The middle 64 pixels around the mouth, the discriminator's field."""
    side = maps.shape[-1]
    top, left, size = side // 12, side // 6, 2 * side // 3
    return [x[..., top : top + size, left : left + size] for x in (maps, *pictures)]


def _texture(picture: Tensor, mouth: Tensor) -> Tensor:
    """Mean absolute Laplacian inside a mask, (B,)."""
    grey = picture.mean(dim=1, keepdim=True)
    kernel = torch.tensor([[[[0.0, 1, 0], [1, -4, 1], [0, 1, 0]]]], device=picture.device)
    detail = functional.conv2d(grey, kernel, padding=1).abs()
    return (detail * mouth).sum(dim=(1, 2, 3)) / mouth.sum(dim=(1, 2, 3))
