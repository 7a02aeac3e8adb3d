"""A person's voice, learnt from recordings and kept for later: what `synclips voice` makes.

    voice.json              seconds, loudness, pitch, warnings, and who agreed to the imitation
    voice.safetensors       embedding, and the person's speech frame by frame

Knows how a profile is learnt, written and read; does not know how speech is converted.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load as bytes_to_arrays
from safetensors.numpy import save as arrays_to_bytes

from synclips.errors import ModelError
from synclips.features.loudness import TARGET_LUFS, loudness_gain
from synclips.features.timing import SAMPLE_RATE
from synclips.hearing.activity import Span, speech_spans
from synclips.hearing.hearing import require_weights
from synclips.media.audio import probe_sound, spool_mono
from synclips.media.partial import write_folder
from synclips.media.spool import Rows, Spool
from synclips.models.threads import one_thread
from synclips.progress import Count, uncounted
from synclips.speech.cast import CastMember
from synclips.speech.consent import Consent
from synclips.speech.content import Statistics, raw_content
from synclips.speech.envelope import corrected
from synclips.speech.likeness import Likeness
from synclips.speech.pitch import PitchRange, pitch_range
from synclips.speech.recording import (
    LEAST_SECONDS,
    MOST_SECONDS,
    Recording,
    assess,
    no_speech,
    speech_to_noise,
)
from synclips.speech.speaker import mean_embedding, only_speech, part_embeddings
from synclips.speech.world import FRAMES_PER_SECOND, RATE, analyse, check_installed, frame_level

FORMAT = 2

_LONGEST_SPAN = 10  # seconds analysed at once
_ARRAYS = ("embedding", "envelope", "aperiodicity", "pitch", "content", "follows")


@dataclass(frozen=True, eq=False)
class VoiceProfile:
    """A voice.

    Attributes:
        embedding: (256,) unit vector of the voice.
        envelope: (R, FFT / 2 + 1) float16, log power spectra of spoken frames, `corrected`, at a
            loudness of -23 LUFS.
        aperiodicity: (R, FFT / 2 + 1) float16.
        pitch: (R,) float32, Hz, 0 where unvoiced.
        content: (R, D) float16, see `content.raw_content`.
        follows: (R,) whether a frame was spoken right after the one before.
        loudness: LUFS of the recordings' speech.
        recording: how good they are.
        consent: who agreed to the imitation.
    """

    embedding: NDArray[np.float32]
    envelope: NDArray[np.float16]
    aperiodicity: NDArray[np.float16]
    pitch: NDArray[np.float32]
    content: NDArray[np.float16]
    follows: NDArray[np.bool_]
    loudness: float
    recording: Recording
    consent: Consent

    @property
    def level(self) -> NDArray[np.float64]:
        """(R,) see `frame_level`."""
        return frame_level(self.envelope.astype(np.float64))

    @property
    def pitch_range(self) -> PitchRange:
        """Where the voice moves."""
        return pitch_range(self.pitch, self.level)

    @property
    def likeness(self) -> Likeness:
        """What another voice has to be like to be like this one."""
        return Likeness(self.embedding, self.pitch_range.median or None)

    @property
    def statistics(self) -> Statistics:
        """Of the content."""
        return Statistics.of(self.content.astype(np.float64))


@one_thread()
def learn_voice(
    paths: Sequence[Path],
    consent: Consent,
    progress: Count = uncounted,
    member: CastMember | None = None,
    most: float = MOST_SECONDS,
) -> VoiceProfile:
    """Learn a voice from the speech in videos or sound files.

    Args:
        paths: Recordings of one person.
        consent: The record that is kept with the voice.
        progress: Called with the seconds of speech that are learnt, and how many there are.
        member: Who of several people in each the voice is of; by default all speech is theirs.
        most: Seconds of speech that are used.

    Raises:
        InputError: A file cannot be read, or there is less than half a second of speech
            in all.
        ConfigError: pyworld is not installed.
        ModelError: what hears speech is not there.
    """
    check_installed()
    require_weights()
    for path in paths:  # a wrong name is told before the others are listened to
        probe_sound(path)
    recordings: list[tuple[Path, Spool, list[Span], float]] = []
    speech: list[NDArray[np.float32]] = []
    noise: list[float] = []
    loudness: list[float] = []
    seconds = 0.0
    for path in paths:
        if seconds >= most:
            break
        samples = spool_mono(path, SAMPLE_RATE)
        everybody = speech_spans(samples) if member is None else member.everybody
        spans = _first(everybody if member is None else member.spans, most - seconds)
        if not spans:
            continue
        spoken = only_speech(samples, spans)
        seconds += len(spoken) / SAMPLE_RATE
        gain = loudness_gain(spoken, SAMPLE_RATE)
        loudness.append(TARGET_LUFS - gain)
        ratio = speech_to_noise(samples, spans, everybody)
        noise += [] if ratio is None else [ratio]
        speech.append(spoken * np.float32(10 ** (gain / 20)))
        recordings.append((path, samples, spans, gain))
    if seconds < LEAST_SECONDS:
        raise no_speech(paths, seconds)
    found: dict[str, list[NDArray[Any]]] = {name: [] for name in _ARRAYS}
    done = 0.0
    for path, samples, spans, gain in recordings:
        sound = spool_mono(path, RATE)
        for span in spans:
            _take_apart(samples, sound, span, gain, found)
            done += (span.stop - span.start) / SAMPLE_RATE
            progress(round(done), round(seconds))
    parts = part_embeddings(np.concatenate(speech))
    return VoiceProfile(
        embedding=mean_embedding(parts),
        envelope=np.concatenate(found["envelope"]),
        aperiodicity=np.concatenate(found["aperiodicity"]),
        pitch=np.concatenate(found["pitch"]),
        content=np.concatenate(found["content"]),
        follows=np.concatenate(found["follows"]),
        loudness=float(np.mean(loudness)),
        recording=assess(seconds, min(noise) if noise else None, parts),
        consent=consent,
    )


def save_profile(profile: VoiceProfile, folder: Path) -> None:
    """Write a profile; an older one there is replaced when both files are complete.

    Raises:
        OutputError: The folder cannot be written, or the disk is full.
    """
    arrays = {name: np.ascontiguousarray(getattr(profile, name)) for name in _ARRAYS}
    data = arrays_to_bytes(arrays)
    values = {
        "format": FORMAT,
        "consent": asdict(profile.consent),
        "loudness_lufs": round(profile.loudness, 2),
        "pitch_hz": round(profile.pitch_range.median, 1),
        "recording": asdict(profile.recording),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    text = json.dumps(values, indent=2) + "\n"
    write_folder(folder, {"voice.safetensors": data, "voice.json": text.encode()})


def load_profile(folder: Path) -> VoiceProfile:
    """Read a profile.

    Raises:
        ModelError: There is none, it is incomplete or damaged, or nobody agreed to it.
    """
    try:
        values = json.loads((folder / "voice.json").read_text(encoding="utf-8"))
        data = (folder / "voice.safetensors").read_bytes()
        if values["format"] != FORMAT:
            raise ValueError(f"format {values['format']}, this version reads {FORMAT}")
        if hashlib.sha256(data).hexdigest() != values["sha256"]:
            raise ValueError("its two files do not belong together")
        recording = values["recording"] | {"warnings": tuple(values["recording"]["warnings"])}
        return VoiceProfile(
            **{name: bytes_to_arrays(data)[name] for name in _ARRAYS},
            loudness=float(values["loudness_lufs"]),
            recording=Recording(**recording),
            consent=Consent(**values["consent"]),
        )
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        why = "it has no such files" if isinstance(error, OSError) else error
        raise ModelError(
            f"{folder} is not a voice profile ({why}); make one with"
            " `synclips voice VIDEO -o FOLDER`."
        ) from error


def _first(spans: Sequence[Span], seconds: float) -> list[Span]:
    """The spans up to a sum of seconds, the last one cut, none longer than can be analysed."""
    left = round(seconds * SAMPLE_RATE)
    result: list[Span] = []
    for span in spans:
        stop = min(span.stop, span.start + left)
        left -= stop - span.start
        step = _LONGEST_SPAN * SAMPLE_RATE
        result += [Span(at, min(at + step, stop)) for at in range(span.start, stop, step)]
    return result


def _take_apart(
    heard: Rows, sound: Rows, span: Span, gain_db: float, found: dict[str, list[NDArray[Any]]]
) -> None:
    """Add the frames of a span, heard at `SAMPLE_RATE` and `RATE`, to those found before."""
    factor = np.float32(10 ** (gain_db / 20))
    margin = SAMPLE_RATE // 2  # so that the first frame of a span knows what came before
    start, stop = max(span.start - margin, 0), min(span.stop + margin, len(heard))
    part = sound[_at_voice_rate(start) : _at_voice_rate(stop)] * factor
    speech = corrected(part, analyse(part, careful=True))
    raw = raw_content(heard[start:stop] * factor, speech)
    first = (span.start - start) * FRAMES_PER_SECOND // SAMPLE_RATE
    last = min((span.stop - start) * FRAMES_PER_SECOND // SAMPLE_RATE, len(speech))
    if last <= first:
        return
    kept = slice(first, last)
    found["envelope"].append(speech.envelope[kept].astype(np.float16))
    found["aperiodicity"].append(speech.aperiodicity[kept].astype(np.float16))
    found["pitch"].append(speech.pitch[kept].astype(np.float32))
    found["content"].append(raw[kept].astype(np.float16))
    found["follows"].append(np.arange(last - first) > 0)


def _at_voice_rate(sample: int) -> int:
    return sample * RATE // SAMPLE_RATE
