"""How closely the drawn lips follow speech that was made from text, for which no video exists.

    python runs/said.py data/raw

The folder is GRID, sN/video and sN/align. From the recorded clips that may be trained on it is
learnt how far the mouth opens for each phone. That gives the opening to be expected of any phones
whose times are known: of recordings and of what Piper and Kokoro say, aligned with their words, and
of what Flite, Festival and eSpeak NG say, which tell the times themselves. Held-out speakers are
made to speak both; what is drawn is tracked and correlated with the expected opening, from the
first phone to the last. The speaker's real videos show what a true mouth gets, the phones of the
other sentences, stretched to the same length, what needs no listening. Prints a Markdown table.

    python runs/said.py data/raw --prepared data/prepared --model checkpoints/synclips-1/model

takes the landmarks of real clips from a prepared corpus, which is the same and quicker.
"""

import argparse
import math
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from synclips.corpus import festival
from synclips.corpus.alignment import find_alignment, read_alignment
from synclips.corpus.clips import Clip, Split, find_clips
from synclips.corpus.espeak import Espeak
from synclips.corpus.flite import check_flite
from synclips.corpus.flite import speak as speak_flite
from synclips.corpus.phone_alignment import Aligner
from synclips.corpus.phone_set import BILABIALS, IGNORED, PHONES, Segment
from synclips.corpus.prepared import load_prepared
from synclips.corpus.sentences import sentence
from synclips.corpus.visemes import values_of_phones
from synclips.errors import SynclipsError
from synclips.evaluation.measure import measure
from synclips.evaluation.metrics import best_lag, correlation_at_lags
from synclips.faces.shape import LipShape
from synclips.faces.track import FaceTrack
from synclips.faces.tracker import FaceTracker, MediaPipeTracker
from synclips.features.timing import GRID_FRAME_RATE, SAMPLE_RATE
from synclips.media.audio import read_mono, resampled, write_sound
from synclips.media.video import VideoReader
from synclips.options import DEFAULT_MODEL
from synclips.pipeline import LipSync
from synclips.speech.engines import choose_voice
from synclips.speech.synthesizer import Synthesizer, Voice

Curve = NDArray[np.floating]
Speak = Callable[[str], tuple[NDArray[np.float32], list[Segment]]]

RATE = float(GRID_FRAME_RATE)
SMOOTHING = 0.12  # seconds over which neighbouring phones share the mouth
OFFSETS = np.arange(-6, 7) * 0.02  # seconds by which lips may be late against the phones
PRIOR = 25.0  # frames; a phone heard for less looks mostly like the others of its lip group
MAX_LAG = 5  # frames
PAUSE = 0.3  # seconds of silence before and after what a synthesiser says
CLOSED = 0.25  # of the range of the speaker's real mouth
VOICES = (
    "flite/slt",
    "flite/awb",
    "flite/rms",
    "festival/kal_diphone",
    "espeak/en-us",
    "espeak/en-gb",
)
LATE = frozenset({("s34", "bbaczs"), ("s34", "bbao8s")})
"""Clips whose sound is 7 and 10 frames late in the corpus itself."""


@dataclass(frozen=True, eq=False)
class Recorded:
    """A clip: its words, phones and sound, and how the real mouth opens, 25 times per second."""

    clip: Clip
    words: list[str]
    samples: NDArray[np.float32]
    phones: list[Segment]
    opening: Curve


@dataclass(frozen=True, eq=False)
class Expected:
    """The opening of the mouth that phones lead to expect, in the speaker's deviations.

    Attributes:
        values: (40,) of each phone.
        offset: seconds by which the lips are late against the phones.
        frames: (40,) of each phone that it was learnt from.
    """

    values: Curve
    offset: float
    frames: Curve

    def of(self, phones: list[Segment], count: int) -> Curve:
        """(count,) from the first to the last phone, 25 per second; NaN before and after."""
        curve = shares(phones, count, self.offset) @ self.values
        first, last = span(phones)
        times = np.arange(count) / RATE - self.offset
        return np.where((times >= first) & (times <= last), curve, np.nan)


def span(phones: list[Segment]) -> tuple[float, float]:
    """Seconds at which the first phone begins and the last one ends, silence left out."""
    spoken = [phone for phone in phones if phone.phone != 0]
    return spoken[0].start, spoken[-1].stop


def shares(phones: list[Segment], count: int, offset: float) -> Curve:
    """(count, 40) of the time around each instant, which phone takes how much."""
    middle = np.arange(count) / RATE - offset
    low, high = middle - SMOOTHING / 2, middle + SMOOTHING / 2
    result = np.zeros((count, len(PHONES)))
    left = np.ones(count)
    for phone in phones:
        part = np.clip(np.minimum(high, phone.stop) - np.maximum(low, phone.start), 0, None)
        left -= part / SMOOTHING
        if phone.phone != IGNORED:
            result[:, phone.phone] += part / SMOOTHING
    result[:, 0] += np.clip(left, 0, None)
    return result


def learn(clips: list[Recorded]) -> Expected:
    """How far the mouth opens for each phone; one that GRID does not have, as its lip group."""
    people = {clip.clip.person for clip in clips}
    openings = {
        name: np.concatenate([c.opening for c in clips if c.clip.person == name]) for name in people
    }
    scaled = [
        (c.opening - np.nanmean(openings[c.clip.person])) / np.nanstd(openings[c.clip.person])
        for c in clips
    ]
    best: tuple[float, Expected] | None = None
    for offset in OFFSETS.tolist():
        parts = [shares(c.phones, len(c.opening), offset) for c in clips]
        rows, seen = np.concatenate(parts), np.concatenate(scaled)
        rows, seen = rows[np.isfinite(seen)], seen[np.isfinite(seen)]
        values = values_of_phones(rows, seen, PRIOR)
        expected = Expected(values, offset, rows.sum(axis=0))
        fit = float(np.nanmean([agreement(c.opening, c.phones, expected)[MAX_LAG] for c in clips]))
        if best is None or fit > best[0]:
            best = fit, expected
    assert best is not None
    return best[1]


def agreement(opening: Curve, phones: list[Segment], expected: Expected) -> Curve:
    """(2 MAX_LAG + 1,) correlations while somebody speaks; a positive lag: the lips are late."""
    return correlation_at_lags(opening, expected.of(phones, len(opening)), MAX_LAG)


def stretched(phones: list[Segment], like: list[Segment]) -> list[Segment]:
    """The phones of another sentence, begun and ended when this one is."""
    (a, b), (c, d) = span(phones), span(like)

    def at(time: float) -> float:
        return c + (time - a) * (d - c) / (b - a)

    return [Segment(phone.phone, at(phone.start), at(phone.stop)) for phone in phones]


def closed(
    opening: Curve, phones: list[Segment], offset: float, threshold: float
) -> tuple[list[bool], list[bool]]:
    """Whether the lips are together in each frame of p, b and m, and in each of other phones."""
    times = np.arange(len(opening)) / RATE - offset
    first, last = span(phones)
    shut = np.zeros(len(opening), bool)
    for phone in phones:
        if phone.phone in BILABIALS:
            shut |= (times >= phone.start) & (times < phone.stop)
    other = (times >= first) & (times < last) & ~shut
    known = np.isfinite(opening)
    return tuple((opening[part & known] < threshold).tolist() for part in (shut, other))


@dataclass(frozen=True, eq=False)
class Shown:
    """A mouth that was tracked, the phones it should say, and those of all other sentences."""

    opening: Curve
    phones: list[Segment]
    others: list[list[Segment]]
    threshold: float


def row(name: str, items: list[Shown], expected: Expected) -> str:
    """A row of the table: means over the items with their standard error, shares of all frames."""
    curves = np.array([agreement(i.opening, i.phones, expected) for i in items])
    right = np.nanmean(curves, axis=0)
    noise = np.nanstd(curves[:, MAX_LAG], ddof=1) / math.sqrt(len(items))
    wrong = np.nanmean(
        [agreement(i.opening, other, expected)[MAX_LAG] for i in items for other in i.others]
    )
    lag, at_lag = best_lag(right)
    parts = [closed(i.opening, i.phones, expected.offset, i.threshold) for i in items]
    shut, other = (
        [answer for part in side for answer in part] for side in zip(*parts, strict=True)
    )
    return (
        f"| {name} | {len(items)} | {right[MAX_LAG]:.2f} ± {noise:.2f} | {lag:+.0f} | {at_lag:.2f}"
        f" | {wrong:.2f} | {percent(shut)} of {len(shut)} | {percent(other)} |"
    )


HEAD = (
    "| lips and speech | items | r | best lag, frames | r there | r with the wrong text"
    " | closed in frames of p b m | in other frames |\n| --- |" + " ---: |" * 7
)


def percent(answers: list[bool]) -> str:
    """How many are true, in percent."""
    return f"{100 * np.mean(answers):.0f} %" if answers else "–"


class Replay:
    """A tracker that has seen the clip before: its landmarks out of a prepared corpus."""

    def __init__(self, track: FaceTrack) -> None:
        self._rows = iter(track.points[:])

    def find(self, image: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        """The next frame's landmarks, whatever the picture."""
        points = next(self._rows)
        return None if np.isnan(points).any() else points

    def close(self) -> None:
        """Nothing to release."""


def recorded(
    clip: Clip, aligner: Aligner, shape: LipShape, prepared: Path | None
) -> Recorded | None:
    """Align and track a clip; None if its words or its face are not found."""
    alignment = find_alignment(clip)
    if alignment is None:
        return None
    samples = read_mono(clip.path, SAMPLE_RATE, VideoReader(clip.path).info.start)
    try:
        words = [word.text for word in read_alignment(alignment)]
        phones = aligner.align(samples, words)
        opening = measure(clip.path, shape, lambda: tracker(clip, prepared)).opening
    except SynclipsError as error:
        tell(f"left out: {error}")
        return None
    return Recorded(clip, words, samples, phones, opening.astype(np.float64))


def tracker(clip: Clip, prepared: Path | None) -> FaceTracker:
    """What finds the face in a real clip."""
    known = [] if prepared is None else list(load_prepared([clip], prepared))
    return Replay(known[0].track) if known else MediaPipeTracker()


@dataclass(frozen=True)
class Said:
    """What shall speak.

    Attributes:
        voices: as flite/slt.
        folder: of the voices of piper and kokoro.
        aligner: finds the phones of engines that do not tell them.
    """

    voices: Sequence[str]
    folder: Path | None
    aligner: Aligner


def speakers(wanted: Said, stack: ExitStack) -> dict[str, Speak]:
    """What speaks, by the names of engine and voice."""
    result: dict[str, Speak] = {}
    for name in wanted.voices:
        engine, _, voice = name.partition("/")
        if engine == "flite":
            check_flite((voice,))
            result[name] = lambda text, voice=voice: speak_flite(text, voice)
        elif engine == "festival":
            festival.check_festival((voice,))
            result[name] = lambda text, voice=voice: festival.speak(text, voice)
        elif engine == "espeak":
            result[name] = stack.enter_context(Espeak(voice)).speak
        else:
            speaker = choose_voice("en", engine=engine, voice=voice, folder=wanted.folder)
            result[name] = lambda text, speaker=speaker: aligned(text, *speaker, wanted.aligner)
    return result


def aligned(
    text: str, engine: Synthesizer, voice: Voice, aligner: Aligner
) -> tuple[NDArray[np.float32], list[Segment]]:
    """What an engine says that tells no phones."""
    (said,) = engine.speak([text], voice, 1.0)
    samples = resampled(said.samples, said.rate, SAMPLE_RATE)
    return samples, aligner.align(samples, re.findall("[a-z']+", text.lower()))


def padded(
    samples: NDArray[np.float32], phones: list[Segment]
) -> tuple[NDArray[np.float32], list[Segment]]:
    """The same with silence around it."""
    around = round(PAUSE * SAMPLE_RATE)
    moved = [Segment(p.phone, p.start + PAUSE, p.stop + PAUSE) for p in phones]
    return np.pad(samples, around), moved


def as_text(words: list[str]) -> str:
    """A sentence of GRID as it is read aloud: its letter is a name, not an article."""
    return " ".join(word.upper() if len(word) == 1 else word for word in words)


def draw(engine: LipSync, frames: Path, samples: NDArray[np.float32], folder: Path) -> Curve:
    """Make a clip speak, and track what was drawn."""
    sound, video = folder / "said.wav", folder / "said.mp4"
    write_sound(sound, samples, SAMPLE_RATE)
    engine.sync(frames, sound, video)
    return measure(video, engine.shape).opening.astype(np.float64)


def of_each(clips: Iterable[Clip], most: int) -> list[Clip]:
    """At most so many clips of each person."""
    taken: dict[str, list[Clip]] = {}
    for clip in clips:
        if len(taken.setdefault(clip.person, [])) < most:
            taken[clip.person].append(clip)
    return [clip for chosen in taken.values() for clip in chosen]


def tell(message: str) -> None:
    """Say on the error stream what goes on."""
    print(message, file=sys.stderr, flush=True)


def show(expected: Expected, clips: list[Recorded]) -> None:
    """Print what was learnt."""
    people = len({clip.clip.person for clip in clips})
    print(
        f"Learnt from {len(clips)} clips of {people} people; the lips are"
        f" {-1000 * expected.offset:.0f} ms early. Opening of each phone in deviations (frames):\n"
    )
    order = np.argsort(-expected.values)
    seen = [f"{PHONES[k]} {expected.values[k]:+.1f} ({expected.frames[k]:.0f})" for k in order]
    print(", ".join(seen) + ".\n", flush=True)


def main() -> None:
    """Learn, speak, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path, nargs="+", help="folders of GRID clips")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="a model by name, or its folder")
    parser.add_argument("--speakers", default="s32,s34", help="held-out people who are drawn")
    parser.add_argument("--voices", nargs="+", default=VOICES, help="as flite/slt or espeak/en-us")
    parser.add_argument("--voices-folder", type=Path, help="of piper and kokoro")
    parser.add_argument("--items", type=int, default=4, help="of each speaker and kind of speech")
    parser.add_argument("--learn", type=int, default=15, help="clips of each other person at most")
    parser.add_argument("--prepared", type=Path, help="a prepared corpus of the same clips")
    arguments = parser.parse_args()
    if arguments.items < 2:
        parser.error("--items must be at least 2: a wrong text is another item's.")
    torch.set_num_threads(1)
    engine = LipSync(arguments.model, "cpu", adapt="off")
    aligner, wanted = Aligner(), arguments.speakers.split(",")
    clips = find_clips(arguments.data)
    others = [clip for clip in clips if clip.person not in wanted and Split().trains(clip)]
    drawn = [c for c in clips if c.person in wanted and (c.person, c.name) not in LATE]

    def tracked(some: list[Clip]) -> list[Recorded]:
        found = []
        for number, clip in enumerate(some, 1):
            tell(f"{number}/{len(some)} {clip.key}")
            found.append(recorded(clip, aligner, engine.shape, arguments.prepared))
        return [clip for clip in found if clip is not None]

    taught = tracked(of_each(others, arguments.learn))
    expected = learn(taught)
    show(expected, taught)
    said = Said(arguments.voices, arguments.voices_folder, aligner)
    report(engine, tracked(drawn), expected, said, arguments.items)


def report(
    engine: LipSync, clips: list[Recorded], expected: Expected, said: Said, items: int
) -> None:
    """Make the held-out people speak and print the table, row by row."""
    people = sorted({clip.clip.person for clip in clips})
    own = {name: [clip for clip in clips if clip.clip.person == name] for name in people}
    threshold = {}
    for name in people:
        every = np.concatenate([clip.opening for clip in own[name]])
        low, high = np.nanpercentile(every, [5, 95])
        threshold[name] = low + CLOSED * (high - low)
    # The frames of a sentence speak the next one; neighbours in GRID differ by little, so those
    # that are drawn are spread over all.
    jobs = [
        (name, own[name][k], own[name][(k + 1) % len(own[name])])
        for name in people
        for k in np.unique(np.linspace(0, len(own[name]) - 1, items).astype(int)).tolist()
    ]
    print(HEAD, flush=True)

    def shown(name: str, openings: list[Curve], phones: list[list[Segment]]) -> list[Shown]:
        found = []
        for k, (opening, said, job) in enumerate(zip(openings, phones, jobs, strict=True)):
            others = [stretched(other, said) for other in phones[:k] + phones[k + 1 :]]
            found.append(Shown(opening, said, others, threshold[job[0]]))
        print(row(name, found, expected), flush=True)
        return found

    truths = [target.phones for _, _, target in jobs]
    shown("real video", [target.opening for _, _, target in jobs], truths)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        voice_of = speakers(said, stack)
        lips = [draw(engine, f.clip.path, target.samples, folder) for _, f, target in jobs]
        shown("recorded speech", lips, truths)
        rng = np.random.default_rng(0)
        texts = {
            "the same words": [as_text(target.words) for _, _, target in jobs],
            "other sentences": [sentence(rng) for _ in jobs],
        }
        for kind, lines in texts.items():
            every: list[Shown] = []
            for name, speak in voice_of.items():
                spoken = [padded(*speak(line)) for line in lines]
                lips = [
                    draw(engine, frames.clip.path, samples, folder)
                    for (samples, _), (_, frames, _) in zip(spoken, jobs, strict=True)
                ]
                every += shown(f"{kind}, {name}", lips, [phones for _, phones in spoken])
            print(row(f"{kind}, all voices", every, expected), flush=True)


if __name__ == "__main__":
    main()
