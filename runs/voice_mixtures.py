"""Teach a network whose voice a mixture of Kokoro's colours is.

    python runs/voice_mixtures.py src/synclips/weights/speech/kokoro_colours.safetensors SOUNDS...

Mixtures towards the voices in some recordings, towards Kokoro's own and towards points between them
are spoken, and the network learns the speaker embeddings of what is heard. Of the recordings
nothing is kept. Takes an hour and a half on one core.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from synclips.errors import ConfigError
from synclips.features.timing import SAMPLE_RATE
from synclips.media.audio import read_mono, resampled
from synclips.models.colour_encoder import COLOUR, ColourEncoder
from synclips.speech.engines import engines
from synclips.speech.kokoro import USUAL_SIGNS, Kokoro
from synclips.speech.kokoro_mixture import Mixture, in_percent
from synclips.speech.likeness import colours, kokoro_embeddings, shares
from synclips.speech.speaker import embed

MIXTURES, HELD_OUT = 1700, 200
EPOCHS, BATCH, RATE, DECAY = 100, 64, 2e-3, 1e-2
JITTER = 0.02  # of what it learns from, in deviations
FLOOR = 1e-3  # of the variance of colours, added to it in all directions
TEXT = "We would like to show you the garden today."


@dataclass(frozen=True, eq=False)
class Heard:
    """A mixture and the embedding, (256,), of what it said."""

    colour: np.ndarray
    male: bool
    embedding: np.ndarray


class Studio:
    """Draws mixtures and speaks them."""

    def __init__(self, engine: Kokoro, aims: list[np.ndarray], rng: np.random.Generator) -> None:
        self._engine, self._aims, self._rng = engine, aims, rng
        self._styles = engine.colour_styles(engine.colours(), USUAL_SIGNS)
        english = [each for each in engine.voices() if each.language.startswith("en")]
        self._melodies = {
            gender: [each.name for each in english if each.gender == gender]
            for gender in ("female", "male")
        }

    def draw(self, count: int) -> Iterator[Heard]:
        """So many mixtures, spoken."""
        found = 0
        while found < count:
            gender = ("female", "male")[self._rng.integers(2)]
            if (heard := self._said(*self._mixture(gender), gender)) is None:
                continue
            found += 1
            if found % 50 == 0:
                print(found, flush=True)
            yield heard

    def _mixture(self, gender: str) -> tuple[dict[str, int], dict[str, int]]:
        """Melody and colour towards a point between two of the aims and a voice of Kokoro."""
        rng, known = self._rng, kokoro_embeddings(gender)
        voices = list(known.values())
        ends = [self._aims[rng.integers(len(self._aims))] for _ in range(2)]
        aim = rng.dirichlet([0.6, 0.6, 0.3]) @ [*ends, voices[rng.integers(len(voices))]]
        aim = (aim / np.linalg.norm(aim)).astype(np.float32)
        melody = shares(aim, {name: known[name] for name in self._melodies[gender]})
        pull = 10 ** rng.uniform(-1.6, 0.3)
        share = colours(aim, known, melody, pull, int(rng.choice([24, len(known)])))
        noise = rng.choice([0, 0.03, 0.08, 0.15]) * rng.normal(size=len(known))
        mixed = np.array([share.get(name, 0.0) for name in known]) + noise
        colour = in_percent(dict(zip(known, mixed / mixed.sum(), strict=True)))
        return in_percent(melody), colour

    def _said(self, melody: dict[str, int], colour: dict[str, int], gender: str) -> Heard | None:
        voice = self._engine.variant(Mixture(melody, colour).name)
        if voice is None:
            return None
        try:
            (heard,) = self._engine.speak([TEXT], voice, 1.0)
        except ConfigError:  # it lies too far away to be spoken
            return None
        embedding = embed(resampled(heard.samples, heard.rate, SAMPLE_RATE))
        if embedding is None:
            return None
        weights = np.array(list(colour.values())) / sum(colour.values())
        style = weights @ np.stack([self._styles[name] for name in colour])
        return Heard(style.astype(np.float32), gender == "male", embedding)


def teach(heard: list[Heard]) -> ColourEncoder:
    """Networks for these mixtures, which differ by how they begin and in what order they learn."""
    torch.manual_seed(0)
    encoder = ColourEncoder()
    colour, male, wanted = tensors(heard)
    encoder.middle.copy_(colour.mean(dim=0))
    encoder.spread.copy_(colour.std(dim=0) + 1e-6)
    spread = torch.cov(colour.T.double())
    least = FLOOR * spread.trace() / COLOUR * torch.eye(COLOUR, dtype=torch.double)
    encoder.whitening.copy_(torch.linalg.cholesky(torch.linalg.inv(spread + least)))
    optimiser = torch.optim.AdamW(encoder.parameters(), RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, EPOCHS)
    encoder.train()
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(heard)).split(BATCH):
            noise = JITTER * encoder.spread * torch.randn(len(batch), COLOUR)
            found = encoder.each(colour[batch] + noise, male[batch])
            loss = sum((1 - cosine(each, wanted[batch]) for each in found), torch.zeros(()))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        schedule.step()
    return encoder.eval()


def tensors(heard: list[Heard]) -> tuple[Tensor, Tensor, Tensor]:
    """Colours, 1 for the melody of men, and embeddings."""
    return (
        torch.from_numpy(np.stack([each.colour for each in heard])),
        torch.tensor([float(each.male) for each in heard]),
        torch.from_numpy(np.stack([each.embedding for each in heard])),
    )


def cosine(found: Tensor, wanted: Tensor) -> Tensor:
    """Mean similarity of embeddings, row by row."""
    return nn.functional.cosine_similarity(found, wanted).mean()


def main() -> None:
    """Embed recordings, speak, teach, say how well, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("output", type=Path, help="the .safetensors file to write")
    parser.add_argument("sounds", type=Path, nargs="+", help="videos or sound files")
    parser.add_argument("--voices-folder", type=Path, help="where the files of Kokoro are")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    engine = next(each for each in engines(arguments.voices_folder) if isinstance(each, Kokoro))
    if not engine.installed:
        parser.error(engine.voices()[0].note)
    known = [embed(read_mono(path, SAMPLE_RATE)) for path in arguments.sounds]
    aims = [each for each in known if each is not None]
    heard = list(Studio(engine, aims, np.random.default_rng(0)).draw(MIXTURES))
    encoder = teach(heard[HELD_OUT:])
    with torch.no_grad():
        colour, male, wanted = tensors(heard[:HELD_OUT])
        print(f"cosine of {HELD_OUT} held out: {cosine(encoder(colour, male), wanted):.3f}")
    save_file(
        {name: value.half().contiguous() for name, value in encoder.state_dict().items()},
        arguments.output,
    )


if __name__ == "__main__":
    main()
