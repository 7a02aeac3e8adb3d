"""Speech carried to the voice of a profile, one sentence after the other.

The sound comes from the person's own recordings (see `timbre`), the words, their timing and the
course of the melody from the speech given. What comes out is listened to once, and changed less
where words were lost (see `clarity`). Of recordings too short for that only pitch, loudness and
mean spectrum are matched (see `matching`). Knows the order of the steps, and which voice a user
asked for; no video.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synclips.errors import ConfigError, InputError
from synclips.features.loudness import loudness_gain, speech_activity
from synclips.features.pitch import median_pitch
from synclips.features.timing import MOTION_RATE, SAMPLE_RATE
from synclips.media.audio import has_sound, resampled
from synclips.progress import Count, uncounted
from synclips.speech.cast import CastMember
from synclips.speech.clarity import bearable, clarity
from synclips.speech.consent import OF_VIDEO, asks_consent, asks_voice, require_consent
from synclips.speech.content import Statistics, heard_part, listen, raw_content
from synclips.speech.converter import Converter
from synclips.speech.envelope import corrected
from synclips.speech.language import DEFAULT, speaks
from synclips.speech.likeness import Likeness
from synclips.speech.matching import EnvelopeMatch
from synclips.speech.model_converter import ModelConverter, Target, read_settings
from synclips.speech.peaks import limited
from synclips.speech.pitch import PitchCounts, PitchRange, loud, melody, move_pitch
from synclips.speech.profile import VoiceProfile, learn_voice, load_profile
from synclips.speech.recording import FRAMES_SECONDS, only_matched
from synclips.speech.reference import hear_reference
from synclips.speech.speaker import embed, similarity
from synclips.speech.text import Notice
from synclips.speech.timbre import Timbre
from synclips.speech.world import (
    FRAMES_PER_SECOND,
    RATE,
    Vocoded,
    analyse,
    check_installed,
    synthesise,
    without_rumble,
)

Sound = NDArray[np.float32]
Array = NDArray[np.float64]

_SHORTEST = 0.05  # seconds; less is no speech
_FADE = 0.005  # seconds at both ends
_MOST_AGAIN_DB = 3.0
_MISTAKEN = 0.2  # ratio of two medians of pitch, as a logarithm
_MOSTLY = 0.85  # of the loud frames of speech are voiced
_MOST_AIMED = 1.25  # times the range, or a part of it
_FAR, _NEAR = 0.6, 0.65  # similarity to the person, from where and until the voice counts as near
_MOST_NEAR = 0.6  # of the change, for such a voice: more brings it little nearer and costs words


class ProfileConverter:
    """A `Converter` to the voice of a profile.

    What it learns of the speaker it hears (mean content, pitch) grows with every sentence, in
    constant memory; give it the sentences of one speaker.

    Args:
        profile: The voice.
        name: Of the voice, for messages and metadata.
        matching: Whether no frame of the person is heard; by default where there are too few.

    Raises:
        ConfigError: pyworld is not installed.
    """

    def __init__(
        self, profile: VoiceProfile, name: str = "profile", matching: bool | None = None
    ) -> None:
        check_installed()
        self._profile = profile
        self._name = name
        if matching is None:
            matching = profile.recording.seconds < FRAMES_SECONDS
        self._match = EnvelopeMatch(profile) if matching else None
        self._timbre = Timbre(profile)
        self._range = profile.pitch_range
        self._pitch = PitchCounts()
        self._melody = PitchCounts()
        self._given = PitchCounts()
        self._seen: Statistics | None = None
        self._gain_db = 0.0
        self._nearness: float | None = None

    @property
    def name(self) -> str:
        """Of method and voice."""
        way = "pitch and envelope" if self.only_matches else "units"
        return f"synclips ({way}) to the voice {self._name}"

    @property
    def only_matches(self) -> bool:
        """Whether no frame of the person is heard."""
        return self._match is not None

    @property
    def likeness(self) -> Likeness:
        """What the person is like."""
        return self._profile.likeness

    def convert(self, samples: Sound, rate: int, language: str = DEFAULT) -> Sound:
        """The same words in the voice of the profile, see `Converter.convert`.

        Args:
            samples: (n,) mono speech of one sentence.
            rate: samples per second.
            language: tag of what is said.

        Returns:
            (n,) at the same rate.
        """
        heard = resampled(samples, rate, SAMPLE_RATE)
        gain = loudness_gain(heard, SAMPLE_RATE)
        if len(heard) < _SHORTEST * SAMPLE_RATE or not np.any(samples):
            return samples.copy()
        factor = np.float32(10 ** (gain / 20))
        heard = heard * factor
        sound = resampled(samples, rate, RATE) * factor
        if self._nearness is None and not self.only_matches:
            self._nearness = self._near(heard)  # one engine's voice: its first sentence will do
        own = bool(self._nearness) or self.only_matches  # much of the voice stays what it is
        speech = corrected(sound, _analysed(sound, carefully=own))
        spoken = _spoken(heard, len(speech))
        if self._match is not None:
            matched = self._match.matched(speech, spoken)
            pitch = self._moved(speech.pitch, matched.level)
            voice = synthesise(without_rumble(replace(matched, pitch=pitch)), len(sound))
        else:
            familiar = speaks(language, DEFAULT)
            voice = self._assembled(speech, heard, spoken, familiar, len(sound))
        return self._finished(resampled(voice, RATE, rate), len(samples), rate)

    def _assembled(
        self,
        speech: Vocoded,
        heard: Sound,
        spoken: NDArray[np.bool_],
        familiar: bool,
        length: int,
    ) -> Sound:
        """(length,) at `RATE` of frames of the person, as far as words bear it."""
        nearness = self._nearness or 0.0
        raw = raw_content(heard, speech)
        here = Statistics.of(raw[spoken])
        self._seen = here if self._seen is None else self._seen.plus(here)
        blend = self._timbre.blend(speech, raw, self._seen, spoken, nearness)
        whole = np.ones((len(speech), 1))
        level = replace(speech, envelope=blend.at(whole)[0]).level
        pitch = self._moved(speech.pitch, level)

        def mixed(strength: Array) -> Sound:
            return synthesise(without_rumble(Vocoded(pitch, *blend.at(strength))), length)

        voice = mixed(whole)
        understood = listen(resampled(voice, RATE, SAMPLE_RATE), len(speech))
        clear = clarity(heard_part(raw), understood, spoken)
        most = 1 - (1 - _MOST_NEAR) * nearness
        return mixed(most * bearable(clear, nearness, familiar))

    def _moved(self, pitch: Array, level: Array) -> Array:
        """A contour in Hz with median and range of the person over all that was said."""
        self._pitch.add(pitch, level)
        self._melody.add(melody(pitch), level)
        moved = move_pitch(pitch, self._pitch.range, self._melody.range, self._aim)
        self._given.add(moved, level)
        return moved

    @property
    def _aim(self) -> PitchRange:
        """Of the next sentence, so that all of them together have the person's range."""
        given = self._given.range.spread
        if given == 0:
            return self._range
        off = float(np.clip(self._range.spread / given, 1 / _MOST_AIMED, _MOST_AIMED))
        return replace(self._range, spread=self._range.spread * off)

    def _near(self, heard: Sound) -> float | None:
        """How near the voice is as it is, 0..1; None where too little is said to tell."""
        found = embed(heard)
        if found is None:
            return None
        alike = similarity(found, self._profile.embedding)
        return float(np.clip((alike - _FAR) / (_NEAR - _FAR), 0, 1))

    def _finished(self, voice: Sound, length: int, rate: int) -> Sound:
        """At the person's loudness, without steps at the ends, as long as it was."""
        voice = np.pad(voice[:length], (0, max(length - len(voice), 0)))
        first = loudness_gain(voice, rate, self._profile.loudness)
        # 0 for what is too short to be measured: then as loud as the sentence before.
        self._gain_db = first or self._gain_db
        voice = limited(voice * np.float32(10 ** (self._gain_db / 20)), rate)
        if first:  # the limiter has taken some away
            again = min(loudness_gain(voice, rate, self._profile.loudness), _MOST_AGAIN_DB)
            voice = limited(voice * np.float32(10 ** (again / 20)), rate)
        fade = min(round(_FADE * rate), length // 2)
        ramp = np.linspace(0, 1, fade, endpoint=False, dtype=np.float32)
        voice[:fade] *= ramp
        voice[length - fade :] *= ramp[::-1]
        return voice


def _analysed(sound: Sound, carefully: bool) -> Vocoded:
    """Speech taken apart.

    Args:
        sound: (n,) at `RATE`.
        carefully: Find all of its voice. Otherwise that is done where the quick way mistakes its
            pitch or finds too little of it; frames of the person come in the place of most.
    """
    expected = median_pitch(sound, RATE)
    if carefully and expected is not None:
        return analyse(sound, near=expected)
    speech = analyse(sound)
    if expected is None:
        return speech
    found = speech.pitch[loud(speech.level)]
    voiced = found > 0
    if voiced.mean() > _MOSTLY and abs(np.log(np.median(found[voiced]) / expected)) < _MISTAKEN:
        return speech
    return analyse(sound, near=expected)


def converter_for(
    voice: str,
    video: Path | None,
    consent: bool,
    model: Path | None = None,
    notice: Notice | None = None,
    progress: Count = uncounted,
    member: CastMember | None = None,
) -> Converter | None:
    """The converter a user asked for.

    Args:
        voice: `neutral` for the synthesizer's own voice, `original` for that of the person in the
            video, or the folder of a profile. With a model `neutral` is `original`, and a video or
            sound file will do as well.
        video: What `original` learns from.
        consent: Whether the user vouches for the person's consent; a saved profile has it.
        model: Folder of a network that converts, see `model_converter`; none by default.
        notice: Told what makes a recording a poor reference.
        progress: Called while a voice is learnt.
        member: Whose voice of several people in the video it is; all speech is one person's by
            default.

    Returns:
        None for `neutral`.

    Raises:
        ConfigError: Consent is missing, `original` has no video, or pyworld is not installed.
        InputError: The video has no sound, or nobody speaks in it.
        ModelError: The folder is no profile, or that of the model holds none.
    """
    say = _about(member, notice or (lambda sentence: None))
    if not asks_voice(voice, model):
        return None
    if model is not None:
        read_settings(model)  # a wrong folder is told before a recording is listened to
    if voice in OF_VIDEO:
        if video is None:
            raise ConfigError(
                "The original voice comes from a video; name one, or give the folder of a voice"
                " profile, or `neutral`."
            )
        if not has_sound(video):
            theirs = "a profile that `synclips voice` made" if model is None else "a recording"
            raise InputError(
                f"{video} has no sound to learn the original voice from; give {theirs} as --voice."
            )
        source = video
    elif not asks_consent(voice, model):
        profile, called = load_profile(Path(voice)), Path(voice).name
        if model is None:
            if profile.recording.seconds < FRAMES_SECONDS:
                say(only_matched(profile.recording.seconds))
            return ProfileConverter(profile, called)
        return ModelConverter(model, Target(called, None, profile.likeness, profile.consent))
    else:
        source = Path(voice)
    agreed = require_consent(consent)
    name = source.stem if member is None else f"{source.stem} ({member.name})"
    if model is not None:
        heard = hear_reference(source, member)
        for warning in heard.recording.warnings:
            say(warning)
        like = Likeness(heard.embedding, median_pitch(heard.speech, SAMPLE_RATE))
        return ModelConverter(model, Target(name, heard.speech, like, agreed))
    profile = learn_voice([source], agreed, progress, member)
    for warning in profile.recording.warnings:
        say(warning)
    return ProfileConverter(profile, name)


def _about(member: CastMember | None, notice: Notice) -> Notice:
    """With the name of whom a notice is about in front."""
    return notice if member is None else lambda sentence: notice(f"{member.name}: {sentence}")


def _spoken(heard: Sound, count: int) -> NDArray[np.bool_]:
    """(count,) vocoder frames with speech; all where none stands out."""
    active = speech_activity(heard)
    place = np.arange(count) * int(MOTION_RATE) // FRAMES_PER_SECOND
    spoken: NDArray[np.bool_] = active[np.minimum(place, len(active) - 1)] > 0.5
    return spoken if spoken.any() else np.ones(count, bool)
