"""One clip, and everything that training reads of it: faces, lips, sound and words.

Knows what is measured in a clip and when it is of no use. The clip is decoded twice, since where a
crop lies is known only after the whole face track was seen; frames are never collected. Does not
know folders: `prepare` keeps what comes out of here.
"""

import logging
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from synclips.corpus.alignment import find_alignment, read_alignment, spell
from synclips.corpus.clips import Clip
from synclips.corpus.manifest import Entry, PrepareSpec, Word
from synclips.corpus.pictures import cut_out, encode, fineness, pack
from synclips.errors import InputError
from synclips.faces.crop import CropSpec, crop_to_image, invert, transform
from synclips.faces.segment import Segment, analyse
from synclips.faces.shape import LipShape
from synclips.faces.track import track_faces
from synclips.faces.tracker import MediaPipeTracker
from synclips.features.loudness import normalise_loudness
from synclips.features.mel import log_mel
from synclips.features.mfcc import mfcc
from synclips.features.timing import GRID_FRAME_RATE, SAMPLE_RATE
from synclips.media.audio import read_mono
from synclips.media.video import VideoReader

log = logging.getLogger(__name__)

MIN_FACES = 25  # frames at 25 per second; a second of speech is the least that teaches anything
MIN_RUN = 10  # frames; smoothing has too little to go by in less
# Seconds: the picture nearest to an instant may be this far away; in a longer gap nothing is known.
FARTHEST = Fraction(2, 25)
FULL_SCALE = 32_767

Arrays = dict[str, NDArray[np.generic]]


@dataclass(frozen=True, eq=False)
class _Crop:
    """Where one kind of crop lies: (T, 2, 3) maps to the image, and how finely to draw."""

    spec: CropSpec
    to_image: NDArray[np.float64]
    points: NDArray[np.float16]  # (T, P, 2) landmarks in crop pixels
    fine: NDArray[np.int64]


def record(clip: Clip, spec: PrepareSpec, shape: LipShape) -> tuple[Entry, Arrays]:
    """Measure one clip; the arrays are described in `prepared.ClipData`.

    Raises:
        InputError: the clip cannot be decoded, has no sound, or shows a face for less than a
            second.
        OutputError: there is no room for temporary files.
    """
    reader = VideoReader(clip.path)
    with MediaPipeTracker() as tracker:
        track = track_faces(reader.frames(), tracker)
    segments = [part for part in analyse(track, shape) if len(part) >= MIN_RUN]
    nearest = nearest_frames(track.times)
    owner = np.full(len(track), -1)
    for number, segment in enumerate(segments):
        owner[segment.frames] = number
    away = [abs(track.times[at] - i / GRID_FRAME_RATE) for i, at in enumerate(nearest)]
    near = np.array([distance <= FARTHEST for distance in away], bool)
    owners = np.where(near, owner[nearest], -1)  # (T,)
    valid = owners >= 0
    if valid.sum() < MIN_FACES:
        raise InputError(
            f"{clip.path} shows a face in only {valid.sum()} of {len(valid)} frames, fewer than"
            f" {MIN_FACES}."
        )
    coefficients = np.zeros((len(valid), shape.size), np.float32)
    yaw = np.zeros(len(valid), np.float32)
    for number, segment in enumerate(segments):
        rows = owners == number
        within = nearest[rows] - segment.frames.start
        coefficients[rows] = segment.coefficients[within]
        yaw[rows] = segment.pose.yaw[within]
    crops = {
        name: _place(kind, segments, owners, nearest, shape)
        for name, kind in (("face", spec.face), ("lips", spec.lips))
    }
    pictures = _draw(reader, crops, nearest, valid)
    samples = _hear(clip, reader.info.start)
    loud, gain_db = normalise_loudness(samples, SAMPLE_RATE)
    over = max(float(np.abs(loud).max()), 1.0)
    faces, face_ends = pack(pictures["face"])
    lips, lip_ends = pack(pictures["lips"])
    arrays: Arrays = {
        "points": np.asarray(track.points[0 : len(track)], np.float32),
        "times": np.array([(t.numerator, t.denominator) for t in track.times], np.int64),
        "mel": log_mel(loud, spec.mel).astype(np.float16),
        "mfcc": mfcc(loud, spec.mfcc).astype(np.float16),
        "sound": np.rint(loud / np.float32(over) * FULL_SCALE).astype(np.int16),
        "valid": valid,
        "coefficients": coefficients,
        "yaw": yaw,
        "face_points": crops["face"].points,
        "lip_points": crops["lips"].points,
        "faces": faces,
        "face_ends": face_ends,
        "lips": lips,
        "lip_ends": lip_ends,
    }
    entry = Entry(
        key=clip.key,
        corpus=clip.corpus,
        person=clip.person,
        name=clip.name,
        source=str(clip.path),
        lag=str(clip.lag),
        frames=len(valid),
        seconds=float(len(valid) / GRID_FRAME_RATE),
        face_share=round(float(valid.mean()), 4),
        eye_distance=round(_eye_distance(segments), 2),
        yaw=round(float(np.abs(yaw[valid]).mean()), 2),
        gain_db=round(gain_db - 20 * float(np.log10(over)), 2),
    )
    return with_words(clip, entry), arrays


def with_words(clip: Clip, entry: Entry) -> Entry:
    """The row of a clip with the words of the alignment that lies beside it now, if there is."""
    words = _words(clip, entry.frames)
    spelt = spell(entry.name) if entry.corpus == "grid" else ""
    return replace(entry, words=words, sentence=" ".join(word.text for word in words) or spelt)


def nearest_frames(times: tuple[Fraction, ...]) -> NDArray[np.intp]:
    """The frame nearest to each instant `i / 25` seconds, of two equally near ones the earlier.

    Args:
        times: strictly increasing seconds from the first frame, at least one.

    Returns:
        (T,) indices; the last instant is the one nearest to the last frame, again the earlier.
    """
    count = (times[-1] * GRID_FRAME_RATE - Fraction(1, 2)).__ceil__() + 1
    result = np.empty(count, np.intp)
    frame = 0
    for i in range(count):
        instant = i / GRID_FRAME_RATE
        while frame + 1 < len(times) and times[frame + 1] - instant < abs(instant - times[frame]):
            frame += 1
        result[i] = frame
    return result


def _place(
    spec: CropSpec,
    segments: list[Segment],
    owners: NDArray[np.intp],
    nearest: NDArray[np.intp],
    shape: LipShape,
) -> _Crop:
    to_image = np.zeros((len(owners), 2, 3))
    points = np.zeros((len(owners), len(shape.template), 2), np.float16)
    fine = np.ones(len(owners), np.int64)
    for number, segment in enumerate(segments):
        rows = np.flatnonzero(owners == number)
        if not len(rows):
            continue
        within = nearest[rows] - segment.frames.start
        warps = crop_to_image(segment.pose[within], shape.template, spec)
        to_image[rows] = warps
        points[rows] = transform(segment.points[within], invert(warps))
        fine[rows] = fineness(warps)
    return _Crop(spec, to_image, points, fine)


def _draw(
    reader: VideoReader,
    crops: dict[str, _Crop],
    nearest: NDArray[np.intp],
    valid: NDArray[np.bool_],
) -> dict[str, list[bytes]]:
    """JPEG of every instant and kind; empty where no face is."""
    pictures = {name: [b""] * len(nearest) for name in crops}
    rows: dict[int, list[int]] = {}
    for row in np.flatnonzero(valid).tolist():
        rows.setdefault(int(nearest[row]), []).append(row)
    for frame in reader.frames(only=rows.keys()):
        for row in rows[frame.index]:
            for name, crop in crops.items():
                picture = cut_out(
                    frame.image, crop.to_image[row], crop.spec.size, int(crop.fine[row])
                )
                pictures[name][row] = encode(picture)
    return pictures


def _hear(clip: Clip, start: Fraction) -> NDArray[np.float32]:
    """The sound from the first frame on, its lag taken out."""
    samples = read_mono(clip.path, SAMPLE_RATE, start)
    late = round(clip.lag * SAMPLE_RATE)
    samples = samples[late:] if late >= 0 else np.pad(samples, (-late, 0))
    if not len(samples):
        raise InputError(f"{clip.path} has no sound left after its lag of {float(clip.lag):g} s.")
    return samples


def _words(clip: Clip, frames: int) -> tuple[Word, ...]:
    path = find_alignment(clip)
    if path is None:
        return ()
    try:
        words = read_alignment(path)
    except InputError as error:
        # Pictures and sound are as good without; the words are counted as missing.
        log.warning("%s", error)
        return ()
    return tuple(Word(w.text, w.first, min(w.stop, frames)) for w in words if w.first < frames)


def _eye_distance(segments: list[Segment]) -> float:
    return float(np.median(np.concatenate([segment.pose.scale for segment in segments])))
