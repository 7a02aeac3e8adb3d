"""How far mouths that are drawn open and round, to a tracker, of what was asked for.

    .venv/bin/python runs/read_back.py VIDEOS --sound speech.wav

Each clip speaks the sound, and is tracked once more. Opening and width of the mouth in the drawn
frames are laid over those of the landmarks they were drawn for, both with the head pose of the
input: the slope is 1 where a mouth is read as it was asked to be.
"""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synclips import LipSync
from synclips.evaluation.tracked import track_file
from synclips.faces.landmarks import mouth_opening, mouth_width
from synclips.faces.segment import analyse
from synclips.render.crossfade import Crossfade
from synclips.render.painter import Job, Painter, Underway

Pairs = tuple[NDArray[np.float32], NDArray[np.float32]]


def asked_and_seen(engine: LipSync, asked: list[Job], video: Path, sound: Path) -> Pairs:
    """Landmarks (n, P, 3) in eye distances that frames were drawn for, and that they show."""
    asked.clear()
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "out.mp4"
        engine.sync(video, sound, output)
        drawn = np.asarray(track_file(output).track.points[:])
    wanted = {round(job.time * 1000): job.target for job in asked}
    track = track_file(video).track
    pairs = []
    for part in analyse(track, engine.shape):
        for place, frame in enumerate(range(part.frames.start, part.frames.stop)):
            target = wanted.get(round(float(track.times[frame]) * 1000))
            # Beyond the end of the sound there is nothing, and beyond that of the video it turns.
            if target is not None and frame < len(drawn) and np.isfinite(drawn[frame]).all():
                both = np.stack([target, drawn[frame]])
                pose = part.pose[np.array([place, place])]
                pairs.append(pose.invert(both))
    both = np.stack(pairs)
    return both[:, 0], both[:, 1]


def main() -> None:
    """Print the slopes of each clip and their mean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("videos", type=Path, nargs="+", help="clips with one face")
    parser.add_argument("--sound", type=Path, required=True, help="speech")
    given = parser.parse_args()
    asked: list[Job] = []
    paint = Painter.paint

    def noted(painter: Painter, jobs: Sequence[Job], previous: Crossfade | None = None) -> Underway:
        asked.extend(jobs)
        return paint(painter, jobs, previous)

    Painter.paint = noted  # type: ignore[method-assign]
    engine = LipSync()
    rows = []
    for video in given.videos:
        wanted, seen = asked_and_seen(engine, asked, video, given.sound)
        slopes = [
            float(np.polyfit(measure(wanted), measure(seen), 1)[0])
            for measure in (mouth_opening, mouth_width)
        ]
        rows.append(slopes)
        print(f"{video.stem}: opening {slopes[0]:.2f}, width {slopes[1]:.2f}")
    opening, width = np.mean(rows, axis=0)
    print(f"{len(rows)} clips: opening {opening:.2f}, width {width:.2f}")


if __name__ == "__main__":
    main()
