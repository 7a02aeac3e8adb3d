"""How each voice of Kokoro sounds, so that the ones most like a person can be found and mixed.

    python runs/voice_likeness.py src/synclips/weights/speech/kokoro.safetensors

Every voice that is installed speaks a few sentences, English ones of common words and others of
made-up ones, and its speaker embedding is written. Takes about ten minutes on two cores.
"""

import argparse
from pathlib import Path

import numpy as np
import soxr
import torch
from safetensors.numpy import save_file

from synclips.corpus.sentences import babble, sentence
from synclips.features.timing import SAMPLE_RATE
from synclips.speech.engines import engines
from synclips.speech.kokoro import Kokoro
from synclips.speech.speaker import embed, mean_embedding

SENTENCES = 6
SEED = 5


def main() -> None:
    """Speak, embed, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("output", type=Path, help="the .safetensors file to write")
    parser.add_argument("--voices-folder", type=Path, help="where the files of Kokoro are")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    engine = next(each for each in engines(arguments.voices_folder) if isinstance(each, Kokoro))
    found: dict[str, np.ndarray] = {}
    for voice in engine.voices():
        if not voice.installed:
            parser.error(voice.note)
        rng = np.random.default_rng(SEED)
        write = sentence if voice.language.startswith("en") else babble
        texts = [f"{write(rng)}." for _ in range(SENTENCES)]
        heard = [
            embed(np.asarray(soxr.resample(each.samples, each.rate, SAMPLE_RATE), np.float32))
            for each in engine.speak(texts, voice, 1.0)
        ]
        known = [each for each in heard if each is not None]
        found[voice.name] = mean_embedding(np.stack(known)).astype(np.float16)
        print(voice.name, len(known), flush=True)
    save_file(found, arguments.output)


if __name__ == "__main__":
    main()
