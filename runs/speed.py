"""How fast and how large `synclips sync` is, as a whole process: decode, track, draw, encode.

    python runs/speed.py talk.mp4 --seconds 60 600 --sizes 512x512 1280x720

Each case plays the given clip forward and backward for the given time at the given size, runs
`synclips sync` on it with its own sound looped, and prints frames per second of wall time, how
long the program took to start, and the peak of resident memory, as a Markdown table.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from synclips.features.timing import SAMPLE_RATE
from synclips.media.audio import read_mono, write_sound
from synclips.media.video import VideoReader
from synclips.media.writer import VideoWriter
from synclips.render.schedule import schedule


def make_case(source: Path, folder: Path, size: tuple[int, int], seconds: int) -> tuple[Path, Path]:
    """Video and sound of one case; the picture is scaled and cropped to fill the size."""
    width, height = size
    reader = VideoReader(source)
    times = [frame.time for frame in reader.frames()]
    scale = max(width / reader.info.width, height / reader.info.height)
    video, sound = folder / "case.mp4", folder / "case.wav"
    with VideoWriter(
        video,
        width=width,
        height=height,
        frame_rate=reader.info.frame_rate,
        time_base=reader.info.time_base,
        color=reader.info.color,
    ) as writer:
        for shot in schedule(reader, times, Fraction(seconds), reader.info.frame_rate):
            image = cv2.resize(shot.frame.image, None, fx=scale, fy=scale)
            top, left = (image.shape[0] - height) // 2, (image.shape[1] - width) // 2
            part = image[top : top + height, left : left + width]
            writer.write(np.ascontiguousarray(part), shot.time)
    samples = read_mono(source, SAMPLE_RATE)
    write_sound(sound, np.resize(samples, seconds * SAMPLE_RATE), SAMPLE_RATE)
    return video, sound


def run_case(video: Path, sound: Path, folder: Path, device: str) -> tuple[float, float, int]:
    """Wall seconds, those of them before the work began, and peak resident bytes of one `sync`."""
    output, report = folder / "out.mp4", folder / "report.json"
    command = [sys.executable, "-m", "synclips", "sync", str(video), str(sound), "-o", str(output)]
    command += ["--device", device, "--report", str(report)]
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"synclips sync failed with status {status}")
    wall = time.monotonic() - began
    start = wall - float(json.loads(report.read_text())["seconds"])
    return wall, start, usage.ru_maxrss * 1024


def main() -> None:
    """Run the cases and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("clip", type=Path, help="a video with a face and speech")
    parser.add_argument("--seconds", type=int, nargs="+", default=[60])
    parser.add_argument("--sizes", nargs="+", default=["512x512", "1280x720"])
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} CPU cores, --device {arguments.device}\n")
    print("| size | video | frames | wall | of it start | frames per second | peak memory |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for text in arguments.sizes:
        width, height = (int(part) for part in text.split("x"))
        for seconds in arguments.seconds:
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                video, sound = make_case(arguments.clip, folder, (width, height), seconds)
                frames = sum(1 for _ in VideoReader(folder / "case.mp4").frames())
                wall, start, peak = run_case(video, sound, folder, arguments.device)
            print(
                f"| {text} | {seconds} s | {frames} | {wall:.1f} s | {start:.1f} s"
                f" | {frames / wall:.1f} | {peak / 1e6:.0f} MB |",
                flush=True,
            )


if __name__ == "__main__":
    main()
