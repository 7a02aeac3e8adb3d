"""Stage: which phone is spoken when. Trains the AudioEncoder under a linear head.

The head is thrown away afterwards: what stays is an encoder whose features hold what was said and
little of who said it, in which room and through which microphone. What it hears is drawn by
`corpus.phone_dataset`.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from torch import nn
from torch.nn import functional

from synclips.corpus.phone_dataset import NO_TARGET, PhoneBatch, PhoneDataset, whole
from synclips.corpus.phone_files import Speech
from synclips.corpus.phone_set import IGNORED, LIP_CLASSES, PHONES, collapse, edit_distance
from synclips.models.audio_encoder import AudioEncoder
from synclips.training.stage import Objective, Stage

ENCODER = "audio_encoder"
HEAD = "phone_head"

_CALM = 3  # instants that are averaged before phones are told in order; most phones are longer
_SMOOTHING = 0.05  # the ends of phones are never certain to 20 ms


class PhoneStage(Stage[PhoneBatch]):
    """See the module.

    Args:
        encoder: what learns.
        data: what it learns from.
        validation: utterances of voices that are not trained on.
    """

    name = "phones"
    figures = ("error", "error_*", "edit", "edit_*", "lips", "lips_*")

    def __init__(
        self, encoder: AudioEncoder, data: PhoneDataset, validation: Sequence[Speech]
    ) -> None:
        self.encoder = encoder
        self.head = nn.Linear(encoder.norm.normalized_shape[0], len(PHONES))
        self.data = data
        self.validation = validation
        clean = [(f"_{_plain(item.voice)}", whole(item, 0)) for item in validation]
        noisy = [("_noisy", whole(item, -1)) for item in validation]
        self._heard = [*clean, *noisy]

    def networks(self) -> dict[str, nn.Module]:
        """The encoder, and the head that asks it."""
        return {ENCODER: self.encoder, HEAD: self.head}

    def draw(self, rng: np.random.Generator, size: int) -> PhoneBatch:
        """Windows of speech."""
        return self.data.batch(rng, size)

    def objectives(self, batch: PhoneBatch, step: int) -> Iterator[Objective]:
        """Cross entropy of every instant."""
        with self.hardware.autocast():
            scores = self.head(self.encoder(batch.heard))
        scores = scores.float().flatten(0, 1)
        said = batch.phones.flatten()
        loss = functional.cross_entropy(
            scores, said, ignore_index=NO_TARGET, label_smoothing=_SMOOTHING
        )
        known = said != NO_TARGET
        wrong = (scores.argmax(1) != said)[known].float().mean()
        yield (ENCODER, HEAD), loss, {"loss": loss.detach(), "error": wrong.detach()}

    def validate(self, averaged: dict[str, nn.Module]) -> dict[str, float]:
        """Errors on whole utterances of each unseen voice.

        `error_VOICE` is the share of instants that are taken for another phone, `edit_VOICE` the
        edit distance of the phones in order over their number, silence left out, `lips_VOICE` the
        share of instants taken for a phone that looks otherwise; `noisy` is all of them in their
        last form, a changed one. `error`, `edit` and `lips` are the means over the voices.
        """
        counts: dict[str, dict[str, list[float]]] = {"error": {}, "edit": {}, "lips": {}}
        for voice, item in self._heard:
            sound = item.heard.to(self.hardware.device)
            scores = averaged[HEAD](averaged[ENCODER](sound))[0]
            heard = scores.argmax(1).cpu().numpy().astype(np.uint8)
            truth = item.phones[0].numpy()
            known = truth != NO_TARGET
            said = np.where(known, truth, IGNORED).astype(np.uint8)
            phones = collapse(said)
            calm = functional.avg_pool1d(scores.T[None], _CALM, 1, _CALM // 2, False, False)[0]
            in_order = collapse(calm.argmax(0).cpu().numpy())
            wrong = edit_distance(phones, in_order)
            looks = LIP_CLASSES[heard[known]] != LIP_CLASSES[said[known]]
            for name, part, count in (
                ("error", (heard != said)[known].sum(), known.sum()),
                ("edit", wrong, len(phones)),
                ("lips", looks.sum(), known.sum()),
            ):
                total = counts[name].setdefault(voice, [0.0, 0.0])
                total[0] += float(part)
                total[1] += float(count)
        figures: dict[str, float] = {}
        for name, voices in counts.items():
            rates = {voice: wrong / max(count, 1.0) for voice, (wrong, count) in voices.items()}
            figures |= {name + voice: rate for voice, rate in rates.items()}
            clean = [rate for voice, rate in rates.items() if voice != "_noisy"]
            figures[name] = float(np.mean(clean)) if clean else float("nan")
        return figures


def few_of_each(speech: Sequence[Speech], count: int = 24) -> list[Speech]:
    """The first utterances of each voice: enough to compare by, and soon heard."""
    seen: dict[str, int] = {}
    kept = []
    for item in speech:
        seen[item.voice] = seen.get(item.voice, 0) + 1
        if seen[item.voice] <= count:
            kept.append(item)
    return kept


def _plain(voice: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in voice)
