"""Aligned mouths for the generator: every few frames of a prepared clip, from the raw video.

    OUT/KEY.crops.npz   images (N, S, S, 3), and points (N, P, 2) in pixels of them
    OUT/crops.json      how they were cut

They are aligned with the lip shape that a training run learns itself, so they cannot be prepared
before; the raw videos are needed once more. Every clip is one file, written beside and renamed.
"""

import hashlib
import io
from dataclasses import asdict
from pathlib import Path

import numpy as np

from synclips.corpus.claim import claim
from synclips.corpus.clips import Clip
from synclips.corpus.prepared import Prepared, load_prepared
from synclips.errors import InputError
from synclips.faces.crop import CropSpec, crop_to_image, invert, transform
from synclips.faces.segment import analyse
from synclips.faces.shape import LipShape
from synclips.media.partial import write_whole
from synclips.media.video import VideoReader
from synclips.progress import Count
from synclips.render.view import crop_of

_CROPS = "crops.json"


def prepare_crops(
    clips: list[Clip],
    prepared: Path,
    out: Path,
    shape: LipShape,
    spec: CropSpec,
    stride: int,
    progress: Count | None = None,
) -> None:
    """Every `stride`-th frame of each prepared clip as an aligned (S, S, 3) crop in `out`.

    Raises:
        ConfigError: `out` holds crops that were cut otherwise.
        InputError: a raw video is gone.
        OutputError: the crops cannot be written.
    """
    how = {"crop": asdict(spec), "stride": stride, "shape": _digest(shape)}
    claim(out, _CROPS, how, "crops")
    total = len(clips)
    for count, item in enumerate(load_prepared(clips, prepared), 1):
        target = _crops_of(out, item.clip)
        if not target.exists():
            _crop_one(item, target, shape, spec, stride)
        if progress is not None:
            progress(count, total)


def check_videos(clips: list[Clip], out: Path) -> None:
    """Refuse before anything is done to cut out what cannot be found any more.

    Args:
        clips: prepared ones.
        out: where those are that were cut already.

    Raises:
        InputError: raw videos are gone.
    """
    waiting = [clip.path for clip in clips if not _crops_of(out, clip).exists()]
    if gone := [path for path in waiting if not path.exists()]:
        raise _gone(gone)


def _crops_of(out: Path, clip: Clip) -> Path:
    return out / f"{clip.key}.crops.npz"


def _gone(paths: list[Path]) -> InputError:
    more = f" (and {len(paths) - 1} more)" if len(paths) > 1 else ""
    return InputError(
        f"{paths[0]}, from which a clip was prepared, is gone{more}, and the generator learns from"
        " it; put it back, or start where the path is right."
    )


def _crop_one(
    prepared: Prepared, target: Path, shape: LipShape, spec: CropSpec, stride: int
) -> None:
    segments = list(analyse(prepared.track, shape))
    if not segments:
        return
    path = prepared.clip.path
    if not path.exists():
        raise _gone([path])
    segment = max(segments, key=len)
    to_image = crop_to_image(segment.pose, shape.template, spec)
    images = []
    for frame in VideoReader(path).frames():
        index = frame.index - segment.frames.start
        if 0 <= index < len(segment) and index % stride == 0:
            images.append(crop_of(frame.picture, to_image[index], spec.size))
    chosen = np.arange(0, len(segment), stride)[: len(images)]
    packed = io.BytesIO()
    np.savez(
        packed,
        images=np.array(images, np.uint8),
        points=transform(segment.points[chosen], invert(to_image[chosen])),
    )
    write_whole(target, packed.getvalue())


def _digest(shape: LipShape) -> str:
    """Of what decides where a crop lies and how it is turned."""
    return hashlib.sha256(np.ascontiguousarray(shape.template).tobytes()).hexdigest()[:16]
