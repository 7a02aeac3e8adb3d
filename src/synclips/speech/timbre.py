"""The colour of one voice put onto the words of another, frame by frame.

With enough recordings, frames of the person are chosen that say the same; with little, the spectrum
as a whole is moved. Knows vocoder frames, their content and a profile's; not pitch, loudness or
sound.
"""

import numpy as np
from numpy.typing import NDArray

from synclips.speech.content import Statistics, content
from synclips.speech.profile import VoiceProfile
from synclips.speech.recording import ENOUGH_SECONDS
from synclips.speech.selection import select_frames
from synclips.speech.world import Vocoded

Array = NDArray[np.float64]

_JOIN_FRAMES = 0.7  # deviation of the smoothing across joins
_LEVEL_FRAMES = 20.0  # 100 ms: slower changes of level are the words', faster the person's
_COLOUR_FRAMES = 5.0  # 25 ms: what is smoothed away of the person's colour in consonants
_LOUD_NEPERS = np.log(10) / 10  # of power, in a decibel
_VOWEL_DB = 15.0  # below the loud frames; quieter ones are consonants
_VOWEL_WIDTH_DB = 3.0
_WARPS = np.linspace(0.84, 1.19, 15)  # of vocal tract length, large man to child


class UnitTimbre:
    """Vowels in frames of the person, consonants in the person's colour.

    The loud voiced frames are the person's own, chosen by `select_frames`; they carry most of what
    a voice is known by. Elsewhere the speech keeps its own frames, from which words are understood,
    and only the smoothed difference to the chosen ones is added.

    Args:
        profile: The voice.
    """

    def __init__(self, profile: VoiceProfile) -> None:
        self._profile = profile
        self._content = content(profile.content.astype(np.float64), profile.statistics)
        self._voiced = profile.pitch > 0
        # Few frames rarely say what is wanted: then fewer are used as they are.
        self._trust = min(1.0, (profile.recording.seconds / ENOUGH_SECONDS) ** 0.5)

    def apply(
        self, speech: Vocoded, raw: Array, seen: Statistics, spoken: NDArray[np.bool_]
    ) -> tuple[Array, Array]:
        """Envelope and aperiodicity in the person's voice, (F, bins) each.

        Args:
            speech: the words.
            raw: (F, D) their content before standardising.
            seen: statistics of their speaker.
            spoken: (F,) where speech is.
        """
        chosen = select_frames(
            content(raw, seen),
            speech.voiced,
            self._content,
            self._voiced,
            self._profile.follows,
        )
        units = smooth(self._profile.envelope[chosen].astype(np.float64), _JOIN_FRAMES)
        breath = smooth(self._profile.aperiodicity[chosen].astype(np.float64), _JOIN_FRAMES)
        level = speech.level
        too_quiet = level - np.log(np.exp(units).mean(axis=1))
        middle = np.median(too_quiet[spoken])
        slow = smooth(np.clip(too_quiet - middle, -2.0, 2.0)[:, None], _LEVEL_FRAMES)
        units += middle + slow
        loud = np.percentile(level[spoken], 90) - _VOWEL_DB * _LOUD_NEPERS
        vowel = speech.voiced / (1 + np.exp((loud - level) / (_VOWEL_WIDTH_DB * _LOUD_NEPERS)))
        share = self._trust * smooth(vowel[:, None], 1.0)
        coloured = speech.envelope + smooth(units - speech.envelope, _COLOUR_FRAMES / self._trust)
        return (
            share * units + (1 - share) * coloured,
            share * breath + (1 - share) * speech.aperiodicity,
        )


class MatchedTimbre:
    """The spectrum as a whole: vocal tract length and long-term average.

    Args:
        profile: The voice.
    """

    def __init__(self, profile: VoiceProfile) -> None:
        self._average = _average(profile.envelope.astype(np.float64), profile.pitch > 0)
        self._count = 0
        self._total = np.zeros_like(self._average)

    def apply(
        self, speech: Vocoded, raw: Array, seen: Statistics, spoken: NDArray[np.bool_]
    ) -> tuple[Array, Array]:
        """See `UnitTimbre.apply`; the average of the words grows with every call."""
        own = _average(speech.envelope[spoken], speech.voiced[spoken])
        self._count += 1
        self._total += own
        own = self._total / self._count
        shape = self._average - self._average.mean()
        apart = [np.mean(np.square(_warp(own - own.mean(), factor) - shape)) for factor in _WARPS]
        factor = float(_WARPS[int(np.argmin(apart))])
        moved = _warp(speech.envelope, factor) + self._average - _warp(own, factor)
        return moved, _warp(speech.aperiodicity, factor)


def _average(envelope: Array, voiced: NDArray[np.bool_]) -> Array:
    chosen = envelope[voiced] if voiced.any() else envelope
    mean: Array = chosen.mean(axis=0)
    return mean


def _warp(rows: Array, factor: float) -> Array:
    """Spectra stretched along frequency; a factor above 1 moves formants up."""
    bins = rows.shape[-1]
    place = np.minimum(np.arange(bins) / factor, bins - 1)
    low = np.minimum(place.astype(int), bins - 2)
    share = place - low
    result: Array = rows[..., low] * (1 - share) + rows[..., low + 1] * share
    return result


def smooth(rows: Array, deviation: float) -> Array:
    """Rows averaged over time with a Gaussian, ends repeated, (F, D)."""
    reach = int(np.ceil(3 * deviation))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / deviation) ** 2)
    padded = np.pad(rows, ((reach, reach), (0, 0)), "edge")
    views = np.lib.stride_tricks.sliding_window_view(padded, len(kernel), axis=0)
    result: Array = views @ (kernel / kernel.sum())
    return result
