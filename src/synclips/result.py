"""A result before encoding, and the file that it becomes; knows neither who speaks nor how."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from synclips.adapt.speaker import Adaptation
from synclips.hearing.driving import Speech
from synclips.media.patched_sound import PatchedSound
from synclips.media.video_info import VideoInfo
from synclips.media.writer import VideoWriter
from synclips.options import SyncOptions
from synclips.render.passage import Passage
from synclips.render.performance import Role
from synclips.render.rendering import Liveliness, Rendered


@dataclass(frozen=True, eq=False)
class Result:
    """A result before encoding.

    Attributes:
        roles: who speaks in it.
        learnt: of the first of them, or why nothing was.
        lively: what a portrait does besides.
        length: seconds after which it ends, once its last frame is shown.
        frames: drawn as they are asked for, in order.
        passage: alone in which something is said anew; None where that is everywhere.
    """

    roles: tuple[Role, ...]
    learnt: Adaptation | str
    lively: Liveliness
    length: Fraction
    frames: Iterator[Rendered]
    passage: Passage | None = None

    def writer(
        self, output: Path, info: VideoInfo, speech: Speech, options: SyncOptions, model: str
    ) -> VideoWriter:
        """What encodes it as its video is, with the sound, marked as synthetic.

        Args:
            output: the file.
            info: of the video.
            speech: the sound.
            options: how it is coded.
            model: name of what made it.
        """
        sound: Path | PatchedSound = speech.path
        start = speech.start
        if self.passage is not None:
            sound = PatchedSound(info.path, speech.path, info.start + self.passage.start)
            start = info.start
        mark = f"{self.lively.moved} synthesised by synclips ({model})"
        return VideoWriter(
            output,
            width=info.width,
            height=info.height,
            frame_rate=info.frame_rate,
            time_base=1 / info.frame_rate if info.is_image else info.time_base,
            color=info.color,
            sample_aspect_ratio=info.sample_aspect_ratio,
            sound=sound,
            sound_start=start,
            length=self.length,
            codec=options.codec,
            bits=info.bits,
            crf=options.quality,
            timecode=info.timecode,
            metadata={"comment": "; ".join(filter(None, [mark, speech.mark]))},
            synthetic_by="synclips",
        )
