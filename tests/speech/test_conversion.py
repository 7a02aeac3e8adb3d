from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soxr
from scipy.signal import lfilter

from synclips.errors import ConfigError, ModelError
from synclips.features.loudness import loudness_gain
from synclips.hearing.activity import Span, speech_spans
from synclips.media.audio import spool_mono, write_sound
from synclips.speech.cast import CastMember
from synclips.speech.clarity import bearable
from synclips.speech.consent import SETTING
from synclips.speech.conversion import ProfileConverter, converter_for
from synclips.speech.peaks import limited
from synclips.speech.pitch import loud, pitch_range
from synclips.speech.profile import learn_voice, save_profile
from synclips.speech.speaker import embed, similarity
from synclips.speech.timbre import Blend
from synclips.speech.world import FRAMES_PER_SECOND, RATE, analyse

NEUTRAL = 22_050


@pytest.mark.parametrize("reference", ["high_profile", "short_profile"])
def test_has_pitch_loudness_and_voice_of_the_person(
    reference: str, low, request: pytest.FixtureRequest
) -> None:
    profile = request.getfixturevalue(reference)
    source = low.say(3.0, RATE, seed=5)
    voice = ProfileConverter(profile).convert(source, RATE)
    assert voice.shape == source.shape
    speech = analyse(voice)
    found = pitch_range(speech.pitch, speech.level)
    assert found.median == pytest.approx(profile.pitch_range.median, rel=0.1)
    assert -23 - loudness_gain(voice, RATE) == pytest.approx(profile.loudness, abs=1.0)
    before, after = (embed(at_16k(sound)) for sound in (source, voice))
    assert similarity(after, profile.embedding) > similarity(before, profile.embedding) + 0.1


def test_the_first_sentence_tells_whether_the_voice_is_near(high_profile, high) -> None:
    nobody = np.zeros(256, np.float32)
    nobody[high_profile.embedding.argmin()] = 1
    far = ProfileConverter(replace(high_profile, embedding=nobody))
    for converter, nearness in ((ProfileConverter(high_profile), 1.0), (far, 0.0)):
        converter.convert(high.say(4.0, RATE)[: RATE // 50], RATE)  # too little to tell
        assert converter._nearness is None
        converter.convert(high.say(3.0, RATE, seed=8), RATE)
        assert converter._nearness == nearness
    far._profile = high_profile
    far.convert(high.say(3.0, RATE, seed=8), RATE)  # a voice stays what it is within a text
    assert far._nearness == 0.0


def test_less_of_a_near_voice_is_changed(
    high_profile, high, monkeypatch: pytest.MonkeyPatch
) -> None:
    strengths: list[np.ndarray] = []
    at = Blend.at

    def spied(blend: Blend, strength: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        strengths.append(strength)
        return at(blend, strength)

    monkeypatch.setattr(Blend, "at", spied)
    nobody = np.zeros(256, np.float32)
    nobody[high_profile.embedding.argmin()] = 1
    most = []
    for profile in (high_profile, replace(high_profile, embedding=nobody)):
        ProfileConverter(profile).convert(high.say(3.0, RATE, seed=8), RATE)
        most.append(float(strengths[-1].max()))
    near, far = most
    assert near == pytest.approx(0.6, abs=0.02)
    assert far == pytest.approx(1.0, abs=0.02)


def at_16k(sound: np.ndarray) -> np.ndarray:
    return np.asarray(soxr.resample(sound, RATE, 16_000), np.float32)


def test_what_is_no_longer_understood_is_changed_less(
    high_profile, low, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = low.say(3.0, RATE, seed=5)
    kept: list[np.ndarray] = []

    def deaf(clear: np.ndarray, nearness: float, familiar: bool) -> np.ndarray:
        kept.append(bearable(clear, nearness, familiar))
        return np.zeros_like(kept[-1])

    found = at_16k(ProfileConverter(high_profile).convert(source, RATE))
    monkeypatch.setattr("synclips.speech.conversion.bearable", deaf)
    careful = at_16k(ProfileConverter(high_profile).convert(source, RATE))
    assert kept[0].shape == (3 * FRAMES_PER_SECOND + 1, 1)
    ProfileConverter(high_profile).convert(source, RATE, "en-gb")
    ProfileConverter(high_profile).convert(source, RATE, "fr-fr")
    assert np.array_equal(kept[1], kept[0])
    assert kept[2].mean() < kept[0].mean(), "the ear knows French less well"
    alike = [similarity(embed(sound), high_profile.embedding) for sound in (found, careful)]
    assert alike[0] > alike[1] > similarity(embed(at_16k(source)), high_profile.embedding)


def test_keeps_the_timing_and_clicks_nowhere(high_profile, low) -> None:
    pause = np.zeros(RATE // 2, np.float32)
    source = np.concatenate([low.say(1.5, RATE), pause, low.say(1.5, RATE, seed=1)])
    voice = ProfileConverter(high_profile).convert(source, RATE)
    middle = voice[round(1.6 * RATE) : round(1.9 * RATE)]
    assert np.abs(middle).max() < 0.01 * np.abs(voice).max()
    assert voice[0] == 0
    assert abs(voice[-1]) < 1e-3
    assert np.abs(voice).max() <= 0.971


def test_sentences_of_any_rate_and_length(high_profile, low) -> None:
    converter = ProfileConverter(high_profile, "ann")
    assert converter.name == "synclips (units) to the voice ann"
    for seconds in (0.0, 0.01, 0.1, 0.7):
        source = low.say(4.0, NEUTRAL)[: round(seconds * NEUTRAL)]
        voice = converter.convert(source, NEUTRAL)
        assert len(voice) == len(source)
        assert np.isfinite(voice).all()


def test_pitch_that_the_quick_way_mistakes_is_found_with_care(high_profile) -> None:
    time = np.arange(2 * RATE) / RATE
    turns = np.floor(np.cumsum(150 * np.exp(0.1 * np.sin(2 * np.pi * time)) / RATE))
    pulses = np.diff(turns, prepend=0)
    plain, creaking = (
        0.02 * lfilter([1], [1, -1.9, 0.92], pulses * weaker).astype(np.float32)
        for weaker in (1.0, np.where(turns % 2, 0.8, 1.0))
    )
    mistaken = analyse(creaking)
    assert np.median(mistaken.pitch[mistaken.voiced]) == pytest.approx(75, rel=0.1)
    converter = ProfileConverter(high_profile)
    converter.convert(plain, RATE)
    speech = analyse(converter.convert(creaking, RATE), careful=True)
    found, wanted = pitch_range(speech.pitch, speech.level), high_profile.pitch_range
    assert found.median == pytest.approx(wanted.median, rel=0.1)
    assert found.spread == pytest.approx(wanted.spread, rel=0.3)


def test_a_rough_voice_does_not_become_a_whisper(high_profile) -> None:
    rng = np.random.default_rng(0)
    turns = np.cumsum(RATE / 150 * (1 + 0.12 * rng.normal(size=290))).astype(int)
    pulses = np.bincount(turns, minlength=2 * RATE)[: 2 * RATE]
    source = 0.02 * lfilter([1], [1, -1.9, 0.92], pulses).astype(np.float32)
    rough = analyse(source)
    assert (rough.pitch[loud(rough.level)] > 0).mean() < 0.6  # what the quick way finds
    speech = analyse(ProfileConverter(high_profile).convert(source, RATE))
    assert (speech.pitch[loud(speech.level)] > 0).mean() > 0.65


def test_sentences_together_have_the_range_of_the_person(high_profile, low) -> None:
    converter = ProfileConverter(high_profile)
    wanted = high_profile.pitch_range.spread
    for seed in range(4):
        assert converter._aim.spread == pytest.approx(wanted, rel=0.25)
        converter.convert(low.say(1.5, RATE, seed=seed), RATE)
    given = converter._given.range.spread
    assert given == pytest.approx(wanted, rel=0.1)
    # What was too wide is made up for by what comes next, and the other way round.
    assert (converter._aim.spread < wanted) == (given > wanted)


def test_silence_stays_silence(high_profile) -> None:
    voice = ProfileConverter(high_profile).convert(np.zeros(NEUTRAL, np.float32), NEUTRAL)
    assert not voice.any()


def test_noise_without_any_voice_is_converted(high_profile) -> None:
    noise = 0.1 * np.random.default_rng(0).normal(size=RATE).astype(np.float32)
    assert np.isfinite(ProfileConverter(high_profile).convert(noise, RATE)).all()


def test_two_seconds_of_speech_will_do(world: None, low, high, agreed, tmp_path: Path) -> None:
    talk = tmp_path / "talk.wav"
    write_sound(talk, high.say(2.6, RATE), RATE)
    profile = learn_voice([talk], agreed)
    assert profile.recording.seconds < 2.5
    source = low.say(3.0, RATE, seed=5)
    voice = ProfileConverter(profile).convert(source, RATE)
    before, after = (embed(at_16k(sound)) for sound in (source, voice))
    assert similarity(after, profile.embedding) > similarity(before, profile.embedding) + 0.1


def test_of_less_than_a_second_no_frame_is_heard(
    tiny_profile, short_profile, high_profile, low, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = tiny_profile.recording.seconds
    assert 0.5 <= seconds < 1.0
    just = replace(short_profile, recording=replace(short_profile.recording, seconds=1.0))
    assert ProfileConverter(just, "ann").name == "synclips (units) to the voice ann"
    assert ProfileConverter(just, matching=True).only_matches
    save_profile(tiny_profile, tmp_path / "ann")
    save_profile(short_profile, tmp_path / "bob")
    told: list[str] = []
    converter_for(str(tmp_path / "bob"), None, consent=False, notice=told.append)
    assert told == []
    converter = converter_for(str(tmp_path / "ann"), None, consent=False, notice=told.append)
    assert told == list(tiny_profile.recording.warnings)
    assert told[0].startswith(f"There is only {seconds:.1f} s of speech, too little to take sounds")
    assert converter is not None
    assert converter.name == "synclips (pitch and envelope) to the voice ann"

    def heard(*given: object) -> None:
        raise AssertionError("a frame of the person was looked for")

    monkeypatch.setattr("synclips.speech.conversion.embed", heard)  # whose likeness tells nothing
    monkeypatch.setattr("synclips.speech.conversion.raw_content", heard)
    monkeypatch.setattr("synclips.speech.timbre.select_frames", heard)
    pause = np.zeros(RATE // 2, np.float32)
    source = np.concatenate([low.say(1.5, RATE), pause, low.say(1.5, RATE, seed=1)])
    voice = converter.convert(source, RATE, "fr-fr")
    assert voice.shape == source.shape and np.abs(voice).max() <= 0.971
    speech = analyse(voice)
    found, wanted = pitch_range(speech.pitch, speech.level), tiny_profile.pitch_range
    assert found.median == pytest.approx(wanted.median, rel=0.1)
    assert -23 - loudness_gain(voice, RATE) == pytest.approx(tiny_profile.loudness, abs=1.0)
    before, after = (embed(at_16k(sound)) for sound in (source, voice))
    person = high_profile.embedding  # heard for long enough to tell
    assert similarity(after, person) > similarity(before, person)
    assert np.abs(voice[round(1.6 * RATE) : round(1.9 * RATE)]).max() < 0.01 * np.abs(voice).max()


def test_peaks_are_turned_down_and_the_rest_is_left() -> None:
    draw = np.random.default_rng(0)
    sound = 0.2 * draw.uniform(-1, 1, 16_000).astype(np.float32)
    sound[8000] = 3.0
    found = limited(sound, 16_000)
    assert np.abs(found).max() <= 0.971
    np.testing.assert_array_equal(found[:7000], sound[:7000])
    np.testing.assert_array_equal(found[9000:], sound[9000:])
    quiet = sound[:100]
    assert limited(quiet, 16_000) is quiet
    for length in (1, 15, 16, 17):
        assert np.abs(limited(np.full(length, 2, np.float32), 16_000)).max() <= 0.971


def test_neutral_is_no_converter() -> None:
    assert converter_for("neutral", None, consent=False) is None


def test_the_original_voice_needs_consent_and_a_video(
    world: None, high, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SETTING, raising=False)
    talk = tmp_path / "talk.wav"
    write_sound(talk, high.say(3.0), 16_000)
    with pytest.raises(ConfigError, match="--i-have-consent"):
        converter_for("original", talk, consent=False)
    with pytest.raises(ConfigError, match="comes from a video"):
        converter_for("original", None, consent=True)
    found = converter_for("original", talk, consent=True)
    assert found is not None
    assert found.name.endswith("to the voice talk")


def test_a_profile_needs_no_more_consent(high_profile, tmp_path: Path) -> None:
    save_profile(high_profile, tmp_path / "ann")
    found = converter_for(str(tmp_path / "ann"), None, consent=False)
    assert found is not None
    assert found.name.endswith("to the voice ann")
    assert found.likeness is not None and found.likeness.gender == "female"
    with pytest.raises(ModelError, match="synclips voice"):
        converter_for(str(tmp_path / "bob"), None, consent=False)


def test_what_makes_a_recording_poor_is_told(world: None, low, high, tmp_path: Path) -> None:
    both = np.concatenate([low.say(8.0), high.say(8.0)])
    write_sound(tmp_path / "two.wav", both, 16_000)
    told: list[str] = []
    converter_for("original", tmp_path / "two.wav", True, notice=told.append)
    assert [sentence.partition(" (")[0] for sentence in told] == ["Two people seem to speak"]


def test_one_of_two_people(world: None, low, high, tmp_path: Path) -> None:
    both = tmp_path / "two.wav"
    write_sound(both, np.concatenate([low.say(12.0), high.say(12.0)]), 16_000)
    told: list[str] = []
    everybody = tuple(speech_spans(spool_mono(both, 16_000)))
    second = CastMember("Ann", (Span(12 * 16_000, 24 * 16_000),), 210.0, everybody)
    found = converter_for("original", both, True, notice=told.append, member=second)
    assert found is not None and found.name.endswith("to the voice two (Ann)")
    assert found.likeness is not None
    assert found.likeness.pitch == pytest.approx(210, rel=0.05)
    assert told == []
    short = CastMember("Ben", (Span(0, 5 * 16_000),), 110.0, everybody)
    converter_for("original", both, True, notice=told.append, member=short)
    assert len(told) == 1 and told[0].startswith("Ben: There are 5.0 s of speech;")
