import errno
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from av.video.frame import VideoFrame

from synclips.errors import OutputError
from synclips.media.color import FULL, LIMITED, ColorConverter, ColorInfo
from synclips.media.tone import (
    HLG,
    PQ,
    ToneMapper,
    encoding,
    from_sdr,
    hdr_table,
    is_hdr,
    sdr_table,
    to_sdr,
)
from synclips.media.video import VideoReader

TIMES = [Fraction(n, 25) for n in range(4)]
FROM_709 = np.array(
    [[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]]
)  # to the primaries of BT.2020 (BT.2087)


def pq(light):
    """Signal of cd/m2, by the inverse EOTF of SMPTE ST 2084."""
    power = (np.asarray(light) / 10000) ** 0.1593017578125
    return ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375


def test_what_sdr_could_show_is_as_it_was(rng):
    shown = rng.uniform(0.05, 0.72, (500, 3))
    signal = pq(203 * (shown**2.4) @ FROM_709.T)
    assert np.abs(to_sdr(signal, PQ) - shown).max() < 0.002


def test_highlights_are_rolled_off_up_to_the_peak():
    grey = np.linspace(0.3, 1, 200)[:, None].repeat(3, axis=1)
    for transfer in (PQ, HLG):
        sdr = to_sdr(grey, transfer)
        np.testing.assert_allclose(sdr[:, :1].repeat(3, axis=1), sdr, atol=1e-6)
        assert (np.diff(sdr[:, 0]) >= -1e-9).all()
        assert sdr[-1, 0] == pytest.approx(1, abs=1e-3)
    white, light = (float(to_sdr(pq(np.full(3, nits)), PQ)[0]) for nits in (203, 600))
    assert 0.85 < white < 0.92 < light < 0.999


def test_the_levels_of_both_curves_agree():
    """BT.2408, table 1: white is 75 % of HLG and 58 % of PQ, a grey card 38 and 38 %."""
    for hlg, other in ((0.75, 0.58), (0.38, 0.38)):
        pair = to_sdr(np.full(3, hlg), HLG), to_sdr(np.full(3, other), PQ)
        assert np.abs(pair[0] - pair[1]).max() < 0.01
    assert to_sdr(np.full(3, 0.38), HLG)[0] == pytest.approx(0.42, abs=0.01)


def test_what_sdr_cannot_show_keeps_its_hue():
    green = pq(150 * np.array([0.0001, 1.0, 0.0001]))
    red, shown, blue = to_sdr(green, PQ)
    assert red == pytest.approx(0, abs=1e-3)
    assert 0.7 < shown <= 1
    assert shown - blue > 0.3


def test_the_table_is_indexed_as_it_says():
    table = sdr_table(PQ, 9)
    np.testing.assert_allclose(table[4, 10, 16], to_sdr(np.array([16, 10, 4]) / 32, PQ), atol=1e-6)


@pytest.mark.parametrize("primaries", [1, 9, 12])
@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_sdr_becomes_the_hdr_that_it_is_made_of(rng, transfer, primaries):
    shown = rng.uniform(0.0, 1.0, (500, 3))
    signal = from_sdr(shown, transfer, primaries)
    assert signal.min() >= 0 and signal.max() <= 1
    assert np.abs(to_sdr(signal, transfer, primaries) - shown).max() < 1e-3
    table = hdr_table(transfer, primaries)
    expected = from_sdr(np.array([16, 10, 4]) / 32, transfer, primaries)
    np.testing.assert_allclose(table[4, 10, 16], expected, atol=1e-6)


@pytest.mark.parametrize("range_", [LIMITED, FULL])
@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_rgb_goes_to_the_encoder_as_hdr(transfer, range_):
    color = ColorInfo(range_, 9, 9, transfer)
    rgb = pale(64, 48, 0)
    coded = encoding(color, "yuv420p10le").from_rgb(VideoFrame.from_ndarray(rgb, "rgb24"))
    assert (coded.format.name, coded.color_trc, coded.color_primaries) == (
        "yuv420p10le",
        transfer,
        9,
    )
    assert (coded.colorspace, coded.color_range) == (9, range_)
    mapper = ToneMapper(color)
    again = ColorConverter(mapper.color).to_rgb(mapper.sdr(coded), 64, 48)
    assert np.abs(again.astype(int) - rgb).max() <= 4
    assert np.abs(again.astype(int) - rgb).mean() < 0.8


def test_what_is_no_hdr_goes_to_the_encoder_as_it_is():
    assert type(encoding(ColorInfo(), "yuv422p10le")) is ColorConverter


def test_a_table_without_room_is_told(monkeypatch):
    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("synclips.media.tone._write_cube", full)
    frame = VideoFrame(64, 48, "yuv420p10le")
    with pytest.raises(OutputError, match="temporary folder"):
        ToneMapper(ColorInfo(LIMITED, 9, 9, PQ)).sdr(frame)


def pale(width, height, step):
    """Colours that SDR can show."""
    y, x = np.mgrid[:height, :width]
    red, green = 80 + x * 60 // width, 80 + y * 60 // height
    return np.stack([red, green, np.full_like(red, 90 + step)], axis=-1).astype(np.uint8)


@pytest.mark.parametrize(("transfer", "codec"), [(PQ, "libx265"), (HLG, "libx264")])
@pytest.mark.parametrize("rotate", [None, (270, False)])
def test_a_telephones_hdr_video_is_read_as_sdr(tmp_path, raw_video, transfer, codec, rotate):
    options = {"x265-params": "log-level=error:crf=4"} if codec == "libx265" else {"crf": "4"}
    path: Path = raw_video(
        tmp_path / "a.mov",
        TIMES,
        codec=codec,
        pix_fmt="yuv420p10le",
        options=options,
        rotate=rotate,
        color_trc=transfer,
        color_primaries=9,
        colorspace=5,
        images=pale,
        color_range=1,
    )
    reader = VideoReader(path)
    assert reader.info.is_hdr
    assert reader.info.color == ColorInfo()
    picture = next(reader.frames()).picture
    expected = 255 * to_sdr(pale(64, 48, 0) / 255, transfer)
    if rotate:
        expected = np.rot90(expected, -1)
    assert np.abs(picture.image - expected).mean() < 2
    coded = picture.coded(ColorConverter(ColorInfo()))
    assert coded is not None and (coded.color_trc, coded.color_primaries) == (1, 1)
    backward = list(reader.frames_backward(TIMES))
    np.testing.assert_array_equal(backward[-1].image, picture.image)


def test_ordinary_video_is_left_alone(tmp_path, raw_video):
    reader = VideoReader(raw_video(tmp_path / "a.mp4", TIMES, color_trc=14, color_primaries=9))
    assert not is_hdr(reader.info.color)
    assert not reader.info.is_hdr
    assert reader.info.color.transfer == 14
