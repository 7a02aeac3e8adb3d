"""Stage: lip motion from sound. Trains AudioEncoder and CrossAttention together with the head."""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import nn

from synclips.corpus.dataset import MotionBatch, MotionDataset, Utterance
from synclips.faces.shape import LipShape
from synclips.models.motion import Motion
from synclips.models.motion_loss import WEIGHTS, motion_loss, opening_effect
from synclips.training.stage import Objective, Stage


class MotionStage(Stage[MotionBatch]):
    """See the module; `validation` are utterances of people who are not trained on."""

    name = "motion"

    def __init__(
        self,
        network: Motion,
        data: MotionDataset,
        validation: Sequence[Utterance],
        shape: LipShape,
    ) -> None:
        self.network = network
        self.data = data
        self.validation = validation
        self.deviation = torch.from_numpy(shape.deviation)
        self.opening = opening_effect(shape)

    def networks(self) -> dict[str, nn.Module]:
        """The motion network."""
        return {"motion": self.network}

    def draw(self, rng: np.random.Generator, size: int) -> MotionBatch:
        """Windows of speech."""
        return self.data.batch(rng, size)

    def objectives(self, batch: MotionBatch, step: int) -> Iterator[Objective]:
        """One loss for the whole network."""
        device = self.hardware.device
        mel, motion, valid, shapes, known = (
            torch.from_numpy(part).to(device)
            for part in (batch.mel, batch.motion, batch.valid, batch.shapes, batch.known)
        )
        with self.hardware.autocast():
            predicted = self.network(mel, shapes, known)
        terms = motion_loss(
            predicted.float(), motion, valid, self.deviation.to(device), self.opening.to(device)
        )
        loss = torch.stack([WEIGHTS[name] * term for name, term in terms.items()]).sum()
        yield "motion", loss, {name: term.detach() for name, term in terms.items()}

    def validate(self, averaged: dict[str, nn.Module]) -> dict[str, float]:
        """Opening correlation, range ratio and position error on whole unseen utterances."""
        network = averaged["motion"]
        assert isinstance(network, Motion)
        device = self.hardware.device
        by_person: dict[str, list[Utterance]] = {}
        for item in self.validation:
            by_person.setdefault(item.person, []).append(item)
        figures: dict[str, list[float]] = {"correlation": [], "range": [], "error": []}
        for items in by_person.values():
            for index, item in enumerate(items):
                other = items[index - 1]
                spoken = other.motion[other.valid]
                chosen = np.linspace(0, len(spoken) - 1, network.spec.references).astype(int)
                said = network.speak(
                    torch.from_numpy(item.mel).to(device),
                    torch.from_numpy(spoken[chosen]).to(device),
                )
                motion = said.cpu().numpy()[item.valid]
                truth = item.motion[item.valid]
                opening = self.opening.numpy()
                a, b = motion @ opening, truth @ opening
                figures["correlation"].append(float(np.corrcoef(a, b)[0, 1]))
                figures["range"].append(float(a.std() / max(b.std(), 1e-6)))
                error = (motion - truth) * self.deviation.numpy()
                figures["error"].append(float(np.sqrt(np.square(error).sum(axis=1)).mean()))
        return {name: float(np.mean(values)) for name, values in figures.items()}
