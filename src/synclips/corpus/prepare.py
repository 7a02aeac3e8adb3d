"""From clips to what training reads: landmarks and log-mel first, aligned mouth crops after.

Two passes, because the crops are aligned with a mean face that is itself learnt from the landmarks
of the first pass. Every clip is one file, written beside and renamed, so a killed run continues
where it stopped; a bad clip leaves a text file with the reason and is never tried again.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.corpus.clips import Clip
from synclips.errors import SynclipsError
from synclips.faces.crop import CropSpec, crop_to_image, invert, transform
from synclips.faces.shape import LipShape
from synclips.faces.track import FaceTrack, analyse, assemble_track, track_faces
from synclips.faces.tracker import MediaPipeTracker
from synclips.features.loudness import normalise_loudness
from synclips.features.mel import MelSpec, log_mel
from synclips.features.timing import SAMPLE_RATE
from synclips.media.audio import read_mono
from synclips.media.video import VideoReader

MIN_FACES = 25  # frames; a second of speech is the least that teaches anything

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Prepared:
    """What the first pass measured in one clip.

    Attributes:
        clip: where it came from.
        track: landmarks in pixels; times are seconds from the first frame.
        mel: (F, n_mels) log-mel of the loudness-normalised sound, the clip's own lag taken out.
    """

    clip: Clip
    track: FaceTrack
    mel: NDArray[np.float32]


def prepare_clips(
    clips: list[Clip], folder: Path, spec: MelSpec, workers: int, progress: Progress | None = None
) -> None:
    """First pass over all clips, in `workers` processes; results are read by `load_prepared`."""
    folder.mkdir(parents=True, exist_ok=True)
    waiting = [
        clip for clip in clips if not (_done(clip, folder) or _reason(clip, folder).exists())
    ]
    jobs = [(clip, folder, spec) for clip in waiting]
    for count, _ in enumerate(_each(jobs, workers), 1):
        if progress is not None:
            progress(count, len(jobs))


def _each(jobs: list[tuple[Clip, Path, MelSpec]], workers: int) -> Iterator[None]:
    if workers == 1:
        yield from map(_prepare_one, jobs)
        return
    # Fresh processes: MediaPipe does not survive in the copy of a process that used it.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_prepare_one, jobs)


def load_prepared(clips: Iterable[Clip], folder: Path) -> Iterator[Prepared]:
    """The clips of the first pass that came out well, in order."""
    for clip in clips:
        if _done(clip, folder):
            with np.load(_file(clip, folder), allow_pickle=False) as data:
                times = [Fraction(int(n), int(d)) for n, d in data["times"]]
                yield Prepared(clip, assemble_track(times, data["points"]), data["mel"])


def prepare_crops(
    clips: list[Clip],
    folder: Path,
    shape: LipShape,
    spec: CropSpec,
    stride: int,
    progress: Progress | None = None,
) -> None:
    """Second pass: every `stride`-th frame of each prepared clip as an aligned (S, S, 3) crop."""
    total = len(clips)
    for count, prepared in enumerate(load_prepared(clips, folder), 1):
        target = folder / f"{prepared.clip.key}.crops.npz"
        if not target.exists():
            _crop_one(prepared, target, shape, spec, stride)
        if progress is not None:
            progress(count, total)


def _crop_one(
    prepared: Prepared, target: Path, shape: LipShape, spec: CropSpec, stride: int
) -> None:
    segments = list(analyse(prepared.track, shape))
    if not segments:
        return
    segment = max(segments, key=len)
    to_image = crop_to_image(segment.pose, shape.template, spec)
    images = []
    for frame in VideoReader(prepared.clip.path).frames():
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
    _save(
        target,
        images=np.array(images, np.uint8),
        points=transform(segment.points[chosen], invert(to_image[chosen])),
        coefficients=segment.coefficients[chosen],
        yaw=segment.pose.yaw[chosen],
    )


def _prepare_one(job: tuple[Clip, Path, MelSpec]) -> None:
    clip, folder, spec = job
    try:
        with MediaPipeTracker() as tracker:
            track = track_faces(VideoReader(clip.path).frames(), tracker)
        write_prepared(clip, track, folder, spec)
    except SynclipsError as error:
        _reason(clip, folder).write_text(f"{error}\n")


def write_prepared(clip: Clip, track: FaceTrack, folder: Path, spec: MelSpec) -> None:
    """Hear a tracked clip and write both, or the reason why the clip is of no use."""
    if track.face_count < MIN_FACES:
        _reason(clip, folder).write_text(f"a face in only {track.face_count} frames\n")
        return
    samples = read_mono(clip.path, SAMPLE_RATE, VideoReader(clip.path).info.start)
    late = round(clip.lag * SAMPLE_RATE)
    samples = samples[late:] if late >= 0 else np.pad(samples, (-late, 0))
    samples, _ = normalise_loudness(samples, SAMPLE_RATE)
    times = np.array([(t.numerator, t.denominator) for t in track.times], np.int64)
    _save(_file(clip, folder), points=track.points, times=times, mel=log_mel(samples, spec))


def _save(target: Path, **arrays: NDArray[np.generic]) -> None:
    beside = target.with_suffix(".part")
    with beside.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]
    beside.replace(target)


def _file(clip: Clip, folder: Path) -> Path:
    return folder / f"{clip.key}.npz"


def _reason(clip: Clip, folder: Path) -> Path:
    return folder / f"{clip.key}.skipped.txt"


def _done(clip: Clip, folder: Path) -> bool:
    return _file(clip, folder).exists()
