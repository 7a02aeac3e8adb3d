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
from synclips.media.output import CONTAINERS, check_output
from synclips.media.partial import PartialFile, unwritable
from synclips.media.sound_writer import NAMED as SOUNDS
from synclips.media.sound_writer import SUFFIXES as SOUND_SUFFIXES
from synclips.media.sound_writer import check_sound_output, write_again
from synclips.media.spool import no_room
from synclips.media.video import VideoReader
from synclips.options import SayOptions, SyncOptions, check_given
from synclips.progress import Progress, silent
from synclips.release import releasing
from synclips.render.label import check_label
from synclips.speech.casting import choose_voices
from synclips.speech.consent import OF_VIDEO, asks_consent, asks_voice, require_consent
from synclips.speech.converter import Converter
from synclips.speech.delivery import Fetch, MakeConverter, VoiceOf
from synclips.speech.manuscript import Manuscript, is_plain, read_manuscript
from synclips.speech.spoken import Spoken, spoken
from synclips.speech.text import Notice, Script

if TYPE_CHECKING:
    from synclips.pipeline import LipSync
    from synclips.report import Report
    from synclips.speech.cast import CastMember

log = logging.getLogger(__name__)

# Without device and batch, which change how long it takes and not what comes out; and without dub,
# since a dub can be sound alone.
_OF_PICTURES = {
    "model": "--model",
    "quality": "--quality",
    "adapt": "--adapt",
    "person": "--person",
    "region": "--region",
    "alive": "--still",
    "label": "--label",
    "at": "--at",
    "codec": "--codec",
    "extend": "--extend",
}


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
        speakers: who says each subtitle of a dub in which several people are told apart.
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
    speakers: tuple[str, ...] = ()

    def to_json(self) -> str:
        """The report as a JSON object."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False)


@releasing
def say(
    video: str | Path | None,
    text: str | Path,
    output: str | Path,
    speech: SayOptions | None = None,
    options: SyncOptions | None = None,
    *,
    save_audio: str | Path | None = None,
    converter: Converter | MakeConverter | None = None,
    voice_of: VoiceOf | None = None,
    fetch: Fetch | None = None,
    progress: Progress | None = None,
    notice: Notice | None = None,
) -> Said:
    """Speak a text, and write `video` again with its lips speaking it.

    Args:
        video: any video with a face, or one portrait picture; None to write sound only.
        text: what is said, plain or with the tags of `speech.markup`; or the path of a text file,
            or of subtitles (.srt, .vtt, .ass, .ssa), each of which is spoken at its time.
        output: target, .mp4, .mov or .mkv, or .wav, .flac, .ogg, .mp3 or .m4a for the sound alone.
        speech: how it is spoken.
        options: how the video is lip-synced; for the sound alone only `dub`.
        save_audio: where to keep the sound of a video as well, as one of the latter; it is there
            when it is spoken, whatever becomes of the video.
        converter: one of your own, instead of what `speech.voice` asks for: gives the speech
            another voice, or makes what does, which may take long and is called when nothing else
            is to be refused.
        voice_of: makes one for each of several people, where `options.dub` is set and the text are
            subtitles: each is then said in the voice of who is heard in the video while it is
            shown, as with the original voice. Without it that is a voice of the engine; with a
            `converter` alone, a profile, or a voice of the engine that is named, all is said in one
            voice.
        fetch: brings a voice that is asked for and not here, before any work, as `fetch_voice`
            does; by default nothing is downloaded.
        progress: called while working, with "speak" first, then as by `LipSync.sync`.
        notice: told what is left out or done otherwise than asked; logged by default.

    Raises:
        InputError: the text or video cannot be used; NoFaceError when no frame shows a face.
        ConfigError: options contradict each other, nobody consented to a voice, or no installed
            engine can speak the text; AbsentVoiceError where a download would bring the voice.
        OutputError: the output cannot be written.
    """
    began = time.monotonic()
    chosen = SayOptions() if speech is None else speech
    picture = SyncOptions() if options is None else options
    check_given(chosen, SayOptions)
    check_given(picture, SyncOptions)
    target, source = Path(output), None if video is None else Path(video)
    kept = None if save_audio is None else Path(save_audio)
    given = [path for path in (source, text) if isinstance(path, Path)]
    inputs = [*given, *chosen.inputs, *picture.inputs]
    sound_only = _check_targets(target, kept, source, inputs, picture.codec)
    if sound_only:
        _check_no_picture(target, picture)
    notices: list[str] = []
    tell = _noting(notices, notice)
    if asks_voice(chosen.voice, chosen.converter_folder):
        if converter is not None or voice_of is not None:
            raise ConfigError("There are a voice and a converter; give one of the two.")
        if source is not None and asks_consent(chosen.voice, chosen.converter_folder):
            require_consent(chosen.consent)  # before what takes seconds
        converter = partial(_converter, chosen, source, tell, progress or silent)
        voice_of = converter if str(chosen.voice) in OF_VIDEO else None
    is_script = is_plain(text)
    if picture.label is not None:
        check_label(picture.label)
    if picture.dub:
        _check_dub(source, target, sound_only and is_script)
    if picture.at is not None and source is not None:
        check_part(source, is_script, picture.at)
    manuscript = read_manuscript(
        source, text, chosen, converting=converter is not None, notice=tell, fetch=fetch
    )
    if picture.at is not None and isinstance(manuscript.what, Script):
        manuscript = replace(manuscript, what=manuscript.what.running_on)
    lips = None if sound_only else _engine(picture)
    named = chosen.speaker is not None
    voices = choose_voices(manuscript, picture.dub, named, converter, voice_of, tell, progress)
    speak = partial(
        spoken,
        manuscript.what,
        delivery=voices.by,
        length=manuscript.length,
        progress=progress,
        notice=tell,
    )
    if lips is None:
        done, report = speak(target), None
    else:
        done, report = _show(speak, lips, manuscript, target, kept, progress)
    return Said(
        output=str(target),
        engine=manuscript.delivery.voice.engine,
        voice=", ".join(dict.fromkeys(each.voice.name for each in voices.deliveries)),
        language=manuscript.delivery.language,
        mark=done.mark,
        sentences=done.sentences,
        duration=round(float(done.seconds), 3),
        seconds=round(time.monotonic() - began, 3),
        notices=tuple(notices),
        video=report,
        speakers=() if voices.cast is None else voices.cast.names,
    )


def _show(
    speak: Callable[[Path], Spoken],
    lips: "LipSync",
    manuscript: Manuscript,
    target: Path,
    kept: Path | None,
    progress: Progress | None,
) -> tuple[Spoken, "Report"]:
    """Speak into a file of its own, keep that if it is wanted, and write the video."""
    from synclips.hearing.driving import Speech

    info = manuscript.info
    assert info is not None
    # Subtitles lie on the time of the file, in which the sound may begin before the picture. A text
    # that replaces a part is put there by `LipSync`.
    start = Fraction(0) if isinstance(manuscript.what, Script) else info.start
    try:
        folder = tempfile.TemporaryDirectory(prefix="synclips-")
    except OSError as error:
        raise no_room(error) from error
    with folder as place:
        sound = Path(place) / "speech.wav"  # also where a smaller file is kept: lips need all
        done = speak(sound)
        if kept is not None:  # at once: speaking may have taken long, and faces may be missing
            _keep(sound, kept, done.mark)
        return done, lips.sync(info.path, Speech(sound, start, done.mark), target, progress)


def _check_targets(
    target: Path, kept: Path | None, video: Path | None, inputs: Sequence[Path], codec: str
) -> bool:
    """Refuse what could not be written in the end; whether the output is sound only."""
    suffix = target.suffix.lower()
    if suffix not in CONTAINERS and suffix not in SOUND_SUFFIXES:
        raise OutputError(
            f"{target} has no suffix that can be written; end its name in {', '.join(CONTAINERS)},"
            f" or in {SOUNDS} for the sound alone."
        )
    if kept is not None:
        if suffix in SOUND_SUFFIXES:
            raise ConfigError(f"{target} is the sound already; leave out --save-audio.")
        check_sound_output(kept, inputs, [target])
    if suffix in SOUND_SUFFIXES:
        check_sound_output(target, inputs)
        return True
    check_output(target, inputs, codec)
    if video is None:
        raise ConfigError(
            f"There is no video to write {target} from; name one before the text, or end the"
            " output's name in .wav."
        )
    return False


def _check_no_picture(target: Path, options: SyncOptions) -> None:
    """Refuse what would change nothing about a sound, rather than forget it in silence."""
    given = [
        option
        for field, option in _OF_PICTURES.items()
        if getattr(options, field) != getattr(SyncOptions, field)
    ]
    if given:
        them = "it" if len(given) == 1 else "them"
        raise ConfigError(
            f"{target} is sound alone, without a picture for {' and '.join(given)}; leave {them}"
            " out, or end the output's name in .mov."
        )


def _converter(
    speech: SayOptions,
    video: Path | None,
    notice: Notice,
    progress: Progress,
    member: "CastMember | None" = None,
) -> Converter | None:
    """What gives the voice that is asked for, of one of several people in the video or of all."""
    from synclips.speech.conversion import converter_for

    folder = None if speech.converter_folder is None else Path(speech.converter_folder)
    voice, told = str(speech.voice), partial(progress, "voice")
    return converter_for(voice, video, speech.consent, folder, notice, told, member)


def _check_dub(video: Path | None, target: Path, is_text_alone: bool) -> None:
    """Refuse a dub before what takes minutes."""
    from synclips.adapt.listening import require_own_sound

    if video is None:
        raise ConfigError("There is no video to dub; name one before the text.")
    if is_text_alone:
        raise ConfigError(f"{target} is the sound of a text, which no dub is; leave out --dub.")
    require_own_sound(VideoReader(video).info)


def check_part(video: Path, is_script: bool, at: float | Fraction) -> None:
    """Refuse what cannot replace a part of a video, before what takes minutes.

    Args:
        video: of which it is a part.
        is_script: whether a text is said, rather than subtitles.
        at: seconds of the video, from which on.

    Raises:
        ConfigError: what is said are subtitles.
        InputError: as `require_within`.
    """
    from synclips.render.passage import require_within

    if not is_script:
        raise ConfigError("Subtitles have times of their own; leave --at out, or give a text.")
    require_within(VideoReader(video), Fraction(at))


def _engine(options: SyncOptions) -> "LipSync":
    from synclips.pipeline import LipSync

    return LipSync.of(options)


def _keep(sound: Path, target: Path, mark: str) -> None:
    if target.suffix.lower() != sound.suffix:
        write_again(sound, target, mark)
        return
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
