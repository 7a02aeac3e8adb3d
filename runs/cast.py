"""How often the right person says a subtitle: talks put together from recordings of many people.

    python runs/cast.py PEOPLE

PEOPLE has a folder for each person, with videos or sound files anywhere in it, as GRID has. Their
speech is cut into pieces of 0.8 to 5 s, as subtitles would; in each made-up talk 1 to 4 people say
3 to 11 of theirs. A subtitle is right if most of what its voice says is of the same person. Prints
a Markdown table.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synclips.errors import SynclipsError
from synclips.features.timing import SAMPLE_RATE
from synclips.hearing.activity import speech_spans
from synclips.media.audio import spool_mono
from synclips.speech.grouping import group
from synclips.speech.speaker import mean_embedding, only_speech, part_embeddings

SUFFIXES = frozenset({".mp4", ".mov", ".mkv", ".mpg", ".wav", ".flac"})
SHORTEST, LONGEST, LEAST = 0.8, 5.0, 0.6  # seconds of a piece, and of what is left at the end
TALKS = 200
FEWEST = 3  # pieces of a person


@dataclass(frozen=True, eq=False)
class Piece:
    """A subtitle's worth of speech."""

    person: str
    seconds: float
    embedding: NDArray[np.float32]


def pieces_of(person: Path, rng: np.random.Generator) -> list[Piece]:
    """The speech in all recordings of a person, cut."""
    found = []
    for path in sorted(p for p in person.rglob("*") if p.suffix.lower() in SUFFIXES):
        try:
            samples = spool_mono(path, SAMPLE_RATE)
        except SynclipsError as error:
            print(f"left out: {error}")
            continue
        speech = only_speech(samples, speech_spans(samples))
        while True:
            count = round(rng.uniform(SHORTEST, LONGEST) * SAMPLE_RATE)
            part, speech = speech[:count], speech[count:]
            if len(part) < LEAST * SAMPLE_RATE:
                break
            embedding = mean_embedding(part_embeddings(part))
            found.append(Piece(person.name, len(part) / SAMPLE_RATE, embedding))
    return found


def talk(people: list[list[Piece]], count: int, rng: np.random.Generator) -> list[Piece]:
    """What some of the people say."""
    said = []
    for who in rng.choice(len(people), count, replace=False):
        most = min(int(rng.integers(FEWEST, 12)), len(people[who]))
        said += [people[who][at] for at in sorted(rng.choice(len(people[who]), most, False))]
    return said


def judged(said: list[Piece]) -> tuple[float, int]:
    """The share of pieces whose voice is mostly their person's, and how many voices were found."""
    seconds = np.array([piece.seconds for piece in said], np.float32)
    found = group(np.stack([piece.embedding for piece in said]), seconds, [""] * len(said))
    right = 0
    for voice in set(found.tolist()):
        mine = [piece for piece, each in zip(said, found, strict=True) if each == voice]
        shares = {piece.person: 0.0 for piece in mine}
        for piece in mine:
            shares[piece.person] += piece.seconds
        right += sum(piece.person == max(shares, key=lambda name: shares[name]) for piece in mine)
    return right / len(said), int(found.max()) + 1


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("people", type=Path, help="a folder with a folder for each person")
    rng = np.random.default_rng(0)
    folders = sorted(path for path in parser.parse_args().people.iterdir() if path.is_dir())
    people = [each for each in (pieces_of(path, rng) for path in folders) if len(each) >= FEWEST]
    if len(people) < 4:
        raise SystemExit("There must be speech of at least four people, 15 s of each.")
    print(f"{len(people)} people, {sum(map(len, people))} pieces\n")
    print("| people | subtitles right | voices found | as many as people |")
    print("| ---: | ---: | ---: | ---: |")
    for count in range(1, 5):
        judgements = [judged(talk(people, count, rng)) for _ in range(TALKS)]
        right, found = (np.array(column) for column in zip(*judgements, strict=True))
        print(
            f"| {count} | {100 * right.mean():.1f} % | {found.mean():.2f}"
            f" | {100 * (found == count).mean():.0f} % |"
        )


if __name__ == "__main__":
    main()
