"""Where somebody speaks in a sound: a network that knows speech from music and noise.

`features.loudness` tells speech from silence and steady noise, and takes music for speech. This
file knows better: it is asked before a voice is learnt from a recording, where it is strict, and
before lips are moved, where it is lenient. Knows spans of samples, not whose voice it is.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray

from synclips.features.loudness import speech_activity
from synclips.features.timing import MOTION_RATE, SAMPLE_RATE
from synclips.media.spool import Rows
from synclips.models.speech_detector import CHUNK, CONTEXT, SpeechDetector, State
from synclips.models.weights import SPEECH_WEIGHTS, load_network
from synclips.spans import spans_of

_BLOCK = 1024  # chunks at once: 33 s

# The chance at which speech begins and below which it ends, and seconds: a shorter pause does not
# end it, shorter speech is none, and so much is kept before and after. Silero's own values, but for
# pauses, which are a little shorter.
_BEGIN, _END = 0.5, 0.35
_PAUSE, _SHORTEST, _MARGIN = 0.1, 0.25, 0.03

# Lips rest in so many chunks (2 s) of which no more than a few have more than hardly a chance of
# speech. Whispering and speech under music are above it in half of them; music alone, noise and
# applause in one of a hundred. But so are songs: the detector does not know singing, so where
# hardly anybody speaks at all, in less of what is heard than this, it is not believed.
_LONG = 62
_STRAY = 3
_HARDLY = 0.1
_TALK = 0.25
# Seconds that stay as they are on each side, and over which the lips come to rest.
_KEPT, _FADE = 0.3, 0.3
# Quiet speech is below the gate of `speech_activity`, above all under noise. Where the detector
# hears it, lips move, and come to rest between so many seconds before and after.
_NEAR, _AWAY = 0.1, 0.3


@dataclass(frozen=True)
class Span:
    """Samples from `start` to before `stop`, at the rate of the sound they were found in."""

    start: int
    stop: int


@lru_cache(maxsize=1)
def _detector() -> SpeechDetector:
    return load_network(SpeechDetector(), SPEECH_WEIGHTS / "activity.safetensors")


def speech_probability(samples: Rows) -> NDArray[np.float32]:
    """The chance of speech in every 32 ms of a sound.

    Args:
        samples: (n,) mono sound at `SAMPLE_RATE`, full scale 1.

    Returns:
        (ceil(n / CHUNK),) from 0 to 1.
    """
    detector = _detector()
    count = -(-len(samples) // CHUNK)
    result = np.empty(count, np.float32)
    before = np.zeros(CONTEXT, np.float32)
    state: State | None = None
    with torch.inference_mode():
        for first in range(0, count, _BLOCK):
            last = min(first + _BLOCK, count)
            block = np.asarray(samples[first * CHUNK : last * CHUNK], np.float32)
            block = np.concatenate([before, block])
            block = np.pad(block, (0, CONTEXT + (last - first) * CHUNK - len(block)))
            before = block[-CONTEXT:]
            views = np.lib.stride_tricks.sliding_window_view(block, CONTEXT + CHUNK)[::CHUNK]
            chance, state = detector(torch.from_numpy(views.copy()), state)
            result[first:last] = chance.numpy()
    return result


def lip_activity(samples: Rows) -> NDArray[np.float32]:
    """How much lips may move at every motion instant: `speech_activity`, and what it misses.

    Also rest in music, in a talk, that is: a song is sung to its end.

    Args:
        samples: (n,) mono sound at `SAMPLE_RATE`, full scale 1.

    Returns:
        (M,) from 0 (rest) to 1, at `MOTION_RATE`.
    """
    activity = speech_activity(samples, SAMPLE_RATE)
    chances = speech_probability(samples)
    spoken = np.count_nonzero(chances >= _BEGIN) * CHUNK / SAMPLE_RATE
    is_talk = spoken >= _TALK * np.count_nonzero(activity) / float(MOTION_RATE)
    seconds = np.arange(len(activity)) / float(MOTION_RATE)
    activity = np.maximum(activity, _near_speech(chances, seconds))
    if not is_talk:
        return activity.astype(np.float32)
    for start, stop in _speechless(chances):
        first = -np.inf if start == 0 else start + _KEPT
        last = np.inf if stop * SAMPLE_RATE >= len(samples) else stop - _KEPT
        away = np.minimum(seconds - first, last - seconds) / _FADE
        activity *= 1 - np.clip(away, 0, 1)
    return activity.astype(np.float32)


def _near_speech(chances: NDArray[np.float32], seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 at moments (N,) of speech, falling to 0 on both sides of it."""
    spoken = np.flatnonzero(chances >= _BEGIN)
    if not len(spoken):
        return np.zeros(len(seconds))
    middles = (spoken + 0.5) * CHUNK / SAMPLE_RATE
    after = np.searchsorted(middles, seconds).clip(0, len(middles) - 1)
    before = np.maximum(after - 1, 0)
    away = np.minimum(np.abs(middles[after] - seconds), np.abs(seconds - middles[before]))
    nearness: NDArray[np.float64] = np.clip((_AWAY - away) / (_AWAY - _NEAR), 0, 1)
    return nearness


def _speechless(chances: NDArray[np.float32]) -> list[tuple[float, float]]:
    """Seconds at which long stretches with hardly a chance of speech begin and end."""
    if len(chances) < _LONG:
        return []
    window = np.ones(_LONG)
    empty = np.convolve(chances >= _HARDLY, window, "valid") <= _STRAY + 0.5
    speechless = np.convolve(empty, window) > 0.5
    step = CHUNK / SAMPLE_RATE
    return [(start * step, stop * step) for start, stop in spans_of(speechless).tolist()]


def speech_spans(samples: Rows) -> list[Span]:
    """The spans of a sound in which somebody speaks, in order and apart.

    Args:
        samples: (n,) mono sound at `SAMPLE_RATE`, full scale 1.
    """
    spans: list[Span] = []
    start: int | None = None
    quiet = 0  # chunks since speech was last heard
    chances = speech_probability(samples)
    pause = _PAUSE * SAMPLE_RATE / CHUNK
    for index, chance in enumerate([*chances.tolist(), *[0.0] * (int(pause) + 2)]):
        if start is None:
            if chance >= _BEGIN:
                start, quiet = index, 0
            continue
        quiet = 0 if chance >= _END else quiet + 1
        if quiet > pause:
            spans.append(Span(start * CHUNK, (index + 1 - quiet) * CHUNK))
            start = None
    return _with_margins(spans, len(samples))


def _with_margins(spans: list[Span], length: int) -> list[Span]:
    margin = round(_MARGIN * SAMPLE_RATE)
    result: list[Span] = []
    for span in spans:
        if span.stop - span.start < _SHORTEST * SAMPLE_RATE:
            continue
        wide = Span(max(span.start - margin, 0), min(span.stop + margin, length))
        if result and wide.start <= result[-1].stop:
            wide = Span(result.pop().start, wide.stop)
        result.append(wide)
    return result
