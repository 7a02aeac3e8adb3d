import os

import pytest

from synclips.errors import OutputError
from synclips.media.output import check_output, check_picture


def test_output_is_checked_before_any_work(tmp_path):
    source = tmp_path / "talk.mp4"
    source.write_text("x")
    (tmp_path / "soft.mp4").symlink_to(source)
    os.link(source, tmp_path / "hard.mp4")
    (tmp_path / "folder.mp4").mkdir()
    check_output(tmp_path / "new.MP4", [source])
    check_output(tmp_path / "new.mkv", [source, tmp_path / "missing.wav"])
    for name, reason in {
        "talk.mp4": "also an input",
        "soft.mp4": "also an input",
        "hard.mp4": "also an input",
        "folder.mp4": "is a folder",
        "none/out.mp4": "not a folder",
        "out.gif": "suffix",
        "out": "suffix",
    }.items():
        with pytest.raises(OutputError, match=reason) as caught:
            check_output(tmp_path / name, [source])
        assert name.split("/")[0] in str(caught.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_or_device_is_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "a.mp4")
    with pytest.raises(OutputError, match="not a file"):
        check_output(tmp_path / "a.mp4")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="may not be written"):
        check_output(tmp_path / "a.mp4")


def test_a_codec_goes_into_some_files_only(tmp_path):
    for suffix in (".mov", ".mkv"):
        check_output(tmp_path / f"a{suffix}", codec="prores")
    check_output(tmp_path / "a.mp4", codec="hevc")
    with pytest.raises(OutputError, match=r"a\.mp4 cannot hold prores; end its name in \.mov or"):
        check_output(tmp_path / "a.mp4", codec="prores")


def test_pictures_that_no_encoder_takes_are_refused(tmp_path):
    check_picture(tmp_path / "a.mp4", 16384, 9000, 16)
    with pytest.raises(OutputError, match="of 17000x9000 pixels encoders take at most 16384"):
        check_picture(tmp_path / "a.mp4", 17000, 9000, 16)
