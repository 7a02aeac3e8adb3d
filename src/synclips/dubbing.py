"""Text in, the video speaking it out: the speech first, then `LipSync` with it.

    say("talk.mp4", "Good morning, and welcome.", "out.mp4")

Knows the order of these two and what can be refused before either; PyTorch is loaded only when
there is a video. Knows neither engines nor pictures.
"""

import json
import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from synclips.errors import ConfigError, OutputError
from synclips.media.audio import has_sound
from synclips.media.partial import PartialFile, unwritable
from synclips.media.sound_writer import SUFFIXES as SOUND_SUFFIXES
from synclips.media.sound_writer import check_sound_output
from synclips.media.spool import no_room
from synclips.media.video import VideoInfo, VideoReader
from synclips.media.writer import CONTAINERS, check_output
from synclips.options import SayOptions, SyncOptions
from synclips.progress import Progress
from synclips.speech.converter import Converter
from synclips.speech.engines import choose_voice
from synclips.speech.language import detect_language, language_tag
from synclips.speech.spoken import Delivery, spoken
from synclips.speech.subtitles import SUFFIXES as SUBTITLE_SUFFIXES
from synclips.speech.subtitles import Cue, read_subtitles
from synclips.speech.synthesizer import MAX_SPEED, MIN_SPEED
from synclips.speech.text import Notice, Script, parse_script, read_script

if TYPE_CHECKING:
    from synclips.pipeline import LipSync
    from synclips.report import Report

log = logging.getLogger(__name__)

MakeConverter = Callable[[], Converter | None]


@dataclass(frozen=True)
class Said:
    """What was done.

    Attributes:
        output: the written file.
        engine: what spoke.
        voice: its voice.
        language: tag of the text.
        mark: the mark of synthesis of the voice.
        sentences: spoken, or subtitles.
        duration: seconds of sound.
        seconds: wall time of the whole job.
        notices: what was left out or done otherwise than asked, a sentence each.
        video: what was done to the video; None where only sound was written.
    """

    output: str
    engine: str
    voice: str
    language: str
    mark: str
    sentences: int
    duration: float
    seconds: float
    notices: tuple[str, ...]
    video: "Report | None"

    def to_json(self) -> str:
        """The report as a JSON object."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False)


def say(
    video: str | Path | None,
    text: str | Path,
    output: str | Path,
    speech: SayOptions | None = None,
    options: SyncOptions | None = None,
    *,
    save_audio: str | Path | None = None,
    converter: Converter | MakeConverter | None = None,
    progress: Progress | None = None,
    notice: Notice | None = None,
) -> Said:
    """Speak a text, and write `video` again with its lips speaking it.

    Args:
        video: any video with a face, or one portrait picture; None to write sound only.
        text: what is said, plain or with the tags of `speech.markup`; or the path of a text file,
            or of subtitles (.srt, .vtt), each of which is spoken at its time.
        output: target, .mp4, .mov or .mkv, or .wav or .flac for the sound alone.
        speech: how it is spoken.
        options: how the video is lip-synced.
        save_audio: where to keep the sound of a video as well, .wav or .flac.
        converter: gives the speech another voice, or what makes one, which may take long and is
            called when nothing else is to be refused; None leaves the engine's.
        progress: called while working, with "speak" first, then as by `LipSync.sync`.
        notice: told what is left out or done otherwise than asked; logged by default.

    Raises:
        InputError: the text or video cannot be used; NoFaceError when no frame shows a face.
        ConfigError: options contradict each other, or no installed engine can speak the text.
        OutputError: the output cannot be written.
    """
    began = time.monotonic()
    chosen, target = speech or SayOptions(), Path(output)
    source = None if video is None else Path(video)
    kept = None if save_audio is None else Path(save_audio)
    inputs = [path for path in (source, text) if isinstance(path, Path)]
    sound_only = _check_targets(target, kept, source, inputs)
    notices: list[str] = []
    tell = _noting(notices, notice)
    what = _read(text, tell)
    info = None if source is None else VideoReader(source).info
    listen = None if info is None else partial(_gender, info)
    delivery = deliver(what, chosen, listen, converting=converter is not None)
    length = None if info is None or isinstance(what, Script) else _length(info)
    picture = options or SyncOptions()
    lips = None if sound_only else _engine(picture, info)
    delivery = _converted(delivery, converter, named=chosen.speaker is not None)
    report = None
    if lips is None:
        done = spoken(what, target, delivery, length=length, progress=progress, notice=tell)
    else:
        assert source is not None
        try:
            folder = tempfile.TemporaryDirectory(prefix="synclips-")
        except OSError as error:
            raise no_room(error) from error
        with folder as place:
            sound = Path(place) / f"speech{kept.suffix if kept else '.wav'}"
            done = spoken(what, sound, delivery, length=length, progress=progress, notice=tell)
            report = lips.sync(source, sound, target, progress, picture.quality, mark=done.mark)
            if kept is not None:
                _keep(sound, kept)
    return Said(
        output=str(target),
        engine=delivery.voice.engine,
        voice=delivery.voice.name,
        language=delivery.language,
        mark=done.mark,
        sentences=done.sentences,
        duration=round(float(done.seconds), 3),
        seconds=round(time.monotonic() - began, 3),
        notices=tuple(notices),
        video=report,
    )


def deliver(
    what: Script | Sequence[Cue],
    options: SayOptions,
    gender: Callable[[], str | None] | None = None,
    converting: bool = False,
) -> Delivery:
    """Choose who speaks: by name, else by the language told, named in the text, or detected.

    Args:
        what: is said.
        options: how.
        gender: says which to prefer of the voices that can speak it; asked only where none is
            named and nothing is to be refused.
        converting: whether it is to become somebody's voice.

    Raises:
        ConfigError: the speed is out of range, or no installed engine will do.
    """
    if not MIN_SPEED <= options.speed <= MAX_SPEED:
        raise ConfigError(
            f"The speed {options.speed:g} is out of range; take one from {MIN_SPEED:g} to"
            f" {MAX_SPEED:g}."
        )
    script = what if isinstance(what, Script) else None
    told = options.language or (script.language if script is not None else None)
    if told is None and options.speaker is None:
        cues = [] if isinstance(what, Script) else what[:100]
        told = detect_language(script.sample if script else " ".join(cue.text for cue in cues))
    wanted = language_tag(told or "en")
    engine, voice = choose_voice(
        wanted,
        engine=options.engine,
        voice=options.speaker,
        gender=gender,
        mixing=converting,
        folder=options.voices_folder,
    )
    language = wanted if told is not None else voice.language
    return Delivery(engine, voice, language, options.speed)


def _converted(
    delivery: Delivery, converter: Converter | MakeConverter | None, named: bool
) -> Delivery:
    """With a converter, and where no voice is named in one that is like what it makes."""
    made = converter() if callable(converter) else converter
    voice = delivery.voice
    if made is not None and made.likeness is not None and not named:
        voice = delivery.engine.nearest(made.likeness, delivery.language) or voice
    return replace(delivery, converter=made, voice=voice)


def _check_targets(
    target: Path, kept: Path | None, video: Path | None, inputs: Sequence[Path]
) -> bool:
    """Refuse what could not be written in the end; whether the output is sound only."""
    suffix = target.suffix.lower()
    if suffix not in CONTAINERS and suffix not in SOUND_SUFFIXES:
        raise OutputError(
            f"{target} has no suffix that can be written; end its name in {', '.join(CONTAINERS)},"
            f" or in {' or '.join(SOUND_SUFFIXES)} for the sound alone."
        )
    if kept is not None:
        if suffix in SOUND_SUFFIXES:
            raise ConfigError(f"{target} is the sound already; leave out --save-audio.")
        check_sound_output(kept, [*inputs, target])
    if suffix in SOUND_SUFFIXES:
        check_sound_output(target, inputs)
        return True
    check_output(target, inputs)
    if video is None:
        raise ConfigError(
            f"There is no video to write {target} from; name one before the text, or end the"
            " output's name in .wav."
        )
    return False


def _read(text: str | Path, notice: Notice) -> Script | list[Cue]:
    if isinstance(text, str):
        return parse_script(text, notice)
    if text.suffix.lower() in SUBTITLE_SUFFIXES:
        return read_subtitles(text, notice)
    return read_script(text, notice)


def _length(info: VideoInfo) -> Fraction | None:
    return None if info.is_image else info.duration


def _gender(info: VideoInfo) -> str | None:
    if info.is_image or not has_sound(info.path):
        return None
    from synclips.speech.register import gender_heard

    return gender_heard(info.path)


def _engine(options: SyncOptions, info: VideoInfo | None) -> "LipSync":
    from synclips.adapt.listening import require_own_sound
    from synclips.pipeline import LipSync

    if options.dub and info is not None:  # before what takes minutes
        require_own_sound(info)
    return LipSync.of(options)


def _keep(sound: Path, target: Path) -> None:
    partial = PartialFile(target)
    try:
        shutil.copyfile(sound, partial.hidden)
        partial.commit()
    except OSError as error:
        raise unwritable(target, error) from error
    finally:
        partial.discard()


def _noting(notices: list[str], notice: Notice | None) -> Notice:
    def tell(sentence: str) -> None:
        notices.append(sentence)
        if notice is None:
            log.warning(sentence)
        else:
            notice(sentence)

    return tell
