"""What a user can choose for one job; importable without any heavy package."""

import os
from dataclasses import dataclass
from pathlib import Path

DEFAULT_MODEL = "synclips-1"

_KINDS = (".json", ".safetensors", ".onnx", ".model")  # of files of networks and profiles


@dataclass(frozen=True)
class SyncOptions:
    """How one video is lip-synced.

    Attributes:
        model: name of a shipped model or folder of a trained one.
        device: auto, cpu or cuda.
        quality: H.264 constant rate factor, 0 (lossless) to 51; 16 is visually lossless.
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
    """

    engine: str | None = None
    speaker: str | None = None
    language: str | None = None
    speed: float = 1.0
    voices_folder: str | Path | None = None
    voice: str | Path = "neutral"
    converter_folder: str | Path | None = None
    consent: bool = False

    @property
    def inputs(self) -> list[Path]:
        """Files that are read besides the video and the text, and must not be overwritten."""
        return [*_files(self.voice), *_files(self.converter_folder)]


def _files(given: str | Path | None) -> list[Path]:
    """The file, or of a folder what a network or profile consists of; none of a mere name."""
    if given is None or not os.path.exists(given):
        return []
    path = Path(given)
    if not path.is_dir():
        return [path]
    return [file for kind in _KINDS for file in path.glob(f"*{kind}")]
