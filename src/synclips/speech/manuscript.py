"""What is to be said, and by whom, before anything is spoken.

Knows how a text or subtitles are found from what a user gives, what of them a video has time for,
and that the sound of the video tells which voice to prefer. Knows neither sound nor pictures.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

from synclips.errors import ConfigError, InputError
from synclips.media.audio import has_sound
from synclips.media.video import VideoReader
from synclips.media.video_info import VideoInfo
from synclips.options import SayOptions
from synclips.speech.delivery import Delivery, Fetch, deliver
from synclips.speech.gaps import tell_gaps
from synclips.speech.lines import Line, cue_lines, script_lines
from synclips.speech.subtitle_kinds import check_suffix, is_subtitles
from synclips.speech.subtitles import Cue, read_subtitles
from synclips.speech.text import Notice, Script, parse_script, read_script

_LONGEST_NAME = 200  # characters; more is a word that somebody may want to hear
_WRITTEN = frozenset({".txt", ".md", ".text"})
_SOUNDS = frozenset({".wav", ".mp3", ".m4a", ".flac", ".ogg", ".aac", ".mp4", ".mov", ".mkv"})


@dataclass(frozen=True)
class Manuscript:
    """What is to be said, and by whom.

    Attributes:
        what: A text, or subtitles in order of time.
        delivery: Who speaks, and how; before a converter, or several people, are known.
        info: The video that will show it; None without one.
        length: Seconds from the beginning of its file to the end of its picture, where subtitles
            have to fit into them.
    """

    what: Script | Sequence[Cue]
    delivery: Delivery
    info: VideoInfo | None
    length: Fraction | None

    @property
    def lead(self) -> float:
        """Seconds of silence before the first line of a text."""
        return self.what.lead if isinstance(self.what, Script) else 0.0

    def lines(self) -> Iterator[Line]:
        """What the engine will be given, in order."""
        if isinstance(self.what, Script):
            yield from script_lines(self.what, self.delivery)
        else:
            for cue in self.what:
                yield from cue_lines(cue, self.delivery)


def read_manuscript(
    video: Path | None,
    text: str | Path,
    options: SayOptions,
    *,
    converting: bool = False,
    notice: Notice,
    fetch: Fetch | None = None,
) -> Manuscript:
    """Read a text or subtitles, and choose who speaks.

    Args:
        video: Shows it; None where there is only sound.
        text: As `dubbing.say` takes it.
        options: How it is spoken.
        converting: Whether it is to become somebody's voice.
        notice: Told what is left out or not certain.
        fetch: See `deliver`.

    Raises:
        InputError: The text or video cannot be read, or no subtitle is within the video.
        AbsentVoiceError: As `deliver`.
        ConfigError: The text is the name of a file, or no installed engine can speak it.
    """
    what: Script | Sequence[Cue] = read_words(text, notice)
    reader = None if video is None else VideoReader(video)
    info = None if reader is None else reader.info
    listen = None if info is None else partial(_gender, info)
    kept, length = what, None
    if not isinstance(what, Script):  # before a voice may be downloaded
        kept, length = in_time(what, reader, notice)
    delivery = deliver(what, options, listen, converting, notice, fetch)
    return Manuscript(kept, delivery, info, length)


def read_words(text: str | Path, notice: Notice) -> Script | list[Cue]:
    """What is said: a text, or the path of a text file or of subtitles.

    Raises:
        InputError: It cannot be read, or there is nothing to say in it.
        ConfigError: The text is the name of a file.
    """
    if isinstance(text, str):
        refuse_name(text)
        return parse_script(text, notice)
    if is_subtitles(text):
        check_suffix(text)
        return read_subtitles(text, notice)
    return read_script(text, notice)


def is_plain(text: str | Path) -> bool:
    """Whether what is said is a text, and not subtitles; no file is opened.

    Raises:
        ConfigError: The text is the name of a file.
    """
    if isinstance(text, str):
        refuse_name(text)
        return True
    return not is_subtitles(text)


def refuse_name(text: str, on_disk: bool = False) -> None:
    """Refuse to read the name of a file aloud.

    Args:
        text: What is said.
        on_disk: Whether to look for a file of that name. Who takes texts from others must not, or
            they learn which files there are.

    Raises:
        ConfigError: It is one.
    """
    name = text.strip()
    if len(name.split()) != 1 or len(name) > _LONGEST_NAME:
        return
    path = Path(name)
    written = is_written(path)
    there = on_disk and path.suffix and path.is_file()
    if not (written or path.suffix.lower() in _SOUNDS or there):
        return
    way_out = "name a video before the text, or give a sound to synclips sync"
    if written:
        option = "--subtitles" if is_subtitles(path) else "--text-file"
        way_out = f"give it with {option}, or in Python as a Path"
    raise ConfigError(f"{name} is the name of a file, not a text; {way_out}.")


def is_written(path: Path) -> bool:
    """Whether a name is that of a text or of subtitles."""
    return is_subtitles(path) or path.suffix.lower() in _WRITTEN


def in_time(
    cues: Sequence[Cue], reader: VideoReader | None, notice: Notice
) -> tuple[Sequence[Cue], Fraction | None]:
    """The subtitles that begin while the video lasts, and how long that is.

    Args:
        cues: In order of time.
        reader: Of the video; without one, and of a picture, all have time and no length is given.
        notice: Told which begin later, and of long silences where there is no length.

    Raises:
        InputError: All of them begin later.
    """
    length = None
    if reader is not None and not reader.info.is_image:
        length = reader.length()
    if reader is None or length is None:
        tell_gaps(cues, notice)
        return cues, None
    length += reader.info.start
    kept = [cue for cue in cues if cue.start < length]
    late = len(cues) - len(kept)
    if not kept:
        raise InputError(
            f"No subtitle begins before the end of the video ({float(length):.1f} s); give the"
            " video they belong to."
        )
    if late:
        notice(
            f"{late} of {len(cues)} subtitles, from line {cues[len(kept)].line} on, begin after the"
            " end of the video and were left out."
        )
    return kept, length


def _gender(info: VideoInfo) -> str | None:
    if info.is_image or not has_sound(info.path):
        return None
    from synclips.speech.register import gender_heard

    return gender_heard(info.path)
