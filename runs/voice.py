"""How much converted speech is the person's, how well it is understood, and what it costs.

    python runs/voice.py data/raw/s32 data/raw/s34 talk.mp4

Each person is a folder of clips (every third clip, four at most, is kept from the profile and says
who the person is) or one video (its last 40 %). Voices of any engine speak sentences; every
profile converts them. An engine without a voice speaks as `say` would have it: converted from a
voice like the person's if it has one, and compared with one that is only as high or low. With
--seconds profiles are learnt from so much speech; --way takes that of longer recordings (frames) or
of shorter ones (envelope) for all. Prints Markdown tables. Words are recognised by pocketsphinx, if
it is installed: with the grammar of GRID of the converted speech, of the voice it is made from, and
of the person's own recordings where they are sentences of GRID; with a language model in other
sentences, in which no grammar helps to guess.
"""

import argparse
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from synclips.corpus.alignment import spell
from synclips.errors import InputError
from synclips.features.loudness import loudness_gain
from synclips.features.mel import log_mel
from synclips.features.timing import SAMPLE_RATE
from synclips.media.audio import read_mono, resampled, write_sound
from synclips.speech.consent import Consent
from synclips.speech.conversion import ProfileConverter
from synclips.speech.engines import choose_voice, engines
from synclips.speech.envelope import corrected
from synclips.speech.pitch import PitchCounts
from synclips.speech.profile import VoiceProfile, learn_voice
from synclips.speech.recording import MOST_SECONDS
from synclips.speech.speaker import embed, mean_embedding, similarity
from synclips.speech.synthesizer import Synthesizer, Utterance, Voice
from synclips.speech.world import RATE, analyse

Sound = NDArray[np.float32]

COMMANDS = (
    "place white with i zero now",
    "set green by q five please",
    "lay red at k two again",
    "bin blue in m eight soon",
    "set red with d nine now",
    "place green at o six please",
    "bin white by f three again",
    "lay blue in r one soon",
)
SENTENCES = (
    "Good morning, and welcome to the show.",
    "The weather will stay warm until the end of the week.",
    "We are looking for somebody who can help us with the garden.",
    "She sells fresh bread and honey on the market every Thursday.",
)
GRAMMAR = (
    "#JSGF V1.0; grammar grid; public <s> = (bin|lay|place|set) (blue|green|red|white)"
    " (at|by|in|with) (a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q|r|s|t|u|v|x|y|z)"
    " (zero|one|two|three|four|five|six|seven|eight|nine) (again|now|please|soon);"
)
WORDS = 6  # of a command
FLUX_OUTLIER = 8.0  # median absolute deviations above the median


@dataclass(frozen=True, eq=False)
class Person:
    """A person: what is learnt, what says who it is, and the sentences of GRID among it."""

    name: str
    profile: VoiceProfile
    embedding: Sound
    own: list[float]
    sentences: list[tuple[Path, str]]


def make_person(path: Path, folder: Path, seconds: float) -> Person:
    """Learn a profile and embed the rest."""
    if path.is_dir():
        clips = sorted(p for p in path.rglob("*") if p.suffix in (".mp4", ".mpg", ".wav"))
        judge = clips[0::3][:4]
        learnt = [clip for clip in clips if clip not in judge]
    else:
        samples = read_mono(path, RATE)
        cut = round(len(samples) * 0.6)
        learnt, judge = [folder / f"{path.stem}-a.wav"], [folder / f"{path.stem}-b.wav"]
        write_sound(learnt[0], samples[:cut], RATE)
        write_sound(judge[0], samples[cut:], RATE)
    agreed = Consent("", "measured here and thrown away", "runs/voice.py")
    profile = learn_voice(learnt, agreed, most=seconds)
    known = [embed(read_mono(clip, SAMPLE_RATE)) for clip in judge]
    if not (found := [one for one in known if one is not None]):
        raise InputError(f"{path} has no speech in the part that is kept from the profile.")
    who = mean_embedding(np.stack(found))
    own = [embed(read_mono(clip, SAMPLE_RATE)) for clip in learnt]
    name = path.parent.name if path.name == "video" else path.stem
    alike = [similarity(one, who) for one in own if one is not None]
    spelt = [(clip, spell(clip.stem)) for clip in (clips if path.is_dir() else [])]
    return Person(name, profile, who, alike, [(clip, text) for clip, text in spelt if text])


class Speakers:
    """Says the texts in the voices asked for, which are named ENGINE/VOICE, or ENGINE."""

    def __init__(self, texts: list[str], names: list[str], folder: Path | None) -> None:
        self._texts, self._names = texts, names
        self._among = engines(folder)
        self._said: dict[tuple[str, str], list[Utterance]] = {}

    def neutral(self, person: Person) -> list[list[Utterance]]:
        """As without a wish for anybody's voice: where none is named one as high or low."""
        return [self._say(*self._choose(name, person)) for name in self._names]

    def converted(self, person: Person) -> list[list[Utterance]]:
        """What is converted: where no voice is named one like the person's."""
        like = person.profile.likeness
        return [
            self._say(engine, voice if "/" in name else engine.nearest(like, "en") or voice)
            for name in self._names
            for engine, voice in [self._choose(name, person)]
        ]

    def _choose(self, name: str, person: Person) -> tuple[Synthesizer, Voice]:
        kind, _, voice = name.partition("/")
        gender = person.profile.likeness.gender
        return choose_voice(
            "en", engine=kind, voice=voice or None, gender=lambda: gender, among=self._among
        )

    def _say(self, engine: Synthesizer, voice: Voice) -> list[Utterance]:
        key = voice.engine, voice.name
        if key not in self._said:
            self._said[key] = list(engine.speak(self._texts, voice, 1.0))
        return self._said[key]


def word_errors(grammar: bool = True) -> Callable[[Sound, str], int] | None:
    """Recogniser: sound at 16 kHz and its words to the number of wrong ones.

    Args:
        grammar: that of GRID; otherwise any words of English, which a recogniser guesses less well.
    """
    try:
        from pocketsphinx import Config, Decoder
    except ImportError:
        return None
    decoder = Decoder(Config(samprate=SAMPLE_RATE, loglevel="FATAL", dither=False))
    if grammar:
        decoder.add_jsgf_string("grid", GRAMMAR)
        decoder.activate_search("grid")

    def errors(sound: Sound, text: str) -> int:
        level = 0.5 * 32767 / max(float(np.abs(sound).max()), 1e-6)
        padded = np.pad(sound * level, (1600, 3200)).astype(np.int16)
        decoder.start_utt()
        decoder.process_raw(padded.tobytes(), full_utt=True)
        decoder.end_utt()
        found = decoder.hyp()
        words = spoken_words(found.hypstr) if found else []
        row = list(range(len(words) + 1))
        for word in spoken_words(text):  # Levenshtein
            last, row[0] = row[0], row[0] + 1
            for place, other in enumerate(words, 1):
                last, row[place] = (
                    row[place],
                    min(last + (word != other), row[place] + 1, row[place - 1] + 1),
                )
        return row[-1]

    return errors


def spoken_words(text: str) -> list[str]:
    """In small letters, without points and commas."""
    return re.findall(r"[a-z']+", text.lower())


def flux_outliers(sound: Sound) -> int:
    """Frames of 10 ms whose spectrum jumps much more than usual."""
    mel = log_mel(sound)
    flux = np.abs(np.diff(mel, axis=0)).mean(axis=1)
    middle = np.median(flux)
    spread = np.median(np.abs(flux - middle)) + 1e-6
    return int((flux > middle + FLUX_OUTLIER * spread).sum())


def at_16k(samples: Sound, rate: int) -> Sound:
    """Resampled to what the measures hear."""
    return resampled(samples, rate, SAMPLE_RATE)


def report(
    people: list[Person], texts: list[str], speakers: Speakers, matching: bool | None
) -> None:
    """Convert everything and print the tables."""
    errors, any_errors = word_errors(), word_errors(grammar=False)
    print(
        "| person | speech learnt from | TTS | voice taken | converted | own speech | gap closed"
        " | right above wrong | pitch median | pitch range | loudness | jumps per s (TTS)"
        " | word errors (TTS, own speech) | in sentences (TTS) | real time |"
    )
    print("| --- |" + " ---: |" * 14, flush=True)
    gaps: list[float] = []
    for person in people:
        sounds: list[Sound] = []
        pitch, loud, cost, seconds = PitchCounts(), [], 0.0, 0.0
        voices = speakers.converted(person)
        plain = [at_16k(take.samples, take.rate) for takes in voices for take in takes]
        neutral = [
            at_16k(take.samples, take.rate) for takes in speakers.neutral(person) for take in takes
        ]
        said = texts * len(voices)
        for takes in voices:
            converter = ProfileConverter(person.profile, person.name, matching)
            for take in takes:
                began = time.process_time()
                voice = converter.convert(take.samples, take.rate)
                cost += time.process_time() - began
                seconds += len(take.samples) / take.rate
                sounds.append(at_16k(voice, take.rate))
                loud.append(-23 - loudness_gain(sounds[-1]) - person.profile.loudness)
                sound = resampled(voice, take.rate, RATE)
                parts = corrected(sound, analyse(sound, careful=True))  # as the profile was
                pitch.add(parts.pitch, parts.level)
        before, taken, after = (
            [embedding for sound in some if (embedding := embed(sound)) is not None]
            for some in (neutral, plain, sounds)
        )
        alike = [
            float(np.mean([similarity(one, person.embedding) for one in some]))
            for some in (before, taken, after)
        ]
        own = float(np.mean(person.own))
        pairs = [
            similarity(a, person.embedding) > similarity(a, other.embedding)
            for a in after
            for other in people
            if other is not person
        ]
        gaps.append((alike[2] - alike[0]) / (own - alike[0]))
        wanted, heard = person.profile.pitch_range, pitch.range
        jumps = sum(map(flux_outliers, sounds)) / seconds
        base = sum(map(flux_outliers, plain)) / seconds
        words = sentences = "–"
        if any_errors is not None:
            free = [i for i, text in enumerate(said) if text in SENTENCES]
            count = sum(len(spoken_words(said[i])) for i in free)
            now = sum(any_errors(sounds[i], said[i]) for i in free)
            then = sum(any_errors(plain[i], said[i]) for i in free)
            sentences = f"{100 * now / count:.0f} % ({100 * then / count:.0f} %)"
        if errors is not None:
            commands = [i for i, text in enumerate(said) if text in COMMANDS]
            count = WORDS * len(commands)
            now = sum(errors(sounds[i], said[i]) for i in commands)
            then = sum(errors(plain[i], said[i]) for i in commands)
            real = [errors(read_mono(clip, SAMPLE_RATE), text) for clip, text in person.sentences]
            own_words = f"{100 * np.mean(real) / WORDS:.0f} %" if real else "–"
            words = f"{100 * now / count:.0f} % ({100 * then / count:.0f} %, {own_words})"
        print(
            f"| {person.name} | {person.profile.recording.seconds:.2g} s | {alike[0]:.2f} |"
            f" {alike[1]:.2f} | {alike[2]:.2f} | {own:.2f} | {100 * gaps[-1]:.0f} % |"
            f" {100 * np.mean(pairs) if pairs else 100:.0f} % |"
            f" {100 * (heard.median / wanted.median - 1):+.0f} % |"
            f" {100 * (heard.spread / wanted.spread - 1):+.0f} % |"
            f" {np.mean(np.abs(loud)):.1f} dB | {jumps:.2f} ({base:.2f}) | {words} | {sentences} |"
            f" {cost / seconds:.2f} |",
            flush=True,
        )
    print(f"\nmean gap closed: {100 * np.mean(gaps):.0f} %")


def main() -> None:
    """Measure all people together."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("people", type=Path, nargs="+", help="folders of clips, or videos")
    parser.add_argument(
        "--voices", nargs="+", default=["flite/slt", "flite/awb"], help="as ENGINE/VOICE or ENGINE"
    )
    parser.add_argument("--voices-folder", type=Path, help="of piper and kokoro")
    parser.add_argument("--seconds", type=float, default=MOST_SECONDS, help="of speech, at most")
    parser.add_argument("--way", choices=["frames", "envelope"], help="by length, by default")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    texts = [*COMMANDS, *SENTENCES]
    speakers = Speakers(texts, arguments.voices, arguments.voices_folder)
    people: list[Person] = []
    with tempfile.TemporaryDirectory() as folder:
        for path in arguments.people:
            try:
                people.append(make_person(path, Path(folder), arguments.seconds))
            except InputError as error:
                print(f"left out: {error}\n")
    matching = None if arguments.way is None else arguments.way == "envelope"
    report(people, texts, speakers, matching)


if __name__ == "__main__":
    main()
