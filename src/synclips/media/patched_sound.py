"""The sound of a video in which another one is heard for a while, streamed.

Before and after, it is the old sound sample by sample, at its own rate and with its own channels.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path

import numpy as np
from av.audio.layout import AudioLayout
from numpy.typing import NDArray

from synclips.media.audio import (
    LAYOUTS,
    SoundInfo,
    begun_at,
    has_sound,
    mono_blocks,
    probe_sound,
    resampled_blocks,
    silence,
    sound_blocks,
)
from synclips.media.tape import Tape

Block = NDArray[np.float32]

_FADE = Fraction(15, 1000)  # seconds, in which one sound passes into the other
_HEARD = {"FC": 1.0, "FL": 0.5, "FR": 0.5}
"""How much of a voice is heard from a place; left and right have all of it each."""


@dataclass(frozen=True)
class PatchedSound:
    """A sound, and another one that is heard in its place from a time on until it ends.

    They pass into each other in the first and the last 15 ms of the new one, the level of which is
    not changed. Behind the old sound, and where there is none, is silence without end.

    Attributes:
        old: Any file, such as a video; it need not have sound.
        new: Any file with sound.
        at: Seconds after the beginning of the old file at which the new sound begins, 0 or more.
    """

    old: Path
    new: Path
    at: Fraction

    @property
    def files(self) -> list[Path]:
        """Those that are read."""
        return [self.old, self.new]

    def probe(self) -> SoundInfo:
        """Rate and channels: those of the old sound, or of the new one where there is no other.

        Raises:
            InputError: As `probe_sound`, of the new sound.
        """
        return probe_sound(self.old if has_sound(self.old) else self.new)

    def blocks(self, start: Fraction = Fraction(0)) -> Iterator[Block]:
        """Stream it, at the rate and with the channels of `probe`, as blocks (channels, n).

        Args:
            start: Seconds after the beginning of the old file, as for `sound_blocks`.

        Raises:
            InputError: As `probe_sound`, of the new sound.
        """
        info = self.probe()
        own: Iterator[Block] = sound_blocks(self.old) if info.path == self.old else iter(())
        endless = Tape(chain(own, silence(info.channels, sys.maxsize, info.rate)), info.channels)
        new = Tape(_likened(self.new, info), info.channels)
        patched = _patched(endless, new, round(self.at * info.rate), round(_FADE * info.rate))
        return begun_at(patched, start, info.rate)


def _patched(old: Tape, new: Tape, at: int, fade: int) -> Iterator[Block]:
    """A sound without end, with another one in its place from a sample on."""
    yield from old.pieces(at)
    begin = new.read(fade)
    yield _crossfaded(old.read(begin.shape[1]), begin)
    held = begin[:, :0]  # what may turn out to be the end
    for piece in new.pieces(sys.maxsize):
        held = np.concatenate([held, piece], axis=1)
        certain = max(held.shape[1] - fade, 0)
        old.skip(certain)
        yield held[:, :certain]
        held = held[:, certain:]
    yield _crossfaded(held, old.read(held.shape[1]))
    yield from old.pieces(sys.maxsize)


def _crossfaded(before: Block, after: Block) -> Block:
    """One sound passing into another, both (channels, n), at a power that stays the same.

    Their powers add up, since they are of different words.
    """
    turn = np.linspace(0, np.pi / 2, before.shape[1], dtype=np.float32)
    faded: Block = before * np.cos(turn) + after * np.sin(turn)
    return faded


def _likened(path: Path, info: SoundInfo) -> Iterator[Block]:
    """A sound at the rate and with the channels of another one.

    Other channels than its own all are given what is heard of its voice; of several speakers those
    in front are, from which voices come.
    """
    own = probe_sound(path)
    if own.channels == info.channels:
        yield from resampled_blocks(sound_blocks(path), own.rate, info.rate, own.channels)
        return
    names = _places(info)
    front = ["FC"] if "FC" in names else ["FL", "FR"]
    places = [names.index(name) for name in front if name in names] or list(range(info.channels))
    for mono in _voice(own, info.rate):
        block = np.zeros((info.channels, len(mono)), np.float32)
        block[places] = mono
        yield block


def _voice(own: SoundInfo, rate: int) -> Iterator[NDArray[np.float32]]:
    """A sound as one channel (n,), in which a voice is as loud as it was.

    A mean of six channels has little left of the one in the centre.
    """
    names = _places(own)
    if own.channels < 3 or "FC" not in names:
        yield from mono_blocks(own.path, rate)
        return
    shares = np.array([_HEARD.get(name, 0.0) for name in names], np.float32)
    mixed = (shares[None] @ block for block in sound_blocks(own.path))
    for block in resampled_blocks(mixed, own.rate, rate, 1):
        yield block[0]


def _places(info: SoundInfo) -> list[str]:
    """Where each channel is heard, by FFmpeg's names; as usual of so many if nothing is said."""
    for layout in (info.layout, LAYOUTS.get(info.channels, info.layout)):
        names = [channel.name for channel in AudioLayout(layout).channels]
        if "FC" in names or "FL" in names:
            break
    return names
