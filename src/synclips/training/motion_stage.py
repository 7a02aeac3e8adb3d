"""Stage: lip motion from sound. Trains AudioEncoder and CrossAttention together with the head.

What was filmed teaches how people move. There is little of it, so next to it the network may hear
synthetic speech, of which no lips but the phones are known: it keeps what it knows of phones, and
closes the lips where they must be closed in voices and words that nobody was filmed with.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from synclips.corpus.dataset import MotionBatch, MotionDataset, Utterance
from synclips.corpus.viseme_dataset import VisemeBatch, VisemeDataset
from synclips.faces.shape import LipShape
from synclips.models.motion import Motion
from synclips.models.motion_loss import WEIGHTS, motion_loss, viseme_loss
from synclips.specification import require_least
from synclips.training.stage import Objective, Stage


@dataclass(frozen=True)
class VisemeOptions:
    """Speech with known phones, next to what was filmed.

    Attributes:
        share: windows of it per filmed window; 0 for none.
        weight: of the expected lips in the loss.
        closed: weight of lips that are open where p, b or m is said. More than this, and the
            network learns to keep the lips shut whenever it hears a synthesiser.
        stretch: by how much the expected lips, which are means, are exaggerated.
    """

    share: float = 0.0
    weight: float = 0.5
    closed: float = 0.05
    stretch: float = 1.25

    def __post_init__(self) -> None:
        require_least(self, share=0, weight=0, closed=0, stretch=0)


@dataclass(frozen=True, eq=False)
class Lesson:
    """What was filmed, and what was only said."""

    filmed: MotionBatch
    said: VisemeBatch | None


class MotionStage(Stage[Lesson]):
    """See the module.

    Args:
        network: what learns.
        data: what was filmed.
        validation: utterances of people who are not trained on.
        shape: the space of the lips.
        spoken: what is only heard, if anything.
        visemes: how much of it, and how much it counts.
    """

    name = "motion"
    figures = ("correlation", "range", "error")

    def __init__(
        self,
        network: Motion,
        data: MotionDataset,
        validation: Sequence[Utterance],
        shape: LipShape,
        spoken: VisemeDataset | None = None,
        visemes: VisemeOptions | None = None,
    ) -> None:
        self.network = network
        self.data = data
        self.validation = validation
        self.deviation = torch.from_numpy(shape.deviation)
        self.opening = torch.from_numpy(shape.opening_effect)
        self.spoken = spoken
        self.visemes = visemes or VisemeOptions()

    def networks(self) -> dict[str, nn.Module]:
        """The motion network."""
        return {"motion": self.network}

    def draw(self, rng: np.random.Generator, size: int) -> Lesson:
        """Windows of speech, `size` of them filmed."""
        filmed = self.data.batch(rng, size)
        count = round(self.visemes.share * size) if self.spoken else 0
        return Lesson(filmed, self.spoken.batch(rng, count) if self.spoken and count else None)

    def objectives(self, batch: Lesson, step: int) -> Iterator[Objective]:
        """One loss for the whole network."""
        filmed, said = batch.filmed, batch.said
        heard = [filmed] if said is None else [filmed, said]
        deviation, opening = self._tensor(self.deviation), self._tensor(self.opening)
        with self.hardware.autocast():
            predicted = self.network(
                *(
                    torch.cat([self._tensor(getattr(part, name)) for part in heard])
                    for name in ("heard", "shapes", "known")
                )
            ).float()
        count = len(filmed.heard)
        terms = motion_loss(
            predicted[:count],
            self._tensor(filmed.motion),
            self._tensor(filmed.valid),
            deviation,
            opening,
        )
        weights = dict(WEIGHTS)
        if said is not None:
            expected, valid, closed, shut = (
                self._tensor(part) for part in (said.motion, said.valid, said.closed, said.shut)
            )
            terms |= viseme_loss(
                predicted[count:], expected, valid, closed, shut, deviation, opening
            )
            weights |= {"viseme": self.visemes.weight, "closed": self.visemes.closed}
        loss = torch.stack([weights[name] * term for name, term in terms.items()]).sum()
        yield "motion", loss, {name: term.detach() for name, term in terms.items()}

    def _tensor(self, part: Tensor | NDArray[Any]) -> Tensor:
        return torch.as_tensor(part).to(self.hardware.device)

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
                    torch.from_numpy(item.heard.rows[0].astype(np.float32)).to(device),
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
