"""Archives as GRID's, with nobody in them: a portrait whose mouth follows synthetic speech.

    python runs/tiny_archives.py data/archives

writes `sN/video/sN.mpg_vcd.zip`, `sN/audio/sN.tar` and `sN/align/sN.tar` for a few speakers, to be
given to `get_data.py --source`. They are for trying the road out: the same commands, the same
files, in minutes. What is learnt from them says nothing about people. The portrait comes with
scikit-image, the speech with synclips; see `synclips.demo`.
"""

import argparse
import io
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.corpus.alignment import UNITS_PER_FRAME, spell
from synclips.demo import demo_files
from synclips.features.timing import GRID_FRAME_RATE
from synclips.media.audio import read_mono, write_sound
from synclips.media.writer import VideoWriter

RATE = 25_000  # samples per second of GRID's sound
WIDTH, HEIGHT = 360, 288
MOUTH = (164, 164)  # of the portrait at this size, pixels
SENTENCES = {  # two of everybody to train on, and two of s32, who is held out
    1: ("bbaf2n", "lgbm4p"),
    2: ("prwz7s", "bwip1a"),
    32: ("lrak5n", "pgbv9s"),
}


@dataclass(frozen=True)
class Person:
    """How a speaker differs from the portrait."""

    mirrored: bool
    scale: float
    light: float

    @property
    def mouth(self) -> tuple[int, int]:
        """Where it is, pixels."""
        x, y = MOUTH
        return (WIDTH - 1 - x if self.mirrored else x), y

    def look(self, portrait: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The portrait as this person."""
        x, y = MOUTH
        around = np.array([[self.scale, 0, (1 - self.scale) * x], [0, self.scale, 0]])
        around[1, 2] = (1 - self.scale) * y
        image = cv2.warpAffine(portrait, around, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)
        image = image[:, ::-1] if self.mirrored else image
        return np.clip(image * self.light, 0, 255).astype(np.uint8)


PEOPLE = {1: Person(False, 1.0, 1.0), 2: Person(True, 1.1, 0.85), 32: Person(False, 0.9, 0.95)}


def main() -> None:
    """Write the archives of all speakers."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="where to; made if need be")
    parser.add_argument("--frames", type=int, default=50, help="of each clip, at 25 per second")
    given = parser.parse_args()
    with demo_files() as (portrait, speech):
        picture = cv2.cvtColor(cv2.imread(str(portrait)), cv2.COLOR_BGR2RGB)[:256, 70:390]
        picture = cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
        sound = read_mono(speech, RATE)
        for number, (speaker, names) in enumerate(SENTENCES.items()):
            person = PEOPLE[speaker]
            said = {
                name: _part(sound, len(names) * number + index, given.frames)
                for index, name in enumerate(names)
            }
            _write_archives(given.folder / f"s{speaker}", f"s{speaker}", person, picture, said)


def _part(sound: NDArray[np.float32], number: int, frames: int) -> NDArray[np.float32]:
    """A stretch of the speech, another one for every clip, as long as its frames."""
    length = int(frames / GRID_FRAME_RATE * RATE)
    return np.roll(sound, -number * RATE)[:length]


def _write_archives(
    folder: Path,
    speaker: str,
    person: Person,
    portrait: NDArray[np.uint8],
    said: dict[str, NDArray[np.float32]],
) -> None:
    face = person.look(portrait)
    videos, sounds, alignments = {}, {}, {}
    with tempfile.TemporaryDirectory() as place:
        for name, samples in said.items():
            sound, video = Path(place) / f"{name}.wav", Path(place) / f"{name}.mp4"
            write_sound(sound, samples, RATE)
            frames = _film(face, person.mouth, samples)
            _write_video(video, frames, sound)
            # GRID's are MPEG-1; a decoder looks at what is in a file, not at its name.
            videos[f"{speaker}/{name}.mpg"] = video.read_bytes()
            sounds[f"{speaker}/{name}.wav"] = sound.read_bytes()
            alignments[f"align/{name}.align"] = _alignment(name, len(frames)).encode()
    _zip(folder / "video" / f"{speaker}.mpg_vcd.zip", videos)
    _tar(folder / "audio" / f"{speaker}.tar", sounds)
    _tar(folder / "align" / f"{speaker}.tar", alignments)


def _film(
    face: NDArray[np.uint8], mouth: tuple[int, int], samples: NDArray[np.float32]
) -> list[NDArray[np.uint8]]:
    """A face whose lower half is pulled down as the sound is loud, and sways a little."""
    step = int(RATE / GRID_FRAME_RATE)
    loud = np.array(
        [np.sqrt(np.mean(samples[i : i + step] ** 2)) for i in range(0, len(samples), step)]
    )
    opening = np.convolve(loud / loud.max(), [0.25, 0.5, 0.25], "same")
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    x, y = mouth
    low = np.clip((rows - (y - 16)) / 70, 0, 1) * np.exp(-(((columns - x) / 60) ** 2))
    images = []
    for index, amount in enumerate(opening):
        sway = 2 * np.sin(index / 9)
        pulled = rows - np.float32(12 * amount) * low
        image = cv2.remap(
            face, columns + np.float32(sway), pulled, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT
        )
        images.append(image.astype(np.uint8))
    return images


def _write_video(path: Path, frames: list[NDArray[np.uint8]], sound: Path) -> None:
    with VideoWriter(
        path,
        width=WIDTH,
        height=HEIGHT,
        frame_rate=GRID_FRAME_RATE,
        time_base=Fraction(1, 12_800),
        sound=sound,
        crf=10,
    ) as writer:
        for index, image in enumerate(frames):
            writer.write(image, index / GRID_FRAME_RATE)


def _alignment(name: str, frames: int) -> str:
    """The words of the sentence, one as long as the other, between two rests."""
    words = ["sil", *spell(name).split(), "sil"]
    ends = [frames * (i + 1) // len(words) * UNITS_PER_FRAME for i in range(len(words))]
    starts = [0, *ends[:-1]]
    return "".join(f"{a} {b} {word}\n" for a, b, word in zip(starts, ends, words, strict=True))


def _zip(path: Path, files: dict[str, bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)


def _tar(path: Path, files: dict[str, bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


if __name__ == "__main__":
    main()
