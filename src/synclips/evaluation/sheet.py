"""Contact sheets: what the numbers cannot say, at a glance.

Puts frames of an input video above those of the output made from it, and the mouths of both
enlarged below, in one PNG. Relies on the output showing the input's frame at the same time, which
holds up to the end of the shorter one. Does not judge.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.errors import InputError, OutputError
from synclips.evaluation.tiles import Image, blank, frame_tile, mouth_tile, text_tile
from synclips.evaluation.tracked import OpenTracker, Tracked, track_file
from synclips.faces.crop import CropSpec
from synclips.faces.landmarks import mouth_opening
from synclips.faces.segment import analyse
from synclips.faces.shape import LipShape
from synclips.faces.tracker import MediaPipeTracker
from synclips.features.loudness import speech_activity
from synclips.features.timing import MOTION_RATE, SAMPLE_RATE
from synclips.media.audio import read_mono
from synclips.media.partial import check_target, write_whole
from synclips.media.video import VideoReader

Moments = Literal["even", "telling"]

CROP = CropSpec(size=3 * CropSpec().size)
"""The crop the model sees, three times enlarged."""

_TILE = CROP.size  # pixels, the width of a column
_FRAME_HEIGHT = 216  # pixels, of a whole frame
_SHORTEST_SILENCE = 5  # frames


def contact_sheet(
    videos: Sequence[tuple[Path, Path]],
    target: Path,
    shape: LipShape,
    *,
    columns: int = 6,
    moments: Moments = "even",
    open_tracker: OpenTracker = MediaPipeTracker,
) -> None:
    """Draw frames of inputs above those of the outputs made from them.

    Args:
        videos: Input and output videos.
        target: A .png file.
        shape: Shape space, for the head pose.
        columns: Moments per video.
        moments: `even` takes evenly spaced frames; `telling` begins with the frame that is turned
            away most, the one whose new mouth is opened widest and one in the longest silence.
        open_tracker: Makes a tracker.

    Raises:
        InputError: If there is no video, or one cannot be read.
        OutputError: If the sheet cannot be written.
    """
    check_target(target)
    if target.suffix.lower() != ".png":
        raise OutputError(f"{target} is not a PNG; end its name in .png.")
    if not videos:
        raise InputError(f"There is no video to draw {target} from; give at least one.")
    blocks = [_block(*pair, shape, columns, moments, open_tracker) for pair in videos]
    _, data = cv2.imencode(".png", cv2.cvtColor(np.vstack(blocks), cv2.COLOR_RGB2BGR))
    write_whole(target, data.tobytes())


def telling_moments(
    yaw: NDArray[np.float64], opening: NDArray[np.float64], activity: NDArray[np.float64]
) -> dict[int, str]:
    """Frames worth a look and why, from three curves over the same frames (N,), NaN unknown.

    Args:
        yaw: |yaw| of the head, degrees.
        opening: Of the new mouth.
        activity: Of speech, 0..1; a run of five zeros or more is a silence.
    """
    found: dict[int, str] = {}
    run, longest = 0, slice(0, 0)
    for index, value in enumerate(activity):
        run = run + 1 if value == 0 else 0
        if run > longest.stop - longest.start:
            longest = slice(index - run + 1, index + 1)
    if longest.stop - longest.start >= _SHORTEST_SILENCE:
        found[(longest.start + longest.stop - 1) // 2] = "silence"
    if np.isfinite(opening).any():
        found[int(np.nanargmax(opening))] = "widest"
    if np.isfinite(yaw).any():
        index = int(np.nanargmax(yaw))
        found[index] = f"yaw {yaw[index]:.0f} deg"
    return found


def even_moments(count: int, wanted: int) -> list[int]:
    """Indices of `wanted` of `count` frames, evenly spaced, without the very first and last."""
    places = (np.arange(wanted) + 0.5) / wanted * count
    return sorted({int(place) for place in places if place < count})


def _block(
    before: Path,
    after: Path,
    shape: LipShape,
    columns: int,
    moments: Moments,
    open_tracker: OpenTracker,
) -> Image:
    """The rows of one video: title, labels, input, output, input's mouth, output's mouth."""
    source = track_file(before, open_tracker)
    times = [frame.time for frame in VideoReader(after).frames()]
    shared = min(len(times), len(source.track))
    labels: dict[int, str] = {}
    if moments == "telling":
        result = track_file(after, open_tracker)
        activity = _activity(after, np.array([float(time) for time in times[:shared]]))
        labels = telling_moments(
            _curve(source, shape, "yaw")[:shared],
            _curve(result, shape, "opening")[:shared],
            activity,
        )
        labels = dict(list(labels.items())[-columns:])
    free = [index for index in range(shared) if index not in labels]
    labels |= {free[place]: "" for place in even_moments(len(free), columns - len(labels))}
    chosen = sorted(labels)
    pictures = [_pictures(path, chosen) for path in (before, after)]
    crops = source.crops(shape, CROP)
    lines = [
        text_tile(
            f"{before.parent.name}/{before.name}  ->  {after.parent.name}/{after.name}",
            columns * _TILE,
        )
    ]
    lines.append(
        _row([text_tile(f"{float(times[i]):.2f} s  {labels[i]}", _TILE) for i in chosen], columns)
    )
    for images in pictures:
        lines.append(_row([frame_tile(images[i], _TILE, _FRAME_HEIGHT) for i in chosen], columns))
    for images in pictures:
        lines.append(_row([mouth_tile(images[i], crops.get(i), _TILE) for i in chosen], columns))
    return np.vstack(lines)


def _curve(clip: Tracked, shape: LipShape, kind: Literal["yaw", "opening"]) -> NDArray[np.float64]:
    """(N,) degrees |yaw| or eye distances of opening; NaN without a face."""
    values = np.full(len(clip.track), np.nan)
    for part in analyse(clip.track, shape):
        seen = np.abs(part.pose.yaw) if kind == "yaw" else mouth_opening(part.canonical)
        values[part.frames] = seen
    return values


def _activity(path: Path, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Speech activity at each time; beyond the end of the sound nothing is known, so 1."""
    samples = read_mono(path, SAMPLE_RATE, VideoReader(path).info.start)
    activity = speech_activity(samples, SAMPLE_RATE)
    instants = np.round(times * float(MOTION_RATE)).astype(int)
    values = np.ones(len(times))
    heard = instants < len(activity)
    values[heard] = activity[instants[heard]]
    return values


def _pictures(path: Path, indices: Sequence[int]) -> dict[int, Image]:
    found: dict[int, Image] = {}
    for frame in VideoReader(path).frames():
        if frame.index in indices:
            found[frame.index] = frame.image
        if frame.index >= indices[-1]:
            break
    return found


def _row(tiles: Sequence[Image], columns: int) -> Image:
    """Tiles side by side, filled up to the number of columns."""
    height, width = tiles[0].shape[:2]
    return np.hstack([*tiles, *[blank(width, height)] * (columns - len(tiles))])
