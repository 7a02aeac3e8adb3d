"""Names that come from elsewhere, and files that are not what they seem."""

import io
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

from synclips.errors import InputError, OutputError
from synclips.serve.uploads import keep, plainly, require_media, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Grüße (2).mp4", "Grüße (2).mp4"),
        ("../../etc/passwd", "passwd"),
        ("C:\\films\\a.mov", "a.mov"),
        ("img%03d.png", "img_03d.png"),
        ("a\0b\n:c.mp4", "a_b__c.mp4"),
        ("con.mp4", "_con.mp4"),
        ("LPT1", "_LPT1"),
        ("console.mp4", "console.mp4"),
        ("...", "file"),
        ("", "file"),
        (".mp4", "mp4"),
        ("x" * 300 + ".mp4", "x" * 150 + ".mp4"),
        ("漢" * 300 + ".mp4", "漢" * 50 + ".mp4"),
        ("a." + "y" * 300, "a." + "y" * 148),
    ],
)
def test_names_do_no_harm(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_file_is_kept_in_a_folder_of_its_own(tmp_path: Path) -> None:
    path = keep(io.BytesIO(b"film"), "../a.mp4", tmp_path / "video")
    assert path == tmp_path / "video" / "a.mp4"
    assert path.read_bytes() == b"film"
    with pytest.raises(OutputError, match="cannot be written"):
        keep(io.BytesIO(b"film"), "b.mp4", tmp_path / "gone" / "video")


@pytest.mark.parametrize("name", ["a.mp4", "a.m3u8", "a"])
def test_lists_of_other_files_are_refused(tmp_path: Path, face_video: Path, name: str) -> None:
    (tmp_path / "own.mp4").write_bytes(face_video.read_bytes())
    require_media(tmp_path / "own.mp4")
    for text in (
        "ffconcat version 1.0\nfile own.mp4\n",
        f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{tmp_path}/own.mp4\n#EXT-X-ENDLIST\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n",
    ):
        (tmp_path / name).write_text(text)
        with pytest.raises(InputError, match="is a list of files|not a media file"):
            require_media(tmp_path / name)
    (tmp_path / "text.mp4").write_text("hello")
    with pytest.raises(InputError, match="not a media file"):
        require_media(tmp_path / "text.mp4")


@pytest.mark.parametrize(
    "kind", ["hls", "concat", "dash", "imf", "sdp", "vapoursynth", "hls,applehttp"]
)
def test_lists_that_only_some_builds_of_ffmpeg_read_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    opened = SimpleNamespace(format=SimpleNamespace(name=kind))
    monkeypatch.setattr("synclips.serve.uploads.open_media", lambda _: nullcontext(opened))
    with pytest.raises(InputError, match=r"a\.mp4 is a list of files"):
        require_media(tmp_path / "a.mp4")


def test_files_are_called_as_the_user_called_them(tmp_path: Path) -> None:
    told = f"{tmp_path}/Xy_-9/video/my film.mp4 and {tmp_path}/Xy_-9/result.mp4 are short."
    assert plainly(told, tmp_path) == "my film.mp4 and result.mp4 are short."
    assert plainly("/elsewhere/a.mp4", tmp_path) == "/elsewhere/a.mp4"
