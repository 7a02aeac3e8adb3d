import av
import pytest

from synclips.media.codec import CODECS
from synclips.media.color import FULL, LIMITED, ColorInfo
from synclips.options import SyncOptions


def test_options_know_them_by_the_same_names():
    for name in CODECS:
        assert SyncOptions(codec=name).codec == name
    assert next(iter(CODECS)) == SyncOptions.codec


@pytest.mark.parametrize("name", list(CODECS))
def test_the_encoder_is_there_and_takes_these_pixels(name):
    codec = CODECS[name]
    known = {one.name for one in av.Codec(codec.encoder, "w").video_formats or ()}
    assert {codec.pixels_for(8), codec.pixels_for(10), codec.pixels_for(12)} <= known


def test_what_is_kept():
    assert [one.name for one in CODECS.values() if one.keeps_depth] == ["hevc", "prores"]
    assert CODECS["h264"].pixels_for(10) == "yuv420p"
    assert CODECS["hevc"].pixels_for(8) == "yuv420p"
    assert CODECS["hevc"].pixels_for(10) == "yuv420p10le"
    assert CODECS["hevc"].options(20)["crf"] == "20"
    assert "crf" not in CODECS["prores"].options(20)


def test_what_cannot_tell_every_coding_has_the_common_one_of_the_same_colours():
    full = ColorInfo(FULL, 9, 9, 18)
    assert [one.color_for(full).range for one in CODECS.values()] == [FULL, FULL, LIMITED]
    assert CODECS["prores"].color_for(full) == ColorInfo(LIMITED, 9, 9, 18)
    assert CODECS["prores"].color_for(ColorInfo(LIMITED, 5, 5, 6)) == ColorInfo(LIMITED, 6, 5, 1)
    assert CODECS["hevc"].color_for(ColorInfo(LIMITED, 5, 5, 6)) == ColorInfo(LIMITED, 5, 5, 6)
