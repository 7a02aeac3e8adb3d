"""The moving picture at the top of the README: what `synclips demo` makes, without its sound.

    python runs/demo_animation.py docs/images/demo.webp

Head and shoulders, at the size of the portrait and at the clip's own rate.
"""

import argparse
import tempfile
from pathlib import Path

from PIL import Image

import synclips
from synclips.demo import demo_files
from synclips.media.video import VideoReader

HEAD = (72, 0, 372, 300)  # what is shown: left, top, right and bottom, pixels
QUALITY = 55  # of the WebP


def main() -> None:
    """Make the clip, and write its frames as one picture that moves."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=Path)
    output = parser.parse_args().output
    with tempfile.TemporaryDirectory() as folder, demo_files() as (portrait, speech):
        clip = Path(folder) / "demo.mp4"
        report = synclips.sync(portrait, speech, clip)
        first, *others = [
            Image.fromarray(frame.image).crop(HEAD) for frame in VideoReader(clip).frames()
        ]
    first.save(
        output,
        save_all=True,
        append_images=others,
        duration=round(1000 * report.duration / report.frames),
        loop=0,
        quality=QUALITY,
        method=6,
    )
    print(f"{output}: {report.frames} frames, {output.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
