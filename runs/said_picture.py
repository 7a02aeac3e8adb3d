"""The picture of text to video in the README: a portrait, and what it says, sound by sound.

    python runs/said_picture.py docs/images/said.jpg

Does what `synclips say` does with the demo's portrait, a line and the voice of eSpeak NG, whose
phones tell which frames to show: those in the middle of the sounds named in `SOUNDS`, whatever they
look like. Prints how far the lips are apart in each.
"""

import argparse
import tempfile
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

import synclips
from synclips.corpus.espeak import Espeak
from synclips.corpus.phone_set import PHONES, Segment
from synclips.demo import demo_files
from synclips.evaluation.tiles import Image, blank, frame_tile, mouth_tile, text_tile
from synclips.faces.landmarks import EYE_CORNERS, OUTER, RIGID_SLOTS, mouth_opening
from synclips.faces.tracker import MediaPipeTracker
from synclips.features.timing import GRID_FRAME_RATE, SAMPLE_RATE
from synclips.media.audio import read_mono
from synclips.media.video import VideoReader
from synclips.options import DEFAULT_MODEL, SayOptions, SyncOptions

TEXT, VOICE = "Good morning, and welcome.", "en-us"
# What is written below a frame, and its sound: a phone, and which one of its kind.
SOUNDS = {
    "Good [m]orning": ("m", 0),
    "Good m[o]rning": ("ao", 0),
    "[a]nd": ("ae", 0),
    "[w]elcome": ("w", 0),
    "w[e]lcome": ("eh", 0),
    "welco[m]e": ("m", 1),
}
COLUMNS, TILE, GAP, LABEL = 3, 232, 16, 24  # pixels
VIEW = 1.4  # eye distances across a tile
QUALITY = 88  # of the JPEG


def onset(samples: NDArray[np.float32]) -> float:
    """Seconds until something is heard: `say` leaves the silence before it out."""
    return int(np.argmax(np.abs(samples) > 0.01 * np.abs(samples).max())) / SAMPLE_RATE


def middle(phones: list[Segment], name: str, which: int, late: float) -> int:
    """The frame in the middle of a phone."""
    found = [phone for phone in phones if PHONES[phone.phone] == name][which]
    return round(((found.start + found.stop) / 2 + late) * float(GRID_FRAME_RATE))


def landmarks(image: Image) -> NDArray[np.float32]:
    """(P, 3) of the face in a picture."""
    tracker = MediaPipeTracker()
    points = tracker.find(image)
    tracker.close()
    if points is None:
        raise SystemExit("No face was found in the picture.")
    return points


def close_up(points: NDArray[np.float32]) -> NDArray[np.float64]:
    """(2, 3) from a tile to the picture: eyes to chin, upright."""
    eyes = np.linalg.norm(points[EYE_CORNERS[1], :2] - points[EYE_CORNERS[0], :2])
    centre = 0.55 * points[OUTER, :2].mean(axis=0) + 0.45 * points[RIGID_SLOTS, :2].mean(axis=0)
    step = VIEW * float(eyes) / TILE
    x, y = centre - step * TILE / 2
    return np.array([[step, 0, x], [0, step, y]])


def main() -> None:
    """Say it, choose the frames and write the picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("output", type=Path, help="the .jpg to write")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="a model by name, or its folder")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    with Espeak(VOICE) as voice:
        samples, phones = voice.speak(TEXT)
    with tempfile.TemporaryDirectory() as folder, demo_files() as (portrait, _):
        video, sound = Path(folder) / "said.mp4", Path(folder) / "said.wav"
        speech, drawing = SayOptions("espeak", VOICE), SyncOptions(model=arguments.model)
        synclips.say(portrait, TEXT, video, speech, drawing, save_audio=sound)
        late = onset(read_mono(sound, SAMPLE_RATE)) - onset(samples)
        chosen = {middle(phones, *place, late): label for label, place in SOUNDS.items()}
        images = {f.index: f.image for f in VideoReader(video).frames(only=chosen.keys())}
        before = next(VideoReader(portrait).frames()).image
    view = close_up(landmarks(before))
    tiles = []
    for index, label in chosen.items():
        points = landmarks(images[index])
        eyes = np.linalg.norm(points[EYE_CORNERS[1], :2] - points[EYE_CORNERS[0], :2])
        print(f"{label}: frame {index}, lips {100 * mouth_opening(points[:, :2]) / eyes:.1f} %")
        tiles.append(np.vstack([mouth_tile(images[index], view, TILE), text_tile(label, TILE)]))
    rows = [np.hstack(tiles[k : k + COLUMNS]) for k in range(0, len(tiles), COLUMNS)]
    right = np.vstack(rows)
    height = len(right) - LABEL
    left = np.vstack([frame_tile(before, height, height), text_tile(f'"{TEXT}"', height)])
    sheet = np.hstack([left, blank(GAP, len(right)), right])
    options = [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
    cv2.imwrite(str(arguments.output), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR), options)


if __name__ == "__main__":
    main()
