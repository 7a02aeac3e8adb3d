"""Names of mixtures there and back, and styles whose numbers say whose they are."""

import numpy as np
import pytest

from synclips.speech.kokoro_mixture import STYLE, Mixture

VOICES = {"af_heart": 1.0, "bm_george": 10.0, "zf_one": 100.0}


def pure(name: str) -> np.ndarray:
    """Of more rows for those with larger numbers."""
    return np.full((round(VOICES[name]) + 2, 1, STYLE), VOICES[name], np.float32)


def mixture(name: str) -> Mixture:
    found = Mixture.named(name)
    assert found is not None, name
    return found


@pytest.mark.parametrize(
    "name",
    [
        "af_heart",
        "af_heart:70+bm_george:30",
        "af_heart/bm_george",
        "af_heart:2+zf_one:1/bm_george:130-af_heart:30",
    ],
)
def test_what_is_written_is_read_again(name: str) -> None:
    assert mixture(name).name == name


def test_shares_that_are_not_written_are_one() -> None:
    assert mixture("af_heart+bm_george") == mixture("af_heart:1+bm_george:1")
    assert mixture("bm_george+af_heart:3").leading == "af_heart"
    assert mixture("af_heart/zf_one").voices == {"af_heart", "zf_one"}


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/af_heart",
        "af_heart/",
        "af_heart:0",
        "af_heart:x",
        "af_heart:-2",
        "af_heart+af_heart",
        "af_heart++bm_george",
        "af_heart:1-bm_george:1",  # nobody is left
        "af_heart-bm_george:2",
        "af_heart/bm_george/zf_one",
        "af heart",
    ],
)
def test_what_names_no_mixture(name: str) -> None:
    assert Mixture.named(name) is None


@pytest.mark.parametrize(
    ("name", "colour", "melody"),
    [
        ("bm_george", 10, 10),
        ("af_heart:1+bm_george:2", 7, 7),
        ("af_heart/zf_one", 100, 1),
        ("bm_george/zf_one:3-af_heart:1", 149.5, 10),
    ],
)
def test_styles(name: str, colour: float, melody: float) -> None:
    style = mixture(name).style(pure)
    assert style.dtype == np.float32
    assert style.shape == (min(len(pure(each)) for each in mixture(name).voices), 1, STYLE)
    assert np.unique(style[..., : STYLE // 2]) == pytest.approx(colour)
    assert np.unique(style[..., STYLE // 2 :]) == pytest.approx(melody)
