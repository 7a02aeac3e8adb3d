"""How each voice of Kokoro sounds, so that the ones most like a person can be found and mixed.

    python runs/voice_likeness.py src/synclips/weights/speech/kokoro.safetensors

The colour of every voice speaks a few English sentences in the melody of women and of men, the mean
of those of the English voices, and the speaker embedding is written. Takes about 35 minutes on one
core.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

from synclips.corpus.sentences import sentence
from synclips.features.timing import SAMPLE_RATE
from synclips.media.audio import resampled
from synclips.speech.engines import engines
from synclips.speech.kokoro import Kokoro
from synclips.speech.speaker import embed, mean_embedding

SENTENCES = 5
SEED = 5
UNUSUAL = {"af_nicole", "am_santa"}  # who whisper and put on a voice


def main() -> None:
    """Speak, embed, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("output", type=Path, help="the .safetensors file to write")
    parser.add_argument("--voices-folder", type=Path, help="where the files of Kokoro are")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    engine = next(each for each in engines(arguments.voices_folder) if isinstance(each, Kokoro))
    if not engine.installed:
        parser.error(engine.voices()[0].note)
    rng = np.random.default_rng(SEED)
    texts = [f"{sentence(rng)}." for _ in range(SENTENCES)]
    found: dict[str, np.ndarray] = {}
    for gender in ("female", "male"):
        english = [each for each in engine.voices() if each.language.startswith("en")]
        those = [each.name for each in english if each.gender == gender]
        melody = "+".join(sorted(set(those) - UNUSUAL))
        for name in engine.colours():
            voice = engine.variant(f"{melody}/{name}")
            assert voice is not None
            heard = [
                embed(resampled(each.samples, each.rate, SAMPLE_RATE))
                for each in engine.speak(texts, voice, 1.0)
            ]
            known = [each for each in heard if each is not None]
            found[f"{gender}/{name}"] = mean_embedding(np.stack(known)).astype(np.float16)
            print(gender, name, len(known), flush=True)
    save_file(found, arguments.output)


if __name__ == "__main__":
    main()
