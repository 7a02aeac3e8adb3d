"""How much of what stands before a face `synclips sync` draws over.

    python runs/occluded.py VIDEOS --sound speech.wav

Before the mouth of each clip a microphone, and then a fist in the person's own skin colour, comes
up, stays and goes again in the middle third of the clip; nothing is before the rest. Its pixels
near the mouth are compared in the result: how many of them were changed by more than the encoder
changes them. `--blind` does the same without looking for what stands before faces.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.evaluation.metrics import mouth_box
from synclips.faces.landmarks import CHEEK_SLOTS, EYE_CORNERS, LIPS
from synclips.faces.tracker import MediaPipeTracker
from synclips.media.video import VideoReader
from synclips.media.writer import VideoWriter
from synclips.pipeline import LipSync
from synclips.render import reference_banks

Image = NDArray[np.uint8]
Draw = Callable[[NDArray[np.float64], float, NDArray[np.float64], Image], None]

CHANGED = 20  # levels; x264 at the default quality changes hardly a pixel by as much


def microphone(at: NDArray[np.float64], eyes: float, skin: NDArray[np.float64], to: Image) -> None:
    """A dark ball with a shine, on a stick."""
    radius = 0.27 * eyes
    end = at + np.array([0.15, 2.0]) * eyes
    place = tuple(np.round(at).astype(int).tolist())
    cv2.line(to, place, tuple(np.round(end).astype(int).tolist()), (52, 52, 56), int(0.2 * eyes))
    for share in np.linspace(1, 0, 24):
        middle = at - 0.25 * radius * (1 - share)
        grey = 45 + 70 * (1 - share)
        spot = tuple(np.round(middle).astype(int).tolist())
        cv2.circle(to, spot, round(radius * share), (grey, grey, grey + 4), cv2.FILLED, cv2.LINE_AA)


def fist(at: NDArray[np.float64], eyes: float, skin: NDArray[np.float64], to: Image) -> None:
    """Four fingers from the left, lit from above, each with its shadow."""
    for finger in range(4):
        tip = at + np.array([0.15 - 0.06 * finger, -0.1 + 0.17 * finger]) * eyes
        for share in np.linspace(1, 0, 12):
            shade = skin * (0.55 + 0.5 * (1 - share))
            lift = np.array([0, -0.02 * (1 - share)]) * eyes
            here, there = np.round([tip + lift, tip + lift - (eyes, 0)]).astype(int).tolist()
            cv2.line(to, here, there, shade.tolist(), max(1, round(0.17 * eyes * share)))


@dataclass(frozen=True, eq=False)
class Covered:
    """A clip with something before the face: where it is in each frame, near the mouth."""

    video: Path
    where: list[NDArray[np.bool_]]


def cover(source: Path, draw: Draw, target: Path) -> Covered:
    """Write the clip again with something before the mouth in its middle third."""
    reader = VideoReader(source)
    frames = list(reader.frames())
    info, count = reader.info, len(frames)
    first, last = count // 3, 2 * count // 3
    where = []
    with (
        MediaPipeTracker() as tracker,
        VideoWriter(
            target,
            width=info.width,
            height=info.height,
            frame_rate=info.frame_rate,
            time_base=info.time_base,
            crf=14,
        ) as writer,
    ):
        for frame in frames:
            image = frame.image.copy()
            points = tracker.find(image)
            region = np.zeros(image.shape[:2], bool)
            if points is not None and first <= frame.index < last:
                flat = points[:, :2].astype(np.float64)
                eyes = float(np.linalg.norm(np.diff(flat[EYE_CORNERS], axis=0)))
                there = np.sin(np.pi * (frame.index - first) / (last - first))
                below = np.array([0.0, 0.15 + 1.6 * max(0.0, 1 - 1.6 * there)]) * eyes
                x, y = np.round(flat[CHEEK_SLOTS[0]]).astype(int)
                draw(flat[LIPS].mean(axis=0) + below, eyes, image[y, x].astype(np.float64), image)
                box = mouth_box(points, image.shape[0], image.shape[1])
                region[box] = (image != frame.image).any(axis=-1)[box]
                region = cv2.erode(region.astype(np.uint8), np.ones((3, 3))) > 0
            where.append(region)
            writer.write(image, frame.time)
    return Covered(target, where)


def changed(covered: Covered, result: Path) -> Iterator[float]:
    """Of each frame with something before the mouth, the share of its pixels that changed."""
    pairs = zip(VideoReader(covered.video).frames(), VideoReader(result).frames(), strict=False)
    for before, after in pairs:
        region = covered.where[before.index]
        if region.sum() >= 25:
            away = np.abs(before.image[region].astype(int) - after.image[region]).max(axis=-1)
            yield float((away > CHANGED).mean())


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("videos", type=Path, nargs="+")
    parser.add_argument("--sound", type=Path, required=True, help="speech")
    parser.add_argument("--blind", action="store_true", help="look for nothing before faces")
    parser.add_argument("--keep", type=Path, help="folder for what was made")
    options = parser.parse_args()
    if options.blind:
        # So many frames no stretch has, and with fewer nothing is looked for.
        vars(reference_banks)["FEWEST_SAMPLES"] = 10**9
    engine = LipSync()
    print("| clip | before the mouth | frames | found in, of all | pixels changed | worst frame |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for draw in (microphone, fist):
            means = []
            for video in options.videos:
                covered = cover(video, draw, folder / f"{draw.__name__}_{video.stem}.mp4")
                result = folder / f"{draw.__name__}_{video.stem}_result.mp4"
                report = engine.sync(covered.video, options.sound, result)
                shares = list(changed(covered, result))
                if not shares:
                    parser.error(f"{options.sound} ends before the middle third of {video}.")
                means.append(np.mean(shares))
                print(
                    f"| {video.stem} | {draw.__name__} | {len(shares)}"
                    f" | {report.occluded} of {report.frames}"
                    f" | {np.mean(shares):.0%} | {max(shares):.0%} |",
                    flush=True,
                )
            print(f"| mean | {draw.__name__} | | | {np.mean(means):.0%} | |", flush=True)


if __name__ == "__main__":
    main()
