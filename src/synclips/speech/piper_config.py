"""What a Piper voice says about itself: the JSON beside its network.

Knows how phonemes become the numbers that the network reads. The format is that of the voices of
rhasspy/piper-voices (https://github.com/OHF-Voice/piper1-gpl, piper/config.py and phoneme_ids.py).
"""

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synclips.errors import ModelError

START, PAD, END = "^", "_", "$"


@dataclass(frozen=True)
class PiperConfig:
    """The part of it that matters for speaking.

    Attributes:
        rate: Samples per second.
        language: Tag.
        reads: "espeak" for IPA, "text" for letters.
        espeak_voice: Which voice of espeak-ng pronounces.
        ids: Numbers of every sign.
        clusters: Signs of several letters, longest first.
        speakers: Number of each by name; empty if there is one.
        speaker_count: How many there are.
        default_speaker: Number of the one to take if none is named.
        noise, length, noise_width: The scales the voice was made for.
    """

    rate: int
    language: str
    reads: str
    espeak_voice: str
    ids: Mapping[str, tuple[int, ...]]
    clusters: tuple[str, ...]
    speakers: Mapping[str, int]
    speaker_count: int
    default_speaker: int
    noise: float
    length: float
    noise_width: float

    def numbers(self, phonemes: str) -> list[int]:
        """What the network reads: a start, every sign followed by a pad, an end.

        Args:
            phonemes: With punctuation. Signs the voice does not know are left out.

        Returns:
            Empty if it knows none but spaces and punctuation.
        """
        signs = [sign for sign in self._signs(phonemes) if sign in self.ids]
        if not any(unicodedata.category(letter)[0] in "LN" for sign in signs for letter in sign):
            return []
        pad = self.ids[PAD]
        spoken = [number for sign in signs for number in (*self.ids[sign], *pad)]
        return [*self.ids[START], *pad, *spoken, *self.ids[END]]

    def _signs(self, phonemes: str) -> Iterator[str]:
        """Letters and, apart from them, their accents; clusters as one."""
        text = unicodedata.normalize("NFD", phonemes)
        at = 0
        while at < len(text):
            cluster = next((each for each in self.clusters if text.startswith(each, at)), text[at])
            yield cluster
            at += len(cluster)


def read_piper_config(path: Path) -> PiperConfig:
    """Read the JSON of a voice.

    Raises:
        ModelError: It is missing or no such JSON, or the voice reads what cannot be made here.
    """
    try:
        return _config(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise ModelError(f"{path} is missing; a Piper voice is two files, get it too.") from error
    except KeyError as error:
        raise ModelError(f"{path} is no config of a Piper voice; {error} is missing.") from error
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelError(
            f"{path} is no config of a Piper voice that can be used ({error}); get another."
        ) from error


def _config(values: dict[str, Any]) -> PiperConfig:
    ids = {str(sign): _numbers(number) for sign, number in values["phoneme_id_map"].items()}
    for sign in (START, PAD, END):
        if sign not in ids:
            raise KeyError(f"phoneme_id_map {sign}")
    inference = values.get("inference", {})
    reads = str(values.get("phoneme_type", "espeak"))
    if reads not in ("espeak", "text"):
        raise ValueError(f"it reads {reads}, only voices that read espeak or text can be used")
    espeak_voice = str(values["espeak"]["voice"]) if reads == "espeak" else ""
    rate, count = int(values["audio"]["sample_rate"]), int(values.get("num_speakers", 1))
    if rate <= 0 or count <= 0:
        raise ValueError("sample_rate and num_speakers must be above 0")
    language = str(values.get("language", {}).get("code", "") or espeak_voice)
    clusters = ["".join(parts) for parts in values.get("vowel_clusters") or []]
    return PiperConfig(
        rate=rate,
        language=language.lower().replace("_", "-"),
        reads=reads,
        espeak_voice=espeak_voice,
        ids=ids,
        clusters=tuple(sorted((each for each in clusters if each in ids), key=len, reverse=True)),
        speakers={
            str(name): int(number) for name, number in values.get("speaker_id_map", {}).items()
        },
        speaker_count=count,
        default_speaker=int(values.get("default_speaker_id", 0)),
        noise=float(inference.get("noise_scale", 0.667)),
        length=float(inference.get("length_scale", 1.0)),
        noise_width=float(inference.get("noise_w", 0.8)),
    )


def _numbers(value: int | Sequence[int]) -> tuple[int, ...]:
    return (value,) if isinstance(value, int) else tuple(int(number) for number in value)
