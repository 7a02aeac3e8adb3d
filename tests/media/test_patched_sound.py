import tracemalloc
from fractions import Fraction

import numpy as np
import pytest
import soundfile

from synclips.errors import InputError
from synclips.media.audio import read_mono, sound_blocks, write_sound
from synclips.media.patched_sound import PatchedSound

FADE = 0.015


def whole(path):
    return np.concatenate(list(sound_blocks(path)), axis=1)


def heard(patched, count, start=Fraction(0)):
    """The first samples (channels, count) of what has no end."""
    blocks, there = [], 0
    for block in patched.blocks(start):
        blocks.append(block)
        there += block.shape[1]
        if there >= count:
            break
    return np.concatenate(blocks, axis=1)[:, :count]


@pytest.fixture
def talk(tmp_path, rng):
    """3 s of stereo noise at 44.1 kHz, at about -26 dBFS."""
    write_sound(tmp_path / "talk.wav", 0.05 * rng.normal(size=(3 * 44_100, 2)), 44_100)
    return tmp_path / "talk.wav"


@pytest.fixture
def word(tmp_path):
    """0.5 s of one channel at 16 kHz, a tone of 440 Hz and amplitude 0.5."""
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(8_000) / 16_000)
    write_sound(tmp_path / "word.wav", tone, 16_000)
    return tmp_path / "word.wav"


def test_before_and_after_it_is_the_old_sound_sample_by_sample(talk, word):
    old, rate = whole(talk), 44_100
    patched = PatchedSound(talk, word, Fraction(5, 4))
    info = patched.probe()
    assert (info.rate, info.channels) == (rate, 2)
    new = heard(patched, old.shape[1])
    at, end, fade = round(1.25 * rate), round(1.75 * rate), round(FADE * rate)
    assert np.array_equal(new[:, :at], old[:, :at])
    assert np.array_equal(new[:, end:], old[:, end:])
    # In between the new one, as loud as it was, at its instant, in both channels.
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(end - at) / rate)
    inner = slice(fade, end - at - fade)
    assert np.abs(new[:, at:end] - tone)[:, inner].max() < 2e-3
    for edge in (slice(0, fade // 8), slice(end - at - fade // 8, end - at)):
        assert np.abs(new[:, at:end] - old[:, at:end])[:, edge].max() < 0.12


def test_one_sound_passes_into_the_other_at_one_power(tmp_path, rng):
    for name in ("old", "new"):
        write_sound(tmp_path / f"{name}.wav", 0.1 * rng.normal(size=(32_000, 20)), 16_000)
    patched = PatchedSound(tmp_path / "old.wav", tmp_path / "new.wav", Fraction(1))
    sound = heard(patched, 64_000)
    for at in (16_000, 48_000 - 240):
        power = np.square(sound[:, at : at + 240]).mean(axis=0)
        # At the end the old sound has ended, so nothing rises there.
        expected = 0.01 if at == 16_000 else 0.01 * np.cos(np.linspace(0, np.pi / 2, 240)) ** 2
        assert np.abs(power - expected).mean() < 0.003
    assert not sound[:, 48_000:].any()


@pytest.mark.parametrize("start", [Fraction(1, 2), Fraction(13, 10), Fraction(-1, 4)])
def test_it_may_begin_anywhere(talk, word, start):
    patched, rate = PatchedSound(talk, word, Fraction(5, 4)), 44_100
    all_of_it = heard(patched, 4 * rate)
    skip = round(start * rate)
    part = heard(patched, 2 * rate, start)
    assert not part[:, : max(-skip, 0)].any()
    begin = max(-skip, 0)
    assert np.array_equal(part[:, begin:], all_of_it[:, max(skip, 0) :][:, : 2 * rate - begin])


def test_where_there_is_no_other_sound_is_silence(tmp_path, raw_video, talk, word):
    silent = raw_video(tmp_path / "silent.mp4", [Fraction(n, 25) for n in range(50)])
    patched = PatchedSound(silent, word, Fraction(1))
    assert (patched.probe().rate, patched.probe().channels) == (16_000, 1)
    sound = heard(patched, 48_000)[0]
    assert not sound[:16_000].any() and not sound[24_000:].any()
    assert np.abs(sound[17_000:23_000]).max() == pytest.approx(0.5, abs=0.01)
    # Also where the old sound ends before the new one begins.
    late = heard(PatchedSound(talk, word, Fraction(4)), 5 * 44_100)
    assert not late[:, 3 * 44_100 : 4 * 44_100].any()
    assert np.abs(late[:, 4 * 44_100 :]).max() == pytest.approx(0.5, abs=0.01)


def test_channels_that_are_not_the_same(tmp_path, rng, word):
    """A voice comes from the front of a room, and from both sides of a stereo sound."""
    film = tmp_path / "film.wav"
    write_sound(film, 0.01 * rng.normal(size=(96_000, 6)), 48_000)
    sound = heard(PatchedSound(film, word, Fraction(1, 2)), 96_000)[:, 26_000:46_000]
    levels = np.abs(sound).max(axis=1)
    assert levels[2] == pytest.approx(0.5, abs=0.01), "the centre"
    assert not np.delete(levels, 2).any()
    write_sound(film, np.zeros((96_000, 9)), 48_000)  # nobody knows where these are
    assert (heard(PatchedSound(film, word, Fraction(1, 2)), 30_000)[:, 29_000] != 0).all()
    # As many are what they are; of others their mean.
    both = np.stack([np.full(8_000, 0.4), np.full(8_000, 0.1)], axis=-1)
    write_sound(tmp_path / "both.wav", both, 16_000)
    for channels, expected in ((1, [0.25]), (2, [0.4, 0.1])):
        write_sound(tmp_path / "old.wav", np.zeros((32_000, channels)), 16_000)
        patched = PatchedSound(tmp_path / "old.wav", tmp_path / "both.wav", Fraction(1))
        assert heard(patched, 32_000)[:, 20_000] == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("samples", [1, 200, 300, 481])
def test_what_is_shorter_than_its_fades_is_heard_all_the_same(tmp_path, talk, samples):
    write_sound(tmp_path / "click.wav", np.full((samples, 2), 0.5), 44_100)
    old = whole(talk)
    sound = heard(PatchedSound(talk, tmp_path / "click.wav", Fraction(1)), old.shape[1])
    changed = np.flatnonzero((sound != old).any(axis=0))
    assert set(changed) <= set(range(44_100, 44_100 + samples))


def test_no_more_than_a_block_is_held(tmp_path):
    with soundfile.SoundFile(tmp_path / "long.wav", "w", 16_000, 1) as file:
        for _ in range(60):
            file.write(np.full(16_000, 0.1))
    patched = PatchedSound(tmp_path / "long.wav", tmp_path / "long.wav", Fraction(30))
    tracemalloc.start()
    there = 0
    for block in patched.blocks():
        there += block.shape[1]
        if there > 100 * 16_000:
            break
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60 * 16_000 * 4 / 4


def test_a_new_sound_that_is_none_is_told(tmp_path, raw_video, talk):
    silent = raw_video(tmp_path / "silent.mp4", [Fraction(0)])
    for old in (talk, silent):
        with pytest.raises(InputError, match=r"silent\.mp4 has no sound track"):
            heard(PatchedSound(old, silent, Fraction(1)), 3 * 44_100)
    assert PatchedSound(talk, silent, Fraction(1)).files == [talk, silent]


def test_lips_and_ears_have_it_at_the_same_time(talk, word):
    """The sound that drives the lips is read by itself, silence before it."""
    at = Fraction(7, 5)
    driving = read_mono(word, 16_000, -at)
    sound = heard(PatchedSound(talk, word, at), 3 * 44_100)[0]
    begins = np.argmax(np.abs(driving) > 0.3) / 16_000
    assert np.argmax(np.abs(sound) > 0.3) / 44_100 == pytest.approx(begins, abs=0.005)


@pytest.mark.parametrize("voiced", [["FC"], ["FL", "FR"]])
def test_a_voice_of_a_film_is_as_loud_as_it_was(tmp_path, talk, voiced):
    """Of its six channels most are silent where somebody speaks."""
    places = ["FL", "FR", "FC", "LFE", "BL", "BR"]
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000)
    channels = np.stack([tone * (place in voiced) for place in places], axis=-1)
    write_sound(tmp_path / "film.wav", channels, 16_000)
    new = heard(PatchedSound(talk, tmp_path / "film.wav", Fraction(1)), 3 * 44_100)
    said = new[:, 48_000:84_000]
    assert said.std(axis=1) == pytest.approx(0.5 / np.sqrt(2), rel=0.01)
