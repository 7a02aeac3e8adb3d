"""What a user can choose for one job; importable without any heavy package."""

import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from synclips.errors import ConfigError

DEFAULT_MODEL = "synclips-1"
DEFAULT_CODEC = "h264"
_CODECS = (DEFAULT_CODEC, "hevc", "prores")
DEFAULT_EXTEND = "bounce"
_EXTENSIONS = (DEFAULT_EXTEND, "loop", "hold")
MIN_SPEED, MAX_SPEED = 0.5, 2.0
_WORST_QUALITY = 51
# 12.5, 1:02.5 or 1:02:03.5
_TIME = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d*)?|\.\d+)", re.ASCII)

_KINDS = (".json", ".safetensors", ".onnx", ".model")  # of files of networks and profiles


@dataclass(frozen=True)
class SyncOptions:
    """How one video is lip-synced.

    Attributes:
        model: name of a shipped model or folder of a trained one.
        device: auto, cpu or cuda.
        quality: constant rate factor of H.264 or HEVC, 0 to 51; 16 is visually lossless.
        batch: frames drawn at a time; changes speed and memory, not the result.
        adapt: whether to learn the speaker from the video: auto (a few seconds), off, or seconds
            at most. By default auto, or off with a profile.
        person: folder of a profile that `synclips adapt` made of the speaker.
        region: where in the picture the face is looked for: left, right, or left,top,right,bottom
            as shares of its width and height; by default everywhere, and of several people the
            one who speaks.
        alive: whether a portrait picture blinks and moves its head a little; videos are left alone.
        dub: whether the sound is a dub of what is said in the video: the result is at least as long
            as the video, and who only listens is left as filmed.
        label: words that every frame shows in its lower left corner, such as "AI-generated"; or as
            a `Path` a picture, which may be transparent.
        at: seconds of the video from which on the sound is heard instead of the video's own, until
            it ends, and the lips speak it; before and after, all is as filmed. By default the sound
            replaces that of all of the video.
        codec: what the result is coded as: h264 (8 bits, SDR), or hevc or prores, which keep 10
            bits and HDR where the video has them.
        extend: how a video goes on whose sound is longer: bounce (backward, then forward again),
            loop (from its beginning) or hold (its last picture stays).

    Raises:
        ConfigError: a number is out of range, or a value of another kind than is asked for.
    """

    model: str | Path = DEFAULT_MODEL
    device: str = "auto"
    quality: int = 16
    batch: int = 8
    adapt: str | None = None
    person: str | Path | None = None
    region: str | None = None
    alive: bool = True
    dub: bool = False
    label: str | Path | None = None
    at: float | Fraction | None = None
    codec: str = DEFAULT_CODEC
    extend: str = DEFAULT_EXTEND

    def __post_init__(self) -> None:
        """Refuse what is wrong in itself."""
        _require(self, bool, "True or False", "alive", "dub")
        _require(self, Real, "a number", "quality")
        _require(self, Integral, "a whole number", "batch")
        _require(self, str | None, "words, such as left or 0.5,0,1,1", "region")
        _require(self, str | os.PathLike, "a name or path", "model")
        _require(self, str | os.PathLike | None, "a path", "person")
        _require(self, str | Path | None, "words or a Path", "label")
        _require(self, int | float | Fraction | None, "a number of seconds", "at")
        check_quality(self.quality)
        _require_one_of("codec", self.codec, _CODECS)
        _require_one_of("way to extend a video", self.extend, _EXTENSIONS)
        if self.batch < 1:
            raise ConfigError(f"A batch of {self.batch} frames draws nothing; give at least 1.")
        if self.at is not None and not 0 <= self.at < math.inf:
            raise ConfigError(f"No video has a time {float(self.at):g} s; take --at from 0 on.")
        if self.at is not None and self.dub:
            raise ConfigError(
                "A dub is of all that is said, and --at replaces a part; leave one of them out."
            )

    @property
    def inputs(self) -> list[Path]:
        """Files that are read besides the video and the sound, and must not be overwritten."""
        label = self.label if isinstance(self.label, Path) else None
        return [*_files(self.model), *_files(self.person), *_files(label)]


@dataclass(frozen=True)
class SayOptions:
    """How a text is spoken.

    Attributes:
        engine: name of the engine; the first installed one that speaks the language by default.
        speaker: name of one of its voices, see `synclips voices`; by default the first of the
            language, rather a female or male one if the person in the video clearly speaks high or
            low.
        language: tag of the text such as en or de-at; told from the text by default.
        speed: 1 is the voice's own, 0.5 half, 2 twice as fast.
        voices_folder: where downloaded voices are; `SYNCLIPS_VOICES` or the user's own by default.
        voice: whose voice it becomes: neutral (the engine's own), original (that of the person in
            the video), or the folder of a profile that `synclips voice` made.
        converter_folder: of a network that gives the voice, see docs/speech.md; with it neutral is
            original, and a video or sound file is a voice, too.
        consent: whether the person whose voice is imitated has agreed to it.

    Raises:
        ConfigError: the speed is out of range, the speaker has no name, or a value is of another
            kind than is asked for.
    """

    engine: str | None = None
    speaker: str | None = None
    language: str | None = None
    speed: float = 1.0
    voices_folder: str | Path | None = None
    voice: str | Path = "neutral"
    converter_folder: str | Path | None = None
    consent: bool = False

    def __post_init__(self) -> None:
        """Refuse what is wrong in itself; above all, "no" is no consent."""
        _require(self, bool, "True or False", "consent")
        _require(self, Real, "a number", "speed")
        _require(self, str | None, "a name", "engine", "speaker", "language")
        _require(self, str | os.PathLike, "a name or path", "voice")
        _require(self, str | os.PathLike | None, "a path", "voices_folder", "converter_folder")
        if self.speaker is not None and not self.speaker.strip():
            raise ConfigError("The speaker is empty; name a voice, or leave --speaker out.")
        if not MIN_SPEED <= self.speed <= MAX_SPEED:
            raise ConfigError(
                f"The speed {self.speed:g} is out of range; take one from {MIN_SPEED:g} to"
                f" {MAX_SPEED:g}."
            )

    @property
    def inputs(self) -> list[Path]:
        """Files that are read besides the video and the text, and must not be overwritten."""
        return [*_files(self.voice), *_files(self.converter_folder)]


def check_quality(crf: int) -> None:
    """Refuse what is no constant rate factor.

    Raises:
        ConfigError: it is out of range.
    """
    if not 0 <= crf <= _WORST_QUALITY:
        raise ConfigError(f"There is no quality {crf}; take one from 0 to {_WORST_QUALITY}.")


def parse_time(text: str) -> Fraction:
    """What a user wrote: seconds, minutes:seconds or hours:minutes:seconds.

    Raises:
        ConfigError: it is none of these, or negative.
    """
    found = _TIME.fullmatch(text.strip())
    hours, minutes, seconds = found.groups() if found else (None, None, None)
    sixties = [minutes if hours else None, seconds if minutes else None]
    if seconds is None or any(part is not None and Fraction(part) >= 60 for part in sixties):
        raise ConfigError(
            f"--at takes a time of the video, such as 12.5 (seconds), 1:02.5 or 1:02:03.5, not"
            f" {text!r}."
        )
    return 3600 * int(hours or 0) + 60 * int(minutes or 0) + Fraction(seconds)


def check_given(options: object, kind: type) -> None:
    """Refuse something else in the place of `SyncOptions` or `SayOptions`.

    Raises:
        ConfigError: it is none of that kind.
    """
    if not isinstance(options, kind):
        name = kind.__name__
        raise ConfigError(
            f"{options!r} is given as {name}; make {name}(…) of it, or name the argument that it"
            " is, such as progress=."
        )


def _require(options: object, kind: Any, words: str, *names: str) -> None:
    """Refuse values of another kind, from which something would follow that nobody meant."""
    for name in names:
        value = getattr(options, name)
        if not isinstance(value, kind):
            raise ConfigError(f"{type(options).__name__}.{name} is {value!r}, not {words}.")


def _require_one_of(what: str, given: str, known: Sequence[str]) -> None:
    if given not in known:
        names = f"{', '.join(known[:-1])} or {known[-1]}"
        raise ConfigError(f"There is no {what} {given!r}; take {names}.")


def _files(given: str | Path | None) -> list[Path]:
    """The file, or of a folder what a network or profile consists of; none of a mere name."""
    if given is None or not os.path.exists(given):
        return []
    path = Path(given)
    if not path.is_dir():
        return [path]
    return [file for kind in _KINDS for file in path.glob(f"*{kind}")]
