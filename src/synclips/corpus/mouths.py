"""Aligned mouths for the generator: every few frames of a prepared clip, from the raw video.

They are aligned with the lip shape that a training run learns itself, so they cannot be prepared
before; the raw videos are needed once more. Every clip is one file, written beside and renamed.
"""

import io
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from synclips.corpus.clips import Clip
from synclips.corpus.prepared import Prepared, load_prepared
from synclips.errors import InputError
from synclips.faces.crop import CropSpec, crop_to_image, invert, transform
from synclips.faces.shape import LipShape
from synclips.faces.track import analyse
from synclips.media.partial import unwritable, write_whole
from synclips.media.video import VideoReader

Progress = Callable[[int, int], None]


def prepare_crops(
    clips: list[Clip],
    prepared: Path,
    out: Path,
    shape: LipShape,
    spec: CropSpec,
    stride: int,
    progress: Progress | None = None,
) -> None:
    """Every `stride`-th frame of each prepared clip as an aligned (S, S, 3) crop in `out`.

    Raises:
        InputError: a raw video is gone.
        OutputError: the crops cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(out, error) from error
    total = len(clips)
    for count, item in enumerate(load_prepared(clips, prepared), 1):
        target = out / f"{item.clip.key}.crops.npz"
        if not target.exists():
            _crop_one(item, target, shape, spec, stride)
        if progress is not None:
            progress(count, total)


def _crop_one(
    prepared: Prepared, target: Path, shape: LipShape, spec: CropSpec, stride: int
) -> None:
    segments = list(analyse(prepared.track, shape))
    if not segments:
        return
    path = prepared.clip.path
    if not path.exists():
        raise InputError(
            f"{path}, from which a clip was prepared, is gone, and the generator learns from it;"
            " put it back, or start where the path is right."
        )
    segment = max(segments, key=len)
    to_image = crop_to_image(segment.pose, shape.template, spec)
    images = []
    for frame in VideoReader(path).frames():
        index = frame.index - segment.frames.start
        if 0 <= index < len(segment) and index % stride == 0:
            warp = to_image[index]
            image = cv2.warpAffine(
                frame.image,
                warp,
                (spec.size, spec.size),
                flags=cv2.INTER_LANCZOS4 | cv2.WARP_INVERSE_MAP,
                borderMode=cv2.BORDER_REFLECT,
            )
            images.append(image)
    chosen = np.arange(0, len(segment), stride)[: len(images)]
    packed = io.BytesIO()
    np.savez(
        packed,
        images=np.array(images, np.uint8),
        points=transform(segment.points[chosen], invert(to_image[chosen])),
        coefficients=segment.coefficients[chosen],
        yaw=segment.pose.yaw[chosen],
    )
    write_whole(target, packed.getvalue())
