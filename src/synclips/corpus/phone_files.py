"""Speech whose phones are known, as files.

    OUT/NAME.npz            some utterances: labels, and sound where nothing else keeps it
    OUT/manifest.jsonl      one line per file: who speaks, how many utterances, seconds

Knows the files and their arrays; `phones` makes them.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synclips.corpus.heard import Heard, load_heard, sound_checksum
from synclips.corpus.manifest import Entry
from synclips.errors import InputError
from synclips.features.timing import MOTION_RATE
from synclips.media.partial import write_whole

MANIFEST = "manifest.jsonl"
FULL_SCALE = 32_767

Labels = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Speech:
    """One utterance.

    Attributes:
        voice: `flite/slt`, `espeak/de+f2` or `grid/s1`.
        name: of the clip it is, "" for synthetic speech.
        labels: (T,) classes of `phone_set`, 50 per second.
        heard: what is heard of it.
    """

    voice: str
    name: str
    labels: Labels
    heard: Heard


@dataclass(frozen=True)
class SpeechSource:
    """A file of synthetic speech, to be heard in so many forms; see `heard.Source`."""

    file: Path
    forms: int

    @property
    def name(self) -> str:
        """Of the file."""
        return self.file.stem

    @property
    def digest(self) -> str:
        """Checksum of the sound.

        Raises:
            InputError: the file is missing or damaged.
        """
        try:
            return sound_checksum(self.file)
        except (OSError, KeyError, zipfile.BadZipFile) as error:
            raise _damaged(self.file, error) from error

    def read(self) -> list[NDArray[np.float32]]:
        """(n,) samples of each utterance.

        Raises:
            InputError: the file is missing or damaged.
        """
        arrays = load_arrays(self.file)
        sounds = np.split(arrays["sound"], arrays["sound_ends"][:-1])
        return [sound.astype(np.float32) / np.float32(FULL_SCALE) for sound in sounds]


@dataclass(frozen=True)
class Shard:
    """A line of the manifest; `failed` counts clips whose words were not found in their sound."""

    file: str
    voice: str
    utterances: int
    seconds: float
    failed: int = 0


def read_speech(out: Path, heard: Path, entries: Sequence[Entry] = ()) -> Iterator[Speech]:
    """All utterances, in order of their files.

    Args:
        out: what `prepare_phones` made.
        heard: what was heard of it, and of recorded clips, see `hear_sources`.
        entries: recorded clips that shall be read; others are passed over.

    Raises:
        InputError: a file is missing or damaged.
    """
    known = {entry.key: entry for entry in entries}
    if not (out / MANIFEST).exists():
        raise InputError(f"{out} has no {MANIFEST}; run stage speech first, again if it was ended.")
    for file in sorted(out.glob("*.npz")):
        arrays = load_arrays(file)
        voice = str(arrays["voice"])
        parts = np.split(arrays["labels"], arrays["label_ends"][:-1])
        if "sound" in arrays:
            whole = load_heard(heard, file.stem)
            ends = arrays["label_ends"].tolist()
            for start, stop, part in zip([0, *ends], ends, parts, strict=False):
                yield Speech(voice, "", part, whole.part(start, stop))
            continue
        for key, part in zip(arrays["keys"].tolist(), parts, strict=True):
            if key in known and len(part):
                yield Speech(f"grid/{known[key].person}", key, part, load_heard(heard, key))


def known_speech(items: Iterable[Speech]) -> str:
    """A short name of utterances: of their voices, clips and phones, in their order."""
    total = hashlib.sha256()
    for item in items:
        total.update(f"{item.voice} {item.name} {len(item.labels)}\n".encode())
        total.update(item.labels.tobytes())
    return total.hexdigest()[:16]


def speech_sources(out: Path, forms: int) -> list[SpeechSource]:
    """The files of synthetic speech.

    Raises:
        InputError: one is damaged.
    """
    files = sorted(out.glob("*.npz"))
    return [SpeechSource(file, forms) for file in files if "sound" in load_arrays(file)]


def list_speech(out: Path) -> list[Shard]:
    """Write the manifest of all files that are there.

    Raises:
        InputError: one is damaged.
        OutputError: it cannot be written.
    """
    shards = [_summary(file) for file in sorted(out.glob("*.npz"))]
    lines = "".join(json.dumps(asdict(shard)) + "\n" for shard in shards)
    write_whole(out / MANIFEST, lines.encode())
    return shards


def to_integers(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    """16-bit samples; softer where they would clip, as in a prepared corpus."""
    over = max(float(np.abs(samples).max(initial=0.0)), 1.0)
    return np.asarray(np.rint(samples * (FULL_SCALE / over)), np.int16)


def pack_speech(
    voice: str,
    parts: Sequence[Labels],
    sounds: Sequence[NDArray[np.int16]] = (),
    keys: Sequence[str] = (),
) -> bytes:
    """A file of utterances: their labels, and either their sound or the clips that have it."""
    arrays: dict[str, NDArray[np.generic]] = {
        "voice": np.array(voice),
        "labels": np.concatenate(parts),
        "label_ends": np.cumsum([len(part) for part in parts]),
    }
    if keys:
        arrays["keys"] = np.array(list(keys))
    else:
        arrays["sound"] = np.concatenate(sounds)
        arrays["sound_ends"] = np.cumsum([len(sound) for sound in sounds])
    packed = io.BytesIO()
    np.savez(packed, **arrays)  # type: ignore[arg-type]
    return packed.getvalue()


def load_arrays(file: Path) -> dict[str, Any]:
    """The arrays of one file.

    Raises:
        InputError: it is missing or damaged.
    """
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as data:
            return dict(data)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise _damaged(file, error) from error


def _damaged(file: Path, error: Exception) -> InputError:
    return InputError(f"{file} is damaged ({error}); remove it and run stage speech again.")


def _summary(file: Path) -> Shard:
    arrays = load_arrays(file)
    lengths = np.diff(arrays["label_ends"], prepend=0)
    return Shard(
        file.name,
        str(arrays["voice"]),
        int((lengths > 0).sum()),
        round(float(lengths.sum()) / float(MOTION_RATE), 2),
        int((lengths == 0).sum()),
    )
