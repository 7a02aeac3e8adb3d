"""How well `synclips sync --dub` tells who speaks from who only listens.

    python runs/dubbed.py VIDEOS

Everybody in the videos speaks. Of each, the frames are counted that are taken for those of a
listener; then its lips are made to rest (`sync` with silence), which is what a listener looks like,
and the frames are counted in which that is not seen while the same speech is heard.
"""

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from synclips.adapt.listening import dialogue, speaking_shares
from synclips.faces.search import track_video
from synclips.faces.shape import LipShape
from synclips.features.timing import SAMPLE_RATE
from synclips.media.audio import spool_mono, write_sound
from synclips.media.spool import Rows
from synclips.media.video import VideoReader
from synclips.pipeline import LipSync


@dataclass(frozen=True)
class Told:
    """Of one clip.

    Attributes:
        frames: that show a face.
        spared: of those, frames in which somebody would be left as filmed.
        begun: of those, frames in which a new mouth would show at least in part.
    """

    frames: int
    spared: int
    begun: int


def told_of(video: Path, samples: Rows, shape: LipShape) -> Told:
    """Whom a video is taken to show while a sound is heard."""
    track = track_video(VideoReader(video), lambda *_: None)
    shares = speaking_shares(dialogue(samples, video), track, shape)[track.shown]
    spared = int((shares == 0).sum())
    return Told(len(shares), spared, len(shares) - spared)


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("videos", type=Path, nargs="+", help="people who speak")
    options = parser.parse_args()
    engine = LipSync(adapt="off")
    print("| clip | frames | speaking, left as filmed | resting, not left as filmed |")
    print("| --- | ---: | ---: | ---: |")
    sums = np.zeros(4, int)
    with tempfile.TemporaryDirectory() as scratch:
        for video in options.videos:
            reader = VideoReader(video)
            samples = spool_mono(video, SAMPLE_RATE, reader.info.start)
            speaks = told_of(video, samples, engine.shape)
            silence, resting = Path(scratch) / "silence.wav", Path(scratch) / "resting.mp4"
            write_sound(silence, np.zeros(len(samples), np.float32), SAMPLE_RATE)
            engine.sync(video, silence, resting)
            rests = told_of(resting, samples, engine.shape)
            print(
                f"| {video.stem} | {speaks.frames} | {speaks.spared} | {rests.begun} |", flush=True
            )
            sums += (speaks.frames, speaks.spared, rests.frames, rests.begun)
    frames, spared, still, begun = sums.tolist()
    print(f"| all | {frames} | {spared / frames:.1%} | {begun / still:.1%} |")


if __name__ == "__main__":
    main()
