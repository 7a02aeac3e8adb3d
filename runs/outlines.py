"""A contact sheet without pictures: lips and faces of kept evaluation videos as outlines.

    synclips evaluate --data VIDEOS -o report --keep
    python runs/outlines.py report/videos -o outlines.png

Footage that must not be published can still be shown by its geometry. A row per pair of halves;
six moments of each, the most turned head and the widest mouth of the result among them. Grey is the
input, red the result at the same frame; the head pose is that of the frame.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.checkpoint import load_checkpoint
from synclips.evaluation.tiles import blank, text_tile
from synclips.faces.landmarks import (
    CHEEK_SLOTS,
    INNER,
    JAW_SLOTS,
    OUTER,
    RIGID_SLOTS,
    mouth_opening,
)
from synclips.faces.pose import fit_pose, own_template
from synclips.faces.shape import LipShape
from synclips.faces.track import track_faces
from synclips.faces.tracker import MediaPipeTracker
from synclips.media.video import VideoReader
from synclips.options import DEFAULT_MODEL

TILE, MOMENTS = 200, 6
INPUT, RESULT = (150, 150, 150), (40, 40, 210)

Points = NDArray[np.float32]


def landmarks(video: Path) -> Points:
    """(N, P, 3) of every frame."""
    with MediaPipeTracker() as tracker:
        return np.asarray(track_faces(VideoReader(video).frames(), tracker).points[:])


def moments(result: Points, shape: LipShape) -> NDArray[np.intp]:
    """Frames spread over the clip, the most turned head and the widest mouth among them."""
    seen = np.flatnonzero(~np.isnan(result).any(axis=(1, 2)))
    pose = fit_pose(result[seen], own_template(result[seen], shape.template))
    telling = [seen[np.abs(pose.yaw).argmax()], seen[mouth_opening(result[seen]).argmax()]]
    spread = seen[np.linspace(0, len(seen) - 1, MOMENTS).astype(int)]
    rest = [frame for frame in spread if frame not in telling]
    return np.array(sorted([*telling, *rest][:MOMENTS]), np.intp)


def outline(image: NDArray[np.uint8], points: Points, colour: tuple[int, int, int]) -> None:
    """Draw lips and jaw as lines, everything else as dots."""
    for slots, closed in ((OUTER, True), (INNER, True), (JAW_SLOTS, False)):
        line = np.round(points[slots, :2] * 16).astype(np.int32)
        cv2.polylines(image, [line], closed, colour, 1, cv2.LINE_AA, shift=4)
    for x, y in points[np.concatenate([RIGID_SLOTS, CHEEK_SLOTS]), :2]:
        cv2.circle(image, (round(float(x)), round(float(y))), 1, colour, -1, cv2.LINE_AA)


def tile(before: Points, after: Points) -> NDArray[np.uint8]:
    """Input and result of one frame on paper; what shows no face is left out."""
    paper = blank(TILE, TILE)
    known = after if not np.isnan(after).any() else before
    if np.isnan(known).any():
        return paper
    low, high = known[:, :2].min(axis=0), known[:, :2].max(axis=0)
    zoom = 0.86 * TILE / float((high - low).max())
    shift = TILE / 2 - zoom * (low + high) / 2
    for points, colour in ((before, INPUT), (after, RESULT)):
        if not np.isnan(points).any():
            outline(paper, points[:, :2] * zoom + shift, colour)
    return paper


def main() -> None:
    """Draw and write the sheet."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("videos", type=Path, help="the folder `videos` of a kept evaluation")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the .png to write")
    arguments = parser.parse_args()
    shape = load_checkpoint(DEFAULT_MODEL).shape
    rows = []
    for folder in sorted(arguments.videos.iterdir()):
        if not (folder / "first.mp4").exists():
            continue
        before, after = landmarks(folder / "first.mp4"), landmarks(folder / "synclips.mp4")
        length = min(len(before), len(after))
        chosen = moments(after[:length], shape)
        rows.append(text_tile(folder.name.split("__")[2], MOMENTS * TILE))
        rows.append(np.concatenate([tile(before[k], after[k]) for k in chosen], axis=1))
    width = max(row.shape[1] for row in rows)
    padded = [np.pad(r, ((0, 0), (0, width - r.shape[1]), (0, 0)), mode="edge") for r in rows]
    cv2.imwrite(str(arguments.output), np.concatenate(padded))


if __name__ == "__main__":
    main()
