"""What the GRID corpus consists of, which archives hold it, and where they lie.

Knows speakers, parts, sizes and the layouts of the two public sources; fetches and opens nothing.
GRID is by Cooke, Barker, Cunningham and Shao (2006, doi:10.1121/1.2229005), CC BY 4.0.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from synclips.errors import ConfigError, InputError

SPEAKER_COUNT = 34
SENTENCES = 1000  # spoken by each speaker


@dataclass(frozen=True)
class Part:
    """One kind of file there is for each speaker.

    Attributes:
        name: of the folder below the speaker's.
        suffix: of its files, in lower case.
        archive_bytes: size of a speaker's archive, generously.
        unpacked_bytes: what the files of a speaker take on disk, generously.
        without: speakers for whom the corpus has none.
    """

    name: str
    suffix: str
    archive_bytes: int
    unpacked_bytes: int
    without: frozenset[int] = frozenset()


# MPEG-1 with sound. 25 kHz sound is cut to the utterance, so it does not start with the video.
# Alignments are `start end word`, in 1/25000 s from the start of the video.
VIDEO = Part("video", ".mpg", 500_000_000, 460_000_000, frozenset({21}))
AUDIO = Part("audio", ".wav", 110_000_000, 110_000_000)
ALIGN = Part("align", ".align", 3_000_000, 5_000_000)
PARTS = (VIDEO, AUDIO, ALIGN)


@dataclass(frozen=True)
class Place:
    """Where an archive may be.

    Attributes:
        location: a URL, or a path if the source is a local folder.
        shared: whether it holds several speakers.
    """

    location: str
    shared: bool

    @property
    def is_remote(self) -> bool:
        """Whether it must be downloaded."""
        return _is_url(self.location)

    @property
    def file_name(self) -> str:
        """A name for a local copy, unlike that of any other place."""
        return re.sub(r"[^A-Za-z0-9.-]+", "_", self.location.partition("://")[2])[-200:]


@dataclass(frozen=True)
class Source:
    """Archives below one URL or folder.

    Attributes:
        name: what to call it in messages.
        base: URL or folder, without a slash at its end.
        layout: per name of a part, paths below `base` to try in this order; `{s}` is the speaker.
        query: what follows the path in a URL.
    """

    name: str
    base: str
    layout: Mapping[str, Sequence[str]]
    query: str = ""

    def places(self, speaker: int, part: Part) -> list[Place]:
        """Where this source may have a speaker's part, the likeliest first."""
        return [
            Place(f"{self.base}/{path.format(s=f's{speaker}')}{self.query}", "{s}" not in path)
            for path in self.layout.get(part.name, ())
        ]


_OFFICIAL = {
    "video": ("{s}/video/{s}.mpg_vcd.zip",),
    "audio": ("{s}/audio/{s}.tar",),
    "align": ("{s}/align/{s}.tar",),
}
# As others describe record 3625687, not checked against it, so `belongs` takes any folders inside.
_RECORD = {
    "video": ("{s}.zip",),
    "audio": ("audio_25k.zip",),
    "align": ("alignments.zip",),
}
# A source the user names may be a copy of either, or a folder into which archives were saved.
_ANY = {
    "video": (*_OFFICIAL["video"], "video/{s}.mpg_vcd.zip", "{s}.mpg_vcd.zip", *_RECORD["video"]),
    "audio": (*_OFFICIAL["audio"], "audio/{s}.tar", *_RECORD["audio"]),
    "align": (*_OFFICIAL["align"], "align/{s}.tar", *_RECORD["align"]),
}

SHEFFIELD = Source("Sheffield", "https://spandh.dcs.shef.ac.uk/gridcorpus", _OFFICIAL)
ZENODO = Source("Zenodo", "https://zenodo.org/records/3625687/files", _RECORD, "?download=1")
SOURCES = (SHEFFIELD, ZENODO)


def named_source(text: str) -> Source:
    """The source a user names: a base URL, or a folder of archives.

    Raises:
        InputError: It is neither a URL of http or https nor a folder.
    """
    if _is_url(text):
        return Source(text, text.rstrip("/"), _ANY)
    folder = Path(text)
    if not folder.is_dir():
        raise InputError(f"{text} is not a folder; name a folder of GRID archives or a URL.")
    return Source(text, str(folder), _ANY)


def parse_speakers(text: str) -> list[int]:
    """Speakers from a list such as `1,4,10-12`, ascending, each once.

    Raises:
        ConfigError: The list cannot be read or names a speaker GRID does not have.
    """
    found: set[int] = set()
    for item in map(str.strip, text.split(",")):
        numbers = _numbers(item)
        if not numbers or numbers[0] < 1 or numbers[-1] > SPEAKER_COUNT:
            raise ConfigError(
                f"--speakers {text} cannot be understood at {item!r}; write numbers from 1 to"
                f" {SPEAKER_COUNT} and ranges, for example 1,4,10-12."
            )
        found.update(numbers)
    return sorted(found)


def speaker_names(text: str, known: Container[str] = ()) -> list[str]:
    """Names such as `s1` from a list such as `1,s4,10-12`, in its order, each once.

    Args:
        text: the list; what is no number or range stays as it is, as others than the speakers of
            GRID may be named.
        known: people who may be named like a number or range; they are meant by it.
    """
    names: dict[str, None] = {}
    for item in filter(None, map(str.strip, text.split(","))):
        numbers = () if item in known else _numbers(item)
        names |= dict.fromkeys(f"s{number}" for number in numbers) if numbers else {item: None}
    return list(names)


def _numbers(item: str) -> range:
    """The speakers that `4`, `s4`, `10-12` or `s10-s12` mean; none if it is nothing of the kind."""
    match = re.fullmatch(r"s?(\d{1,3})(?:-s?(\d{1,3}))?", item, re.ASCII)
    return range(int(match[1]), int(match[2] or match[1]) + 1) if match else range(0)


def parse_parts(text: str) -> list[Part]:
    """Parts from a list such as `video,align`, in the order of `PARTS`.

    Raises:
        ConfigError: The list names something else.
    """
    names = {item.strip() for item in text.split(",")}
    if unknown := names - {part.name for part in PARTS}:
        known = ", ".join(part.name for part in PARTS)
        raise ConfigError(f"--parts knows {known}; {sorted(unknown)[0]!r} is none of them.")
    return [part for part in PARTS if part.name in names]


def belongs(path: PurePosixPath, speaker: int, part: Part) -> bool:
    """Whether a file in an archive is of this part and may be of this speaker.

    Archives differ in their folders: none, the speaker's, the part's, several. Only a folder that
    names another speaker speaks against a file, and what macOS adds to archives is left out.
    """
    speakers = [name.lower() for name in path.parts[:-1] if re.fullmatch(r"[sS]\d+", name)]
    return (
        path.suffix.lower() == part.suffix
        and not path.name.startswith(".")
        and "__MACOSX" not in path.parts
        and speakers[-1:] in ([], [f"s{speaker}"])
    )


def needed_bytes(
    wanted: Iterable[tuple[int, Part]], sources: Sequence[Source], keep_archives: bool = False
) -> int:
    """Disk space that fetching takes at its worst, in bytes, if the first source has everything."""
    parts = [part for _, part in wanted]
    if not parts:
        return 0
    archives = [part.archive_bytes for part in parts]
    if not sources or not _is_url(sources[0].base):
        stored = 0
    else:
        stored = sum(archives) if keep_archives else max(archives)
    return stored + sum(part.unpacked_bytes for part in parts)


def _is_url(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))
