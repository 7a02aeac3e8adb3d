"""A prepared corpus at a glance: a few clips as training sees them, and one of them changed.

Draws one PNG. Above, for some clips: equally spaced frames with their landmarks, the words in their
places, log-mel and waveform, all along one time axis. Below: one clip through every kind of
augmentation alone, as `augment_picture` and `augment_sound` carry it out. Judges nothing.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.corpus.augment_picture import PictureAugmentation, augment_run
from synclips.corpus.augment_sound import WaveAugmentation, augment_wave
from synclips.corpus.augmentation import Augmentation
from synclips.corpus.manifest import Entry, Manifest, PrepareSpec, read_manifest
from synclips.corpus.panels import (
    LINE,
    framed,
    label_tile,
    mel_panel,
    wave_panel,
    with_landmarks,
    with_outline,
    word_panel,
)
from synclips.corpus.prepared import ClipData, load_clip
from synclips.errors import InputError, OutputError
from synclips.evaluation.tiles import Image, blank, frame_tile, text_tile
from synclips.features.mel import MelSpec, log_mel
from synclips.features.timing import GRID_FRAME_RATE, SAMPLE_RATE
from synclips.media.partial import check_target, write_whole

Array = NDArray[np.float32]
T = TypeVar("T", bound=Augmentation)

COLUMNS = 12
"""Frames shown of a clip."""

_TILE = 128  # pixels, sides of a face or mouth in the upper part
_COLUMN = 136  # pixels, of a tile and the gap after it
_WIDTH = COLUMNS * _COLUMN

_SMALL = 96  # pixels, sides of a face in the lower part
_LABEL = 104  # pixels, of the name of a kind
_GAP = 12  # pixels
_ROW = 104  # pixels
_RUNS = 3  # different draws of a picture kind
_RUN_FRAMES = 9  # frames in a run, of which the first, middle and last are shown
_PICTURES = _LABEL + _RUNS * (3 * _SMALL + _GAP)
_SOUNDS = 2  # different draws of a sound kind
_SOUND_SECONDS = 2


def corpus_sheet(
    folder: Path,
    target: Path,
    *,
    speakers: Sequence[str] | None = None,
    clip: str | None = None,
    seed: int = 0,
    clips: int = 3,
) -> None:
    """Draw a contact sheet of a prepared corpus.

    Args:
        folder: The prepared corpus.
        target: A .png file.
        speakers: Only clips of these people.
        clip: Key of the clip to begin with, and to augment; drawn if not given.
        seed: Of everything drawn: clips and augmentation.
        clips: How many are shown in the upper part.

    Raises:
        InputError: The corpus, a speaker or the clip does not exist or cannot be read.
        OutputError: The sheet cannot be written.
    """
    check_target(target)
    if target.suffix.lower() != ".png":
        raise OutputError(f"{target} is not a PNG; end its name in .png.")
    manifest = read_manifest(folder)
    rng = np.random.default_rng(seed)
    entries = _chosen(folder, manifest, speakers, clip, clips, rng)
    spec = PrepareSpec.from_dict(manifest.spec)
    blocks = [_clip_block(folder, entry, spec) for entry in entries]
    blocks.append(_augmentation_block(folder, entries[0], spec, seed))
    _, data = cv2.imencode(".png", cv2.cvtColor(np.vstack(blocks), cv2.COLOR_RGB2BGR))
    write_whole(target, data.tobytes())


def _chosen(
    folder: Path,
    manifest: Manifest,
    speakers: Sequence[str] | None,
    clip: str | None,
    count: int,
    rng: np.random.Generator,
) -> list[Entry]:
    """The named clip first, then clips of as many different people as there are."""
    usable = [entry for entry in manifest.entries if not entry.skipped]
    people = sorted({entry.person for entry in usable})
    if speakers is not None and (unknown := sorted(set(speakers) - set(people))):
        raise InputError(
            f"{folder} has no usable clip of {', '.join(unknown)}; it has {', '.join(people)}."
        )
    first = [entry for entry in manifest.entries if entry.key == clip]
    if clip is not None and not first:
        raise InputError(f"{folder} has no clip {clip}; manifest.jsonl names all of them.")
    if first and first[0].skipped:
        raise InputError(f"{clip} in {folder} was skipped: {first[0].skipped}; name another clip.")
    wanted = [e for e in usable if e.key != clip and (speakers is None or e.person in speakers)]
    if not usable:
        raise InputError(f"{folder} has no usable clip; manifest.jsonl says why.")
    order = [wanted[index] for index in rng.permutation(len(wanted))]
    seen: dict[str, int] = {}
    turns = []
    for entry in order:  # a person's second clip comes after everyone's first
        turns.append(seen.setdefault(entry.person, 0))
        seen[entry.person] += 1
    order = [order[index] for index in np.argsort(turns, kind="stable")]
    return [*first, *order][:count]


def _clip_block(folder: Path, entry: Entry, spec: PrepareSpec) -> Image:
    """The rows of one clip: title, times, faces, mouths, words, mel, waveform."""
    data = load_clip(folder, entry, faces=spec.face.size, lips=spec.lips.size)
    assert data.faces is not None
    assert data.lips is not None
    count = len(data.valid)
    frames = [int((column + 0.5) / COLUMNS * count) for column in range(COLUMNS)]
    times = [text_tile(f"{float(frame / GRID_FRAME_RATE):.2f} s", _COLUMN) for frame in frames]
    # Sound may end before or after the picture; every panel spans the time of the picture.
    heard = _length(data.sound, count, SAMPLE_RATE, 0.0)
    mel = _length(data.mel, count, Fraction(spec.mel.rate, spec.mel.hop), float(data.mel.min()))
    return np.vstack(
        [
            text_tile(_title(entry), _WIDTH),
            np.hstack(times),
            _crops(data.faces, data.face_points, data.valid, frames),
            _crops(data.lips, data.lip_points, data.valid, frames),
            word_panel(entry.words, count, _WIDTH),
            mel_panel(mel, _WIDTH, 4 * LINE),
            wave_panel(heard, _WIDTH, 2 * LINE),
            blank(_WIDTH, LINE),
        ]
    )


def _title(entry: Entry) -> str:
    facts = (
        f"{entry.key}   [{entry.split}]   {entry.sentence or 'sentence unknown'}",
        f"face in {entry.face_share:.0%}, eyes {entry.eye_distance:.0f} px apart",
        f"turned {entry.yaw:.0f} deg, gain of the sound {entry.gain_db:+.1f} dB",
    )
    return "   |   ".join(facts)


def _length(values: Array, frames: int, rate: int | Fraction, fill: float) -> Array:
    """The rows of `values` that belong to a number of frames, filled up at the end."""
    wanted = round(frames * rate / GRID_FRAME_RATE)
    missing = [(0, max(wanted - len(values), 0)), *[(0, 0)] * (values.ndim - 1)]
    return np.pad(values[:wanted], missing, constant_values=fill)


def _crops(
    pictures: Image, points: Array, valid: NDArray[np.bool_], frames: Sequence[int]
) -> Image:
    zoom = max(_TILE // pictures.shape[1], 1)
    tiles = []
    for frame in frames:
        tile = blank(_TILE, _TILE)
        if valid[frame]:
            drawn = with_landmarks(pictures[frame], points[frame], zoom)
            tile = frame_tile(drawn, _TILE, _TILE)
        else:
            tile[_TILE // 2 - LINE : _TILE // 2] = text_tile("no face", _TILE)
        tiles.append(framed(tile, _COLUMN, _COLUMN))
    return np.hstack(tiles)


def _augmentation_block(folder: Path, entry: Entry, spec: PrepareSpec, seed: int) -> Image:
    """Kinds of picture augmentation on the left, kinds of sound augmentation on the right."""
    data = load_clip(folder, entry, faces=min(_SMALL, spec.face.size))
    pictures, sounds = PictureAugmentation(), WaveAugmentation()
    left = [
        _picture_row(data, name, how, [seed, index])
        for index, (name, how) in enumerate(_alone(pictures))
    ]
    right = [
        _sound_row(data, name, how, spec.mel, [seed, 100 + index])
        for index, (name, how) in enumerate(_alone(sounds))
    ]
    height = max(len(left), len(right)) * _ROW
    columns = [
        framed(np.vstack(rows), width, height)
        for rows, width in ((left, _PICTURES), (right, _WIDTH - _PICTURES))
    ]
    title = (
        f"{entry.key}, augmented: every kind alone, {_RUNS} runs of pictures and {_SOUNDS} sounds"
        f" drawn for each (seed {seed}); lips are outlined in the last frame of a run"
    )
    return np.vstack([text_tile(title, _WIDTH), np.hstack(columns)])


def _alone(how: T) -> Iterator[tuple[tuple[str, str], T]]:
    """Name, chance and augmentation: nothing, each kind every time, and all as in training."""
    yield ("as it is", ""), how.only()
    for kind in how.kinds():
        chance = getattr(how, f"{kind}_probability")
        yield (kind, f"in {chance:.0%}"), how.only(kind)
    yield ("together", "by chance"), how


def _picture_row(
    data: ClipData, name: tuple[str, str], how: PictureAugmentation, seed: list[int]
) -> Image:
    assert data.faces is not None
    frames = _middle(data.valid, _RUN_FRAMES)
    tiles = [label_tile(name, _LABEL, _ROW)]
    for draw in range(_RUNS):
        pictures = data.faces[frames].astype(np.float32) / np.float32(255)
        changed, points = augment_run(
            pictures, data.face_points[frames], how, np.random.default_rng([*seed, draw])
        )
        shown = np.round(changed * 255).astype(np.uint8)
        for index in (0, _RUN_FRAMES // 2, _RUN_FRAMES - 1):
            picture = shown[index]
            if index == _RUN_FRAMES - 1:
                picture = with_outline(picture, points[index])
            tiles.append(framed(picture, _SMALL, _ROW))
        tiles.append(blank(_GAP, _ROW))
    return np.hstack(tiles)


def _middle(valid: NDArray[np.bool_], length: int) -> slice:
    """The run of valid frames nearest to the middle of the clip, or the middle if there is none."""
    count = len(valid)
    starts = np.arange(max(count - length, 0) + 1)
    whole = [start for start in starts if valid[start : start + length].all()] or list(starts)
    start = min(whole, key=lambda first: abs(2 * first + length - count))
    return slice(int(start), int(start) + length)


def _sound_row(
    data: ClipData, name: tuple[str, str], how: WaveAugmentation, spec: MelSpec, seed: list[int]
) -> Image:
    width = (_WIDTH - _PICTURES - _LABEL) // _SOUNDS - _GAP
    first = max(len(data.sound) - _SOUND_SECONDS * SAMPLE_RATE, 0) // 2
    sound = data.sound[first : first + _SOUND_SECONDS * SAMPLE_RATE]
    tiles = [label_tile(name, _LABEL, _ROW)]
    for draw in range(_SOUNDS):
        changed = augment_wave(sound, how, np.random.default_rng([*seed, draw]))
        mel = mel_panel(log_mel(changed, spec), width, 60)
        panel = np.vstack([mel, wave_panel(changed, width, 36)])
        tiles.append(framed(panel, width + _GAP, _ROW))
    return np.hstack(tiles)
