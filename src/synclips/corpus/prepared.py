"""Reading a prepared corpus, one clip at a time.

    OUT/manifest.jsonl      see `manifest`
    OUT/shape.safetensors   the lip shape the crops are aligned by
    OUT/clips/KEY.npz       arrays, see `ClipData`
    OUT/clips/KEY.json      the clip's row of the manifest

Knows the files and their arrays; `prepare` writes them.
"""

import zipfile
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file

from synclips.corpus.clips import Clip
from synclips.corpus.heard import Forms, sound_checksum
from synclips.corpus.manifest import Entry, Manifest
from synclips.corpus.pictures import unpack
from synclips.errors import InputError
from synclips.faces.shape import LipShape
from synclips.faces.track import FaceTrack, assemble_track

CLIPS = "clips"
SHAPE = "shape.safetensors"

Array = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class ClipData:
    """What was prepared from one clip.

    At the video's own frames:

    Attributes:
        points: (N, P, 3) landmarks in pixels, NaN where no face is.
        times: N seconds from the first frame.
        mel: (F, n_mels) standardised log-mel of the loudness-normalised sound, every 10 ms.
        mfcc: (F, 13) standardised cepstra of it.
        sound: (n,) the sound itself, 16 kHz mono, full scale 1; softer than what `mel` was made
            from where that would clip.
        valid: (T,) whether instant i, `i / 25` seconds, shows a face.
        coefficients: (T, K) lip shape, 0 where not valid.
        yaw: (T,) degrees, 0 where not valid.
        face_points: (T, P, 2) landmarks in pixels of `faces`, 0 where not valid.
        lip_points: (T, P, 2) landmarks in pixels of `lips`, 0 where not valid.
        faces: (T, S, S, 3) aligned face crops, RGB, black where not valid; None if not asked for.
        lips: (T, S, S, 3) aligned lip crops.
    """

    points: Array
    times: tuple[Fraction, ...]
    mel: Array
    mfcc: Array
    sound: Array
    valid: NDArray[np.bool_]
    coefficients: Array
    yaw: Array
    face_points: Array
    lip_points: Array
    faces: NDArray[np.uint8] | None
    lips: NDArray[np.uint8] | None


def load_clip(
    folder: Path, entry: Entry, *, faces: int | None = None, lips: int | None = None
) -> ClipData:
    """Read one usable clip.

    Args:
        folder: the prepared corpus.
        entry: a row of its manifest.
        faces: side S of the face crops wanted, at most the stored one; none are decoded without.
            `face_points` are given in pixels of this size.
        lips: the same for the lip crops.

    Raises:
        InputError: the file is missing or damaged.
        ConfigError: crops are wanted larger than they are stored.
    """
    path = _arrays_of(folder, entry.key)
    try:
        with _open(path) as data:
            face_points, face_pictures = _pictures(data, "faces", "face_ends", "face_points", faces)
            lip_points, lip_pictures = _pictures(data, "lips", "lip_ends", "lip_points", lips)
            return ClipData(
                points=data["points"],
                times=_times(data["times"]),
                mel=data["mel"].astype(np.float32),
                mfcc=data["mfcc"].astype(np.float32),
                sound=data["sound"].astype(np.float32) / np.float32(32_767),
                valid=data["valid"],
                coefficients=data["coefficients"],
                yaw=data["yaw"],
                face_points=face_points,
                lip_points=lip_points,
                faces=face_pictures,
                lips=lip_pictures,
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise _damaged(path, error) from error


def _pictures(
    data: np.lib.npyio.NpzFile, name: str, ends: str, points: str, size: int | None
) -> tuple[Array, NDArray[np.uint8] | None]:
    places = data[points].astype(np.float32)
    if size is None:
        return places, None
    pictures, stored = unpack(data[name], data[ends], size)
    if stored and stored != size:
        places[data["valid"]] = (places[data["valid"]] + 0.5) * (size / stored) - 0.5
    return places, pictures


def load_shape(folder: Path) -> LipShape:
    """The lip shape that a corpus was prepared with.

    Raises:
        InputError: it is missing or damaged.
    """
    path = folder / SHAPE
    try:
        return LipShape.from_arrays(load_file(path))
    except (OSError, KeyError, SafetensorError) as error:
        raise InputError(
            f"{path} is missing or damaged; prepare the clips again in an empty folder."
        ) from error


@dataclass(frozen=True)
class ClipSource:
    """The sound of one clip, to be heard in so many forms; see `heard.Source`."""

    folder: Path
    entry: Entry
    forms: int

    @property
    def name(self) -> str:
        """Key of the clip."""
        return self.entry.key

    @property
    def digest(self) -> str:
        """Lag and checksum of the sound.

        Raises:
            InputError: the file is missing or damaged.
        """
        path = _arrays_of(self.folder, self.entry.key)
        try:
            return f"{self.entry.lag} {sound_checksum(path)}"
        except (OSError, KeyError, zipfile.BadZipFile) as error:
            raise _damaged(path, error) from error

    def read(self) -> list[Array]:
        """The one sound, (n,) samples.

        Raises:
            InputError: the file is missing or damaged.
        """
        return [load_clip(self.folder, self.entry).sound]


def clip_sources(
    folder: Path, manifest: Manifest, wanted: Container[str], forms: Forms
) -> list[ClipSource]:
    """The sounds of some clips, those of people of whom there is little in more forms.

    Args:
        folder: the prepared corpus.
        manifest: of it.
        wanted: keys of the clips.
        forms: how many of them a person gets.
    """
    entries = [item for item in manifest.entries if not item.skipped and item.key in wanted]
    seconds: dict[tuple[str, str], float] = {}
    for entry in entries:
        person = (entry.corpus, entry.person)
        seconds[person] = seconds.get(person, 0.0) + entry.seconds
    return [
        ClipSource(folder, entry, forms.of(seconds[entry.corpus, entry.person]))
        for entry in entries
    ]


@dataclass(frozen=True, eq=False)
class Prepared:
    """What the motion network learns from one clip.

    Attributes:
        clip: where it came from.
        track: landmarks in pixels; times are seconds from the first frame.
    """

    clip: Clip
    track: FaceTrack


def load_prepared(clips: Iterable[Clip], folder: Path) -> Iterator[Prepared]:
    """Landmarks of those clips that came out well, in order.

    Raises:
        InputError: a file is damaged.
    """
    for clip in clips:
        if not is_prepared(folder, clip):
            continue
        path = _arrays_of(folder, clip.key)
        try:
            with _open(path) as data:
                points, times = data["points"], _times(data["times"])
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise _damaged(path, error) from error
        yield Prepared(clip, assemble_track(times, points))


def is_prepared(folder: Path, clip: Clip) -> bool:
    """Whether a clip came out well."""
    return _arrays_of(folder, clip.key).exists()


def _arrays_of(folder: Path, key: str) -> Path:
    return folder / CLIPS / f"{key}.npz"


@contextmanager
def _open(path: Path) -> Iterator[np.lib.npyio.NpzFile]:
    # Given a name, NumPy does not close a file that it finds damaged.
    with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
        yield data


def _times(pairs: NDArray[np.int64]) -> tuple[Fraction, ...]:
    return tuple(Fraction(int(n), int(d)) for n, d in pairs)


def _damaged(path: Path, error: Exception) -> InputError:
    return InputError(
        f"{path} is missing or damaged ({error}); remove it and prepare the corpus again, which"
        " goes on with what is missing."
    )
