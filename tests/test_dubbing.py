"""From a text to a sound, and to a video; the engine here speaks in tones."""

import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
import soundfile

import synclips
from synclips import SayOptions, SyncOptions, dubbing
from synclips.dubbing import Said, say
from synclips.errors import (
    AbsentVoiceError,
    ConfigError,
    InputError,
    NoFaceError,
    OutputError,
    SynclipsError,
)
from synclips.media.audio import probe_sound
from synclips.media.video import VideoReader
from synclips.media.writer import VideoWriter
from synclips.speech import conversion, engines
from synclips.speech.cast import Cast, CastMember
from synclips.speech.catalogue import Offer, offers_of
from synclips.speech.espeak_process import find_library
from synclips.speech.kokoro import Kokoro
from synclips.speech.likeness import Likeness, kokoro_embeddings
from synclips.speech.piper import Piper
from synclips.speech.synthesizer import Synthesizer, Utterance, Voice

RATE = 16_000


class Hum(Synthesizer):
    """An engine that hums each sentence for a second, in German or English."""

    name = "hum"
    installed = True

    def voices(self) -> list[Voice]:
        return [Voice("hum", tag, tag, None, "none", True) for tag in ("de", "en-us")]

    def speak(self, sentences: Iterable[str], voice: Voice, speed: float) -> Iterator[Utterance]:
        time = np.arange(round(RATE / speed)) / RATE
        for _ in sentences:
            yield Utterance(0.3 * np.sin(2 * np.pi * 150 * time).astype(np.float32), RATE)


@pytest.fixture(autouse=True)
def hum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "engines", lambda folder=None: [Hum()])


def quiet(sentence: str) -> None:
    raise AssertionError(sentence)


def test_a_sound_without_a_video(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    steps: list[str] = []
    said = say(None, "One. Two.", path, progress=lambda step, *rest: steps.append(step))
    assert said.duration == pytest.approx(2.65, abs=0.02)
    assert soundfile.info(path).duration == pytest.approx(said.duration, abs=0.001)
    assert (said.engine, said.voice, said.language, said.sentences) == ("hum", "en-us", "en", 2)
    assert said.video is None
    assert set(steps) == {"speak"}
    assert json.loads(said.to_json())["mark"] == "Voice synthesised by synclips with hum en-us"


class Trio(Hum):
    """The same with voices of both kinds."""

    def voices(self) -> list[Voice]:
        kinds = {"bob": "male", "ann": "female", "eve": "female"}
        return [Voice("hum", name, "en-us", kind, "none", True) for name, kind in kinds.items()]


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch, face_video: Path, tmp_path: Path) -> Path:
    """A video of two people who say three subtitles, to a `find_cast` that hears no sound."""

    def find(info: Any, cues: Any, notice: Any, progress: Any) -> Cast:
        assert (info.path, len(cues)) == (video, 3)
        notice("heard")
        progress(3, 3)
        return Cast((CastMember("ann", (), 220.0), CastMember("speaker 2", (), 210.0)), (0, 1, 0))

    video = tmp_path / "two.mp4"
    monkeypatch.setattr("synclips.speech.cast.find_cast", find)
    monkeypatch.setattr(VideoReader, "length", lambda reader: Fraction(6))
    monkeypatch.setattr("synclips.adapt.listening.require_own_sound", lambda info: None)
    monkeypatch.setattr(engines, "engines", lambda folder=None: [Trio()])
    shutil.copy(face_video, video)
    times = [f"00:00:0{2 * at},000 --> 00:00:0{2 * at + 1},500\nHello." for at in range(3)]
    (tmp_path / "two.srt").write_text("\n\n".join(times) + "\n")
    return video


def test_everybody_in_a_dub_has_a_voice(two: Path, tmp_path: Path) -> None:
    told: list[str] = []
    steps: list[str] = []

    def said(text: str | None = None, dub: bool = True, **how: Any) -> Said:
        told.clear()
        options = SyncOptions(dub=dub)
        speech = SayOptions(speaker=how.pop("speaker", None))
        what = text or two.with_suffix(".srt")
        return say(two, what, tmp_path / "a.wav", speech, options, notice=told.append, **how)

    found = said(progress=lambda step, *rest: steps.append(step))
    assert found.speakers == ("ann", "speaker 2", "ann")
    assert found.voice == "ann, eve"
    assert found.mark.count("synthesised by synclips with hum") == 2
    assert "cast" in steps
    assert told[0] == "heard" and "2 people are told apart" in told[1]
    assert "(subtitles of ann: 2, speaker 2: 1)" in told[1]
    heard: list[CastMember] = []

    def voice_of(member: CastMember) -> Louder:
        heard.append(member)
        return Louder()

    assert said(converter=never, voice_of=voice_of).mark.count("converted by louder") == 2
    assert [member.name for member in heard] == ["ann", "speaker 2"]
    assert said(speaker="bob", converter=never, voice_of=voice_of).voice == "bob"
    # One voice: no dub, a converter to one voice, the name of a voice.
    for one in (
        said(dub=False),
        said(converter=Louder()),
        said(speaker="bob"),
    ):
        assert one.speakers == () and "," not in one.voice
    assert two.is_file()


class Choir(Hum):
    """The same with a voice of each kind."""

    def voices(self) -> list[Voice]:
        return [Voice("hum", name, "en-us", name, "none", True) for name in ("male", "female")]


def test_who_speaks_high_in_the_video_gets_a_high_voice(
    face_video: Path, speech: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Path] = []

    def high(path: Path) -> str:
        heard.append(path)
        return "female"

    monkeypatch.setattr("synclips.speech.register.gender_heard", high)
    monkeypatch.setattr(engines, "engines", lambda folder=None: [Choir()])
    talking, picture = tmp_path / "talking.mp4", tmp_path / "portrait.png"
    with VideoWriter(
        talking,
        width=320,
        height=240,
        frame_rate=Fraction(25),
        time_base=Fraction(1, 12800),
        sound=speech,
    ) as writer:
        for frame in VideoReader(face_video).frames():
            writer.write(frame.image, frame.time)
    cv2.imwrite(str(picture), frame.image)

    def voice(video: Path | None, speaker: str | None = None) -> str:
        return say(video, "Hello.", tmp_path / "a.wav", SayOptions(speaker=speaker)).voice

    assert voice(talking) == "female"
    assert heard == [talking]
    # Not where one is named, or the video has no sound, is a picture, or is not there.
    assert voice(talking, "male") == "male"
    assert [voice(video) for video in (face_video, picture, None)] == ["male"] * 3
    with pytest.raises(ConfigError):
        say(talking, "Hello.", tmp_path / "a.wav", SayOptions(speed=99))
    assert heard == [talking]


@pytest.mark.parametrize("suffix", [".ogg", ".mp3", ".m4a"])
def test_a_sound_without_a_video_in_a_small_file(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    said = say(None, "One. Two.", path)
    assert said.output == str(path)
    assert float(probe_sound(path).duration or 0) == pytest.approx(said.duration, abs=0.1)
    with av.open(str(path)) as file:
        tags = {**file.metadata, **file.streams.audio[0].metadata}
    assert said.mark in tags.values()
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".mp3"])
def test_a_video_speaks_the_text(
    suffix: str, tiny_model: Path, face_video: Path, tmp_path: Path
) -> None:
    output, kept = tmp_path / "out.mp4", tmp_path / f"kept{suffix}"
    said = synclips.say(
        face_video,
        "Hello.",
        output,
        SayOptions(speed=2),
        SyncOptions(model=str(tiny_model), device="cpu"),
        save_audio=kept,
        notice=quiet,
    )
    assert said.video is not None
    assert (
        said.video.frames == VideoReader(output).info.frame_count == 20
    )  # .5 s of speech, .3 s of silence
    assert said.video.edited == 20
    with av.open(str(output)) as file:
        assert file.metadata["comment"] == (
            "Lips synthesised by synclips (tiny); Voice synthesised by synclips with hum en-us"
        )
    assert soundfile.info(kept).duration == pytest.approx(0.8, abs=0.02)
    with av.open(str(kept)) as file:
        assert file.metadata["comment"] == "Voice synthesised by synclips with hum en-us"
    assert {path.name for path in tmp_path.iterdir()} == {"out.mp4", kept.name}


def test_subtitles_last_as_long_as_the_video(face_video: Path, tmp_path: Path) -> None:
    subtitles = tmp_path / "a.srt"
    subtitles.write_text("1\n00:00:00,100 --> 00:00:00,300\nHi.\n")
    info = VideoReader(face_video).info
    assert info.duration is not None
    notices: list[str] = []
    fast = SayOptions(speed=2)
    said = say(face_video, subtitles, tmp_path / "a.wav", fast, notice=notices.append)
    assert said.duration == pytest.approx(max(float(info.duration), 0.6), abs=0.02)
    assert said.notices == tuple(notices)
    alone = say(None, subtitles, tmp_path / "b.wav", fast, notice=notices.append)
    assert alone.duration == pytest.approx(0.1 + 0.5 / 1.4 + 0.3, abs=0.02)
    assert "is spoken 1.40 times faster" in alone.notices[0]


def test_subtitles_of_another_video(face_video: Path, tmp_path: Path) -> None:
    subtitles, output = tmp_path / "a.srt", tmp_path / "a.wav"
    late = "00:00:{},000 --> 00:00:{},500\nHello.\n"
    subtitles.write_text(late.format("00", "00") + "\n" + late.format("05", "05"))
    said = say(face_video, subtitles, output, SayOptions(speed=2))
    assert said.sentences == 1 and said.duration < 2
    assert "1 of 2 subtitles, from line 4 on, begin after the end" in said.notices[0]
    subtitles.write_text(late.format("05", "05").replace("00:00:", "00:59:"))
    said = say(None, subtitles, output, SayOptions(speed=2))
    assert "in line 1 begins 59 minutes after the beginning" in said.notices[0]
    subtitles.write_text(late.format("05", "05"))
    with pytest.raises(InputError, match=r"No subtitle begins before the end .*\(0\.8 s\)"):
        say(face_video, subtitles, output, converter=never)


class Louder:
    """Doubles what it is given."""

    name = "louder"
    likeness: Likeness | None = None

    def convert(self, samples: np.ndarray, rate: int, language: str) -> np.ndarray:
        assert language.startswith("en")
        return 2 * samples


def never() -> None:
    raise AssertionError("a voice was learnt before what is wrong was told")


def test_a_voice_that_is_not_here_comes_before_all_work_and_only_if_it_may(
    face_video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "voices"
    place.mkdir()
    here: list[Synthesizer] = [Piper(place, None, offers_of("piper"))]
    monkeypatch.setattr(engines, "engines", lambda folder=None: here)
    options = SayOptions(engine="piper", speaker="en_US-joe-medium", voices_folder=place)
    asked: list[tuple[str, Path]] = []
    steps: list[str] = []

    def fetch(offer: Offer, folder: Path) -> bool:
        asked.append((offer.key, folder))
        assert steps == []
        if len(asked) > 1:
            here[:] = [Joe()]
        return len(asked) > 1

    class Joe(Hum):
        name = "piper"

        def voices(self) -> list[Voice]:
            return [Voice("piper", "en_US-joe-medium", "en-us", None, "none", True)]

    # What tracks and draws is not even loaded before; of the text it is told only once.
    monkeypatch.setattr(dubbing, "_engine", lambda picture: never())
    for given in (None, fetch):
        with pytest.raises(AbsentVoiceError, match="get it: synclips voices --get piper/en_US-joe"):
            say(face_video, "One.", tmp_path / "a.mp4", options, fetch=given)
    told: list[str] = []

    def step(name: str, done: int, total: int | None) -> None:
        steps.append(name)

    done = say(
        None, "One 👋", tmp_path / "a.wav", options, fetch=fetch, progress=step, notice=told.append
    )
    assert asked == [("piper/en_US-joe-medium", place)] * 2
    assert done.voice == "en_US-joe-medium" and len(told) == 1 and steps


@pytest.mark.parametrize(
    ("text", "wrong", "reason"),
    [
        ("Hi.", {"label": "\uffff"}, "The label cannot be written"),
        ("Hi.", {"dub": True}, "has no sound of its own"),
        ("Hi.", {"at": 5}, r"ends at 0\.8 s, before --at 5"),
        ("00:00:00,100", {"at": 0}, "Subtitles have times of their own"),
        ("00:59:00,100", {}, "No subtitle begins before the end"),
        ("Привет, как дела?", {}, "in Cyrillic letters, which no voice reads in the language en"),
    ],
)
def test_nothing_is_downloaded_before_what_is_wrong_is_told(
    text: str,
    wrong: dict[str, Any],
    reason: str,
    face_video: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    piper = Piper(tmp_path / "voices", None, offers_of("piper"))
    monkeypatch.setattr(engines, "engines", lambda folder=None: [piper])

    def fetch(offer: Offer, folder: Path) -> bool:
        raise AssertionError("a voice was downloaded before what is wrong was told")

    what: str | Path = text
    if text[0] == "0":
        what = tmp_path / "a.srt"
        what.write_text(f"{text} --> 00:59:00,500\nHi.\n")
    options = SayOptions(engine="piper", language="en")
    with pytest.raises(SynclipsError, match=reason):
        say(face_video, what, tmp_path / "a.mp4", options, SyncOptions(**wrong), fetch=fetch)


def test_a_voice_is_made_when_all_is_right(tmp_path: Path) -> None:
    for number, converter in enumerate((Louder(), Louder)):
        path = tmp_path / f"{number}.wav"
        said = say(None, "One.", path, converter=converter)
        assert said.mark.endswith("converted by louder")
        assert np.abs(soundfile.read(path)[0]).max() == pytest.approx(0.6, abs=0.02)
    assert "converted" not in say(None, "One.", tmp_path / "c.wav", converter=lambda: None).mark
    for wrong in ({"speed": 3.0}, {"speaker": "nobody"}, {"engine": "nothing"}):
        with pytest.raises(ConfigError):
            say(None, "One.", tmp_path / "d.wav", SayOptions(**wrong), converter=never)


@pytest.mark.parametrize(("speaker", "spoken"), [(None, "bm_george"), ("af_heart", "af_heart")])
def test_what_is_converted_sounds_like_the_person_unless_a_voice_is_named(
    networks: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    speaker: str | None,
    spoken: str,
) -> None:
    networks.kokoro(tmp_path)
    engine = Kokoro(tmp_path, find_library())
    monkeypatch.setattr(engines, "engines", lambda folder=None: [engine])
    like = Louder()
    like.likeness = Likeness(kokoro_embeddings("male")["bm_george"], 110.0)
    said = say(None, "One.", tmp_path / "a.wav", SayOptions(speaker=speaker), converter=like)
    assert said.voice == spoken
    assert f"with kokoro {spoken}, converted by louder" in said.mark
    assert say(None, "One.", tmp_path / "b.wav").voice == "af_heart"  # nobody is imitated


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"speech": SayOptions(voice="ann.wav", converter_folder="network", consent=True)}, "ann"),
        ({"options": SyncOptions(label=Path("sign.mp4"))}, "sign"),
    ],
)
def test_what_is_read_is_not_overwritten(
    given: Any, name: str, face_video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for suffix in (".wav", ".mp4"):
        (tmp_path / f"{name}{suffix}").write_text("kept")
    (tmp_path / "network").mkdir()
    if name == "ann":
        with pytest.raises(OutputError, match=r"ann\.wav is also an input"):
            say(None, "Hi.", tmp_path / "ann.wav", **given)
        with pytest.raises(OutputError, match=r"ann\.wav is also an input"):
            say(face_video, "Hi.", tmp_path / "a.mp4", save_audio=tmp_path / "ann.wav", **given)
    else:
        with pytest.raises(OutputError, match=r"sign\.mp4 is also an input"):
            say(face_video, "Hi.", tmp_path / "sign.mp4", **given)
    assert {path.read_text() for path in tmp_path.glob(f"{name}.*")} == {"kept"}


def test_subtitles_lie_on_the_time_of_the_file(
    tiny_model: Path, face_video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a video whose picture begins half a second after its sound; a text begins with it."""
    info = replace(VideoReader(face_video).info, start=Fraction(1, 2))
    monkeypatch.setattr(VideoReader, "info", info)
    subtitles = tmp_path / "a.srt"
    subtitles.write_text("1\n00:00:00,700 --> 00:00:01,200\nHi.\n")
    options = SyncOptions(model=str(tiny_model), device="cpu")
    for what, seconds, at in ((subtitles, 1.3, 0.2), ("Hi.", 0.8, 0.0)):
        said = say(face_video, what, tmp_path / "a.mp4", SayOptions(speed=2), options)
        assert said.duration == pytest.approx(seconds, abs=0.02)
        assert said.video is not None and said.video.frames == 20
        with av.open(str(tmp_path / "a.mp4")) as file:
            heard = np.concatenate([np.abs(one.to_ndarray()[0]) for one in file.decode(audio=0)])
        assert np.argmax(heard > 0.1) / RATE == pytest.approx(at, abs=0.03)


def test_a_text_replaces_a_part(
    tiny_model: Path, face_video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the time of the file, of which the picture begins half a second after its sound."""
    info = replace(VideoReader(face_video).info, start=Fraction(1, 2))
    monkeypatch.setattr(VideoReader, "info", info)
    options = SyncOptions(model=str(tiny_model), device="cpu", at=0.75)
    kept = tmp_path / "kept.wav"
    said = say(face_video, "Hi.", tmp_path / "a.mp4", SayOptions(speed=2), options, save_audio=kept)
    assert said.duration == pytest.approx(0.5, abs=0.02), "no silence in which the mouth closes"
    assert said.video is not None and said.video.frames == 20
    assert said.video.passed > 1
    with av.open(str(tmp_path / "a.mp4")) as file:
        heard = np.concatenate([np.abs(one.to_ndarray()[0]) for one in file.decode(audio=0)])
    assert np.argmax(heard > 0.1) / RATE == pytest.approx(0.25, abs=0.03)
    assert probe_sound(kept).duration == pytest.approx(said.duration, abs=1e-3)


def test_what_contradicts_itself(face_video: Path, tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("Hello.")
    srt = tmp_path / "a.srt"
    srt.write_text("00:00:00,100 --> 00:00:00,500\nHi.\n")
    wav, mp4 = tmp_path / "a.wav", tmp_path / "a.mp4"
    for error, reason, arguments, named in [
        (ConfigError, "There is no video to write", (None, "Hi.", mp4), {}),
        (ConfigError, "leave out --save-audio", (None, "Hi.", wav), {"save_audio": wav}),
        (OutputError, "end its name in .mp4, .mov, .mkv, or in .wav", (None, "Hi.", "a.aac"), {}),
        (OutputError, ".mp3 or .m4a.", (face_video, "Hi.", mp4), {"save_audio": Path("a.aac")}),
        (OutputError, "is also an input", (face_video, text, face_video), {}),
        (InputError, "cannot be read (no such file", (None, tmp_path / "b.txt", wav), {}),
        (InputError, "does not exist", (tmp_path / "b.mp4", "Hi.", wav), {}),
        (ConfigError, "no video to dub", (None, "Hi.", wav), {"options": SyncOptions(dub=True)}),
        (
            ConfigError,
            "give it with --subtitles",  # rather than without --dub
            (face_video, "talk.srt", wav),
            {"options": SyncOptions(dub=True)},
        ),
        (
            ConfigError,
            "leave out --dub",
            (face_video, text, wav),
            {"options": SyncOptions(dub=True)},
        ),
        (ConfigError, "leave --at out, or", (face_video, srt, mp4), {"options": SyncOptions(at=0)}),
    ]:
        with pytest.raises(error) as caught:
            say(*arguments, **named, converter=never)  # type: ignore[arg-type]
        assert reason in str(caught.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.srt", "a.txt"]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"label": "AI-generated"}, "--label; leave it out"),
        ({"label": Path("sign.png")}, "--label; leave it out"),
        ({"quality": 20, "region": "left"}, "--quality and --region; leave them out"),
        ({"model": "grid-gan"}, "--model"),
        ({"adapt": "off"}, "--adapt"),
        ({"person": Path("ann")}, "--person"),
        ({"alive": False}, "--still"),
        ({"at": 0.0}, "--at"),
    ],
)
def test_options_of_the_picture_are_not_forgotten_where_there_is_none(
    given: dict[str, Any], named: str, face_video: Path, tmp_path: Path
) -> None:
    for video in (None, face_video):
        with pytest.raises(ConfigError, match=f"a.mp3 is sound alone, without .* for {named}"):
            say(video, "Hi.", tmp_path / "a.mp3", None, SyncOptions(**given), converter=never)
    assert list(tmp_path.iterdir()) == []
    where = SyncOptions(device="cpu", batch=1)  # which is not what comes out
    assert say(None, "Hi.", tmp_path / "a.mp3", None, where).duration > 1


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"region": "middle"}, "'middle' is no region"),
        ({"adapt": "much"}, "--adapt takes"),
        ({"dub": True}, "no sound of its own"),
        ({"at": 5}, "ends at 0.8 s, before --at 5"),
        ({"person": Path("nobody")}, "nobody"),
        ({"model": "nobody"}, "nobody"),
    ],
)
def test_wrong_options_of_the_picture_are_told_before_anything_is_spoken(
    tiny_model: Path, face_video: Path, tmp_path: Path, wrong: dict[str, Any], reason: str
) -> None:
    options = replace(SyncOptions(model=str(tiny_model), device="cpu"), **wrong)
    spoken: list[str] = []
    with pytest.raises(SynclipsError, match=reason):
        synclips.say(
            face_video,
            "Hello.",
            tmp_path / "a.mp4",
            None,
            options,
            converter=never,
            progress=lambda step, done, total: spoken.append(step),
        )
    assert spoken == []


def test_where_there_is_no_face_the_sound_that_was_to_be_kept_is_left_and_nothing_else(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import cv2

    picture = tmp_path / "wall.png"
    cv2.imwrite(str(picture), np.full((96, 128, 3), 128, np.uint8))
    options = SyncOptions(model=str(tiny_model), device="cpu")
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(dubbing.tempfile, "tempdir", str(place))
    with pytest.raises(NoFaceError):
        say(picture, "Hi.", tmp_path / "a.mp4", None, options, save_audio=tmp_path / "a.wav")
    assert {path.name for path in tmp_path.iterdir()} == {"wall.png", "temporary", "a.wav"}
    assert probe_sound(tmp_path / "a.wav").duration > 0.3
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "way_out"),
    [
        ("line.wav", "name a video before the text, or give a sound to synclips sync"),
        ("talk.de.SRT", "give it with --subtitles, or in Python as a Path"),
        ("words.txt", "give it with --text-file, or in Python as a Path"),
    ],
)
def test_the_name_of_a_file_is_not_read_aloud(text: str, way_out: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"^{text} is the name of a file, not a text; {way_out}"):
        say(None, text, tmp_path / "a.wav")


@pytest.mark.parametrize("text", ["example.com", "Hello.", "line.wav is a file", "3.5", "etc."])
def test_what_only_looks_like_a_name_is(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "engines", lambda folder=None: [Hum()])
    assert say(None, text, tmp_path / "a.wav").duration > 0


def test_a_voice_is_asked_for_in_python_as_on_the_command_line(
    face_video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Louder:
        name, likeness = "louder", None

        def convert(self, samples: np.ndarray, rate: int, language: str) -> np.ndarray:
            return samples * 2

    asked: list[Any] = []

    def converter_for(*given: Any) -> Any:
        asked.append((*given[:4], given[6]))
        given[4]("the recording is short")
        given[5](1, 2)
        return Louder()

    monkeypatch.setattr(engines, "engines", lambda folder=None: [Hum()])
    monkeypatch.setattr(conversion, "converter_for", converter_for)
    steps: list[str] = []
    options = SayOptions(voice=tmp_path / "ann", converter_folder="network", consent=True)
    done = say(
        None, "Hi.", tmp_path / "a.wav", options, progress=lambda step, *_: steps.append(step)
    )
    assert asked == [(str(tmp_path / "ann"), None, True, Path("network"), None)]
    assert done.notices == ("the recording is short",)
    assert done.mark.endswith("converted by louder")
    assert list(dict.fromkeys(steps)) == ["voice", "speak"]
    with pytest.raises(ConfigError, match="in Python consent=True"):
        say(face_video, "Hi.", tmp_path / "b.wav", SayOptions(voice="original"))
    with pytest.raises(ConfigError, match="a voice and a converter; give one"):
        say(None, "Hi.", tmp_path / "b.wav", options, converter=never)
    assert not (tmp_path / "b.wav").exists()
