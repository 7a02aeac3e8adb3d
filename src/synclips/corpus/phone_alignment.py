"""Phones of recorded speech whose words are known, by forced alignment with PocketSphinx.

The acoustic model and dictionary for US English come with the package (`pip install
'.[phones]'`); nothing is downloaded. Knows words and samples; not where they come from.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from synclips.corpus.phone_set import Segment, from_arpabet
from synclips.errors import ConfigError, InputError
from synclips.features.loudness import normalise_loudness
from synclips.features.timing import SAMPLE_RATE

_RATE = 100  # frames of the aligner per second
_BEAM = 1e-120  # with the default one, a tenth of the clips of GRID could not be aligned

_LETTERS = {
    **dict(a="EY", b="B IY", c="S IY", d="D IY", e="IY", f="EH F", g="JH IY", h="EY CH", i="AY"),
    **dict(j="JH EY", k="K EY", l="EH L", m="EH M", n="EH N", o="OW", p="P IY", q="K Y UW"),
    **dict(r="AA R", s="EH S", t="T IY", u="Y UW", v="V IY", w="D AH B AH L Y UW", x="EH K S"),
    **dict(y="W AY", z="Z EH D"),
}
"""How letters are spoken, in Britain where that differs: in GRID a letter is a word."""


class Aligner:
    """Finds the phones of known words in a sound.

    Raises:
        ConfigError: PocketSphinx is not installed.
    """

    def __init__(self) -> None:
        try:
            from pocketsphinx import Decoder, get_model_path
        except ImportError as error:
            raise ConfigError(
                "The package pocketsphinx is not installed, which phones.speech.grid asks for;"
                ' pip install -e ".[phones]", or set phones.speech.grid = false.'
            ) from error
        self._decoder: Any = Decoder(
            hmm=get_model_path("en-us/en-us"),
            dict=get_model_path("en-us/cmudict-en-us.dict"),
            lm=None,
            loglevel="FATAL",
            # Nothing else than the words can have been said, so nothing is given up early.
            beam=_BEAM,
            pbeam=_BEAM,
            wbeam=_BEAM,
            bestpath=False,
        )
        for letter, phones in _LETTERS.items():
            self._decoder.add_word(_word(letter), phones, True)

    def align(self, samples: NDArray[np.float32], words: list[str]) -> list[Segment]:
        """Phones from the beginning of a sound to its end.

        Args:
            samples: (n,) at 16 kHz.
            words: what is said, in lower case.

        Raises:
            InputError: a word is not in the dictionary, or the words are not in the sound.
        """
        text = " ".join(_word(word) for word in words)
        loud, _ = normalise_loudness(samples, SAMPLE_RATE)
        data = np.rint(np.clip(loud, -1, 1) * 32767).astype(np.int16).tobytes()
        decoder = self._decoder
        try:
            decoder.set_align_text(text)
            self._decode(data)
            decoder.set_alignment()
            self._decode(data)
            spoken = decoder.get_alignment()
        except (RuntimeError, ValueError) as error:
            raise InputError(f"{text!r} cannot be found in its sound ({error}).") from error
        segments = [
            Segment(
                from_arpabet(phone.name),
                phone.start / _RATE,
                (phone.start + phone.duration) / _RATE,
            )
            for word in spoken or ()
            for phone in word
        ]
        if not segments:
            raise InputError(f"{text!r} cannot be found in its sound.")
        return segments

    def _decode(self, data: bytes) -> None:
        self._decoder.start_utt()
        self._decoder.process_raw(data, no_search=False, full_utt=True)
        self._decoder.end_utt()


def _word(word: str) -> str:
    return f"letter_{word}" if len(word) == 1 else word
