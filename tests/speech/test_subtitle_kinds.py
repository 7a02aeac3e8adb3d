from pathlib import Path

import pytest

from synclips.errors import ConfigError
from synclips.speech.subtitle_kinds import check_suffix, is_subtitles


@pytest.mark.parametrize("name", ["a.srt", "a.VTT", "a.ass", "a.b.ssa"])
def test_kinds_that_are_read(name: str) -> None:
    assert is_subtitles(Path(name))
    check_suffix(Path(name))


@pytest.mark.parametrize("name", ["a.ttml", "a.DFXP", "a.sbv"])
def test_kinds_that_are_not_read(name: str) -> None:
    assert is_subtitles(Path(name))
    with pytest.raises(ConfigError, match=rf"^{name} is of a kind .* save it as \.srt, and give"):
        check_suffix(Path(name))


def test_other_files() -> None:
    assert not is_subtitles(Path("a.txt"))
    with pytest.raises(ConfigError, match=r"^b is no subtitle file; give a \.srt or \.vtt"):
        check_suffix(Path("a.txt"), "b")
