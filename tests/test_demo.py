import sys
from pathlib import Path

import numpy as np
import pytest

from synclips.demo import demo_files
from synclips.errors import ConfigError
from synclips.features.loudness import speech_activity
from synclips.features.timing import SAMPLE_RATE
from synclips.media.audio import read_mono
from synclips.media.video import VideoReader


def test_the_portrait_can_be_read() -> None:
    pytest.importorskip("skimage", reason="scikit-image, which brings the portrait")
    with demo_files() as (portrait, _):
        reader = VideoReader(portrait)
        assert reader.info.is_image
        assert (reader.info.width, reader.info.height) == (512, 512)
        assert next(reader.frames()).image.std() > 20
    assert not portrait.exists()


def test_the_speech_is_a_few_sentences() -> None:
    pytest.importorskip("skimage", reason="scikit-image, which brings the portrait")
    with demo_files() as (_, speech):
        samples = read_mono(speech, SAMPLE_RATE)
    assert 5 < len(samples) / SAMPLE_RATE < 10
    active = speech_activity(samples, SAMPLE_RATE)
    assert 0.6 < (active > 0.5).mean() < 1
    assert np.abs(samples).max() <= 1


def test_without_scikit_image_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "skimage.data", None)
    with pytest.raises(ConfigError, match=r'pip install -e "\.\[demo\]"'), demo_files():
        pass


def test_where_the_speech_comes_from_is_written_beside_it() -> None:
    import synclips.demo

    note = Path(synclips.demo.__file__).with_name("SPEECH.md").read_text(encoding="utf-8")
    assert "flite" in note
