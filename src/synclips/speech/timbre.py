"""The colour of one voice put onto the words of another, frame by frame.

Frames of the person are chosen that say the same; the less there is to choose from, the more the
speech sounds like the person as it is, and the more words would be lost, the less of them is used.
Knows vocoder frames, their content and a profile's; not pitch, loudness or sound.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synclips.speech.colour import LastingDifference, loud_vowels
from synclips.speech.content import Statistics, content
from synclips.speech.profile import VoiceProfile
from synclips.speech.recording import ENOUGH_SECONDS
from synclips.speech.selection import select_frames
from synclips.speech.smoothing import smooth
from synclips.speech.tract import TractLength
from synclips.speech.world import Vocoded, frame_level

Array = NDArray[np.float64]

# Of the person's frames in vowels, for a voice unlike theirs and for one that is near: more is
# more like the person, and sounds worse.
_FAR_SHARE, _NEAR_SHARE = 0.85, 0.6
_JOIN_FRAMES = 0.7  # deviation of the smoothing across joins
_LEVEL_FRAMES = 20.0  # 100 ms: slower changes of level are the words', faster the person's
_COLOUR_FRAMES = 6.7  # 33 ms, of short recordings more: what is smoothed away of the colour
_LOUD_NEPERS = np.log(10) / 10  # of power, in a decibel
_VOWEL_DB = 15.0  # below the loud frames; quieter ones are consonants
_VOWEL_WIDTH_DB = 3.0


@dataclass(frozen=True, eq=False)
class Blend:
    """A sentence between two voices.

    Attributes:
        own: (F, bins) its envelope, as from a vocal tract of the person's length.
        units: (F, bins) that of the person's chosen frames.
        lasting: (F, bins) the difference of the two voices that lasts.
        passing: (F, bins) the smoothed rest of it.
        share: (F, 1) of the person's frames, at most.
        own_breath: (F, bins) its aperiodicity.
        breath: (F, bins) that of the chosen frames.
    """

    own: Array
    units: Array
    lasting: Array
    passing: Array
    share: Array
    own_breath: Array
    breath: Array

    def at(self, strength: Array) -> tuple[Array, Array]:
        """Envelope and aperiodicity, (F, bins) each.

        Args:
            strength: (F, 1) how much of what can take words away is used, 0..1; at 0 there is only
                the lasting difference.
        """
        share = strength * self.share
        coloured = self.own + self.lasting + strength * self.passing
        return (
            share * self.units + (1 - share) * coloured,
            share * self.breath + (1 - share) * self.own_breath,
        )


class Timbre:
    """Vowels in frames of the person, consonants in the person's colour.

    The loud voiced frames are for the most part the person's own, chosen by `select_frames`; they
    carry most of what a voice is known by. Elsewhere the speech keeps its own frames, from which
    words are understood, as from a vocal tract of the person's length, and only the smoothed
    difference to the chosen ones is added. Of a voice that is near, vowels keep more of theirs too.

    Args:
        profile: The voice.
    """

    def __init__(self, profile: VoiceProfile) -> None:
        self._profile = profile
        self._content = content(profile.content.astype(np.float64), profile.statistics)
        self._voiced = profile.pitch > 0
        self._tract = TractLength()
        self._lasting = LastingDifference()
        # Few frames rarely say what is wanted: then fewer are used as they are.
        self._enough = min(1.0, profile.recording.seconds / ENOUGH_SECONDS) ** 0.25

    def blend(
        self,
        speech: Vocoded,
        raw: Array,
        seen: Statistics,
        spoken: NDArray[np.bool_],
        nearness: float = 0.0,
    ) -> Blend:
        """The speech and the person's voice, ready to be mixed.

        Args:
            speech: the words.
            raw: (F, D) their content before standardising.
            seen: statistics of their speaker.
            spoken: (F,) where speech is.
            nearness: How much it sounds like the person as it is, 0..1.
        """
        chosen = select_frames(
            content(raw, seen),
            speech.voiced,
            self._content,
            self._voiced,
            self._profile.follows,
        )
        level = speech.level
        units = self._profile.envelope[chosen].astype(np.float64)
        vowels = loud_vowels(level, speech.voiced, spoken)
        self._tract.compare(speech.envelope[vowels], units[vowels])
        own = self._tract.moved(speech.envelope)
        units = smooth(units, _JOIN_FRAMES)
        breath = smooth(self._profile.aperiodicity[chosen].astype(np.float64), _JOIN_FRAMES)
        too_quiet = level - frame_level(units)
        middle = np.median(too_quiet[spoken])
        slow = smooth(np.clip(too_quiet - middle, -2.0, 2.0)[:, None], _LEVEL_FRAMES)
        units += middle + slow
        loud = np.percentile(level[spoken], 90) - _VOWEL_DB * _LOUD_NEPERS
        vowel = speech.voiced / (1 + np.exp((loud - level) / (_VOWEL_WIDTH_DB * _LOUD_NEPERS)))
        most = _FAR_SHARE + (_NEAR_SHARE - _FAR_SHARE) * nearness
        difference = units - own
        self._lasting.add(difference, vowels, spoken)
        lasting = self._lasting.along(vowels)
        return Blend(
            own=own,
            units=units,
            lasting=lasting,
            passing=smooth(difference - lasting, _COLOUR_FRAMES / self._enough),
            share=self._enough * most * smooth(vowel[:, None], 1.0),
            own_breath=self._tract.moved(speech.aperiodicity),
            breath=breath,
        )
