"""The table of contents of a prepared corpus: one row per clip, and how all of them were prepared.

    OUT/manifest.jsonl      a header, then one line per clip, sorted by key

Knows the rows, their order and their format; what lies beside the manifest is known to `prepare`,
which writes it, and `prepared`, which reads it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

from synclips.corpus.clips import Clip
from synclips.errors import InputError
from synclips.faces.crop import CropSpec
from synclips.features.mel import MelSpec
from synclips.features.mfcc import SPEECH_MFCC, MfccSpec
from synclips.media.partial import write_whole
from synclips.specification import Specification

FORMAT = 1
KIND = "synclips corpus"
NAME = "manifest.jsonl"


@dataclass(frozen=True)
class PrepareSpec(Specification):
    """What is computed from every clip; a corpus is prepared with one of these throughout.

    Attributes:
        mel: analysis of the stored log-mel.
        mfcc: analysis of the stored cepstra.
        face: the aligned crop of the whole face.
        lips: the aligned crop of the mouth.
    """

    mel: MelSpec = field(default_factory=MelSpec)
    mfcc: MfccSpec = SPEECH_MFCC
    face: CropSpec = CropSpec(size=128, extent=2.6, below_mouth=-0.45)
    lips: CropSpec = CropSpec(size=64, extent=1.0, below_mouth=0.05)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, the same as they are after a journey through JSON."""
        values: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Rebuild a specification.

        Raises:
            ConfigError: a key is unknown or missing, or a value is impossible.
        """
        cls.check_keys(values)
        return cls(
            mel=MelSpec.from_dict(values["mel"]),
            mfcc=MfccSpec.from_dict(values["mfcc"]),
            face=CropSpec.from_dict(values["face"]),
            lips=CropSpec.from_dict(values["lips"]),
        )


@dataclass(frozen=True)
class Word:
    """A spoken word and the frames at 25 per second it takes, `stop` exclusive."""

    text: str
    first: int
    stop: int


@dataclass(frozen=True)
class Entry:
    """One clip of a prepared corpus.

    Attributes:
        key: file name of what was prepared from it, without suffix.
        corpus: `grid` or the name of the folder.
        person: who speaks.
        name: unique within the person.
        source: the video file, as it was found.
        lag: seconds by which the sound was late, as a fraction; taken out already.
        split: `train`, `validation`, `test-speaker` or `test-sentence`.
        sentence: what is said, "" if not known.
        words: each with its frames; empty where no alignment is known.
        frames: number of frames T at 25 per second.
        seconds: length of the picture.
        face_share: share of the T frames that show a face.
        eye_distance: pixels between the eyes in the video, median.
        yaw: degrees the head is turned aside, mean of the absolute values.
        gain_db: by how much `sound` was raised to bring it to one loudness.
        skipped: why the clip cannot be used, "" if it can.
        stamp: size, time of last change and digest of the source, see `sources`; "" if not known,
            as in corpora of older versions.
    """

    key: str
    corpus: str
    person: str
    name: str
    source: str
    lag: str = "0"
    split: str = ""
    sentence: str = ""
    words: tuple[Word, ...] = ()
    frames: int = 0
    seconds: float = 0.0
    face_share: float = 0.0
    eye_distance: float = 0.0
    yaw: float = 0.0
    gain_db: float = 0.0
    skipped: str = ""
    stamp: str = ""

    @property
    def clip(self) -> Clip:
        """The clip it was prepared from."""
        return Clip(Path(self.source), self.person, self.name, self.corpus, Fraction(self.lag))

    def to_json(self) -> str:
        """One line, without its end."""
        values = asdict(self) | {"words": [[w.text, w.first, w.stop] for w in self.words]}
        if not self.stamp:
            del values["stamp"]
        return json.dumps(values, ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> Self:
        """Rebuild an entry.

        Raises:
            ValueError: the line is no JSON, or has other keys or values than an entry.
        """
        values = json.loads(line)
        kinds = {item.name: item.type for item in fields(cls)}
        if isinstance(values, dict):
            values.setdefault("stamp", "")
        if not isinstance(values, dict) or values.keys() != kinds.keys():
            raise ValueError("not the keys of an entry")
        for name, kind in kinds.items():
            if isinstance(kind, type) and type(values[name]) is not kind:
                raise ValueError(f"{name} is no {kind.__name__}")
        try:
            words = tuple(Word(str(w), int(first), int(stop)) for w, first, stop in values["words"])
        except TypeError as error:
            raise ValueError("words are no triples") from error
        return cls(**{**values, "words": words})


@dataclass(frozen=True)
class Manifest:
    """All clips of a prepared corpus, usable or not, sorted by key; `spec` is a `PrepareSpec`."""

    spec: dict[str, Any]
    entries: tuple[Entry, ...]

    @property
    def preparation(self) -> PrepareSpec:
        """How the clips were prepared."""
        return PrepareSpec.from_dict(self.spec)

    def of(self, *splits: str) -> list[Entry]:
        """The usable clips of some splits."""
        return [entry for entry in self.entries if not entry.skipped and entry.split in splits]


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a prepared corpus.

    Raises:
        InputError: there is none, it is damaged, or it is of another version.
    """
    path = folder / NAME
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise InputError(
            f"{folder} is not a prepared corpus, it has no {NAME}; run `synclips corpus prepare"
            f" RAW {folder}`, again if it was interrupted."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read ({error}); {_again(folder)}.") from error
    check_header(lines[0] if lines else "", path)
    entries = []
    for number, line in enumerate(lines[1:], 2):
        try:
            entries.append(Entry.from_json(line))
        except ValueError as error:
            raise InputError(
                f"{path} is damaged in line {number} ({error}); {_again(folder)}."
            ) from error
    header = json.loads(lines[0])
    if header["clips"] != len(entries):
        raise InputError(
            f"{path} has {len(entries)} of {header['clips']} clips, the rest was cut off;"
            f" {_again(folder)}."
        )
    return Manifest(header["spec"], tuple(entries))


def check_header(line: str, path: Path) -> None:
    """Refuse what is not, or not in this version, the beginning of a prepared corpus.

    Raises:
        InputError: it is not.
    """
    try:
        header = json.loads(line)
        kind, version = header["kind"], header["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path} does not begin as a prepared corpus does; name the folder that"
            " `synclips corpus prepare` wrote."
        ) from error
    if kind != KIND or version != FORMAT:
        raise InputError(
            f"{path} is {kind} format {version}, this version reads {KIND} format {FORMAT};"
            " prepare the clips again in an empty folder."
        )
    if not isinstance(header.get("spec"), dict) or not isinstance(header.get("clips", 0), int):
        raise InputError(f"{path} is damaged in line 1; {_again(path.parent)}.")


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a manifest beside its place and move it there; one that says the same is left alone.

    Raises:
        OutputError: it cannot be written.
    """
    entries = sorted(manifest.entries, key=lambda entry: entry.key)
    header = {"kind": KIND, "format": FORMAT, "clips": len(entries), "spec": manifest.spec}
    lines = [json.dumps(header), *(entry.to_json() for entry in entries)]
    data = "".join(f"{line}\n" for line in lines).encode()
    path = folder / NAME
    if not path.exists() or path.read_bytes() != data:
        write_whole(path, data)


def _again(folder: Path) -> str:
    return f"remove it and run `synclips corpus prepare RAW {folder}` to have it written again"
