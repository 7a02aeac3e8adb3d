"""What is told of work that takes a while, where nobody sees a bar."""

import pytest

from synclips.cli import progress


def test_without_a_terminal_it_is_a_line_a_minute(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = 1000.0
    monkeypatch.setattr(progress.time, "monotonic", lambda: now)
    with progress.bars() as tell:
        for second in range(0, 150, 10):
            now = 1000.0 + second
            tell("prepare", second, 33000)
        now += 60
        tell("speak", 7, None)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == ["prepare 60 of 33000", "prepare 120 of 33000", "speak 7"]


def test_short_work_is_done_without_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.bars() as tell:
        for done in range(100):
            tell("prepare", done, 100)
    assert capsys.readouterr() == ("", "")
