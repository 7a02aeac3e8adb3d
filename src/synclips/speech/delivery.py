"""Who speaks a text, and how: the choice of engine, voice and converter.

Knows the order in which these are chosen, for one person and for the several of a `Cast`. Does not
know where in time a sentence stands, nor how engines and converters work.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from synclips.errors import AbsentVoiceError, ConfigError
from synclips.options import SayOptions
from synclips.speech.catalogue import Offer, find_offer
from synclips.speech.converter import Converter
from synclips.speech.engines import another_voice, choose_voice
from synclips.speech.language import base_language, detect_language, language_tag, speaks
from synclips.speech.likeness import Likeness, gender_at
from synclips.speech.reading import read_out
from synclips.speech.scripts import unread_script
from synclips.speech.subtitles import Cue
from synclips.speech.synthesizer import Synthesizer, Utterance, Voice
from synclips.speech.text import Notice, Script
from synclips.speech.voices_folder import require_voices_folder, voices_folder

if TYPE_CHECKING:
    from synclips.speech.cast import Cast, CastMember

MakeConverter = Callable[[], Converter | None]
VoiceOf = Callable[["CastMember"], Converter | None]
"""Makes the converter to the voice of one of several people."""

Fetch = Callable[[Offer, Path], bool]
"""Brings a voice into the folder of voices; False if it is not to be downloaded."""

_QUIET = 10 ** (-50 / 20)  # of the peak; what is below at either end of a sentence is silence
_MARGIN = 1 / 200  # seconds kept beside what is louder
_FADE = 3 / 1000  # seconds, within the margin; espeak begins vowels with up to .28 of the peak


@dataclass(frozen=True)
class Delivery:
    """Who speaks, and how.

    Attributes:
        engine: What speaks.
        voice: One of its voices.
        language: Tag of the text.
        speed: 1 is the voice's own.
        converter: Gives every sentence another voice; None leaves the engine's.
    """

    engine: Synthesizer
    voice: Voice
    language: str
    speed: float = 1.0
    converter: Converter | None = None

    @property
    def mark(self) -> str:
        """The mark of synthesis, for the metadata of what is made of it."""
        mark = f"Voice synthesised by synclips with {self.voice.engine} {self.voice.name}"
        return mark if self.converter is None else f"{mark}, converted by {self.converter.name}"

    def read(self, sentence: str) -> str:
        """A sentence as the engine is given it, figures and abbreviations in words."""
        return read_out(sentence, self.language)

    def take(self, sentences: Iterable[str], hurry: float = 1.0) -> Iterator[Utterance]:
        """The engine's sound of sentences that were `read`, without silence around each.

        Empty if it cannot speak one.
        """
        for heard in self.engine.speak(sentences, self.voice, self.speed * hurry):
            yield Utterance(_trimmed(heard), heard.rate)

    def finish(self, take: Utterance) -> Utterance:
        """In the voice wanted."""
        if self.converter is None or not len(take.samples):
            return take
        voice = self.converter.convert(take.samples, take.rate, self.language)
        return Utterance(voice, take.rate)


def deliver(
    what: Script | Sequence[Cue],
    options: SayOptions,
    gender: Callable[[], str | None] | None = None,
    converting: bool = False,
    notice: Notice | None = None,
    fetch: Fetch | None = None,
) -> Delivery:
    """Choose who speaks: by name, else by the language told, named in the text, or detected.

    Args:
        what: Is said.
        options: How.
        gender: Says which to prefer of the voices that can speak it; asked only where none is
            named and nothing is to be refused.
        converting: Whether it is to become somebody's voice.
        notice: Told if the language is not certain.
        fetch: Asked for the voice if it is not here and can be downloaded, into a folder that need
            not be there; nothing is by default.

    Raises:
        AbsentVoiceError: It is not here, and was not fetched.
        ConfigError: No installed engine will do, the folder of voices is not there, or the text is
            not in letters of the language.
    """
    script = what if isinstance(what, Script) else None
    told = options.language or (script.language if script is not None else None)
    cues = [] if isinstance(what, Script) else what[:100]
    sample = script.sample if script else " ".join(cue.text for cue in cues)
    if told is None and options.speaker is None:
        detected = detect_language(sample)
        told = detected.language
        if detected.rather is not None and notice is not None:
            notice(
                f"The language of the text is not certain: it is read as {told} and may be"
                f" {detected.rather}; --language says which."
            )
    wanted = language_tag(told or "en")
    if told is not None:  # before a voice may be downloaded
        _require_letters(sample, wanted)
    choose = partial(
        choose_voice,
        wanted,
        engine=options.engine,
        voice=options.speaker,
        gender=gender,
        mixing=converting,
        folder=options.voices_folder,
    )
    if fetch is None:
        require_voices_folder(options.voices_folder)
    try:
        engine, voice = choose()
    except AbsentVoiceError as absent:
        folder = voices_folder(options.voices_folder)
        if fetch is None or not fetch(find_offer(absent.key), folder):
            raise
        engine, voice = choose()
    require_voices_folder(options.voices_folder)  # made by a download, if there was one
    language = wanted
    if told is None:
        language = voice.language
        _require_letters(sample, language)
    if options.speaker is None and not speaks(voice.language, language):
        language = base_language(language)  # no voice is of that region
    if not speaks(voice.language, base_language(language)) and notice is not None:
        notice(
            f"{voice.name} is a voice of the language {voice.language} and will pronounce the text"
            f" ({language}) in its way; without --speaker a voice is chosen that reads it."
        )
    return Delivery(engine, voice, language, options.speed)


def converted(delivery: Delivery, converter: Converter | None, named: bool = False) -> Delivery:
    """With a converter, and where no voice is named in one that is like what it makes."""
    if converter is None:
        return delivery
    like = converter.likeness
    voice = delivery.voice if named or like is None else _like(like, delivery)
    return replace(delivery, converter=converter, voice=voice)


def deliver_cast(
    delivery: Delivery,
    cast: "Cast",
    voice_of: VoiceOf | None,
    notice: Notice,
    named: bool = False,
) -> list[Delivery]:
    """How each of several people speaks: another voice of the same engine, as high or low as they.

    Args:
        delivery: How one would.
        cast: The people.
        voice_of: Makes the converter to the voice of each; None leaves the engine's voices.
        notice: Told where the engine has not enough voices.
        named: Whether the voice of the engine is to stay.
    """
    found: list[Delivery] = []
    for member in cast.members:
        own = delivery
        if not named:
            taken = {other.voice.name for other in found}
            voice = another_voice(delivery.engine, delivery.language, member.gender, taken)
            own = replace(delivery, voice=voice or delivery.voice)
        found.append(converted(own, None if voice_of is None else voice_of(member), named))
    if len({own.mark for own in found}) < len(found):
        notice(
            f"{delivery.engine.name} has not enough voices of the language {delivery.language}, so"
            " some people sound the same."
        )
    return found


def _like(likeness: Likeness, delivery: Delivery) -> Voice:
    """What is most like a person: a mixture, or else a voice as high or low as theirs.

    The person in the video, whom the voice was chosen for, need not be the one of a profile.
    """
    engine, voice, language = delivery.engine, delivery.voice, delivery.language
    if (nearest := engine.nearest(likeness, language)) is not None:
        return nearest
    gender = None if likeness.pitch is None else gender_at(likeness.pitch)
    if gender is None or voice.gender == gender:
        return voice
    return another_voice(engine, language, gender, ()) or voice


def _require_letters(text: str, language: str) -> None:
    """Refuse a text in letters that a language is not read in.

    Raises:
        ConfigError: It is.
    """
    script = unread_script(text, language)
    if script is None:
        return
    way_out = "name its language with --language"
    if base_language(language) == "ja" and script == "Chinese":
        way_out = "write it in kana"
    raise ConfigError(
        f"Much of the text is in {script} letters, which no voice reads in the language"
        f" {language}; {way_out}."
    )


def _trimmed(heard: Utterance) -> NDArray[np.float32]:
    level = np.abs(heard.samples)
    loud = np.flatnonzero(level > _QUIET * level.max(initial=0))
    # An engine that knows no word of a sentence gives a few samples of nothing, or of its edges.
    if len(loud) == 0 or len(heard.samples) < heard.rate // 50:
        return np.zeros(0, np.float32)
    margin = round(_MARGIN * heard.rate)
    kept = heard.samples[max(int(loud[0]) - margin, 0) : int(loud[-1]) + 1 + margin].copy()
    ramp = np.linspace(0, 1, round(_FADE * heard.rate), dtype=np.float32)
    kept[: len(ramp)] *= ramp
    kept[-len(ramp) :] *= ramp[::-1]
    return kept
