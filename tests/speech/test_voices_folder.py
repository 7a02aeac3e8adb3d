import sys
from pathlib import Path

import pytest

from synclips.speech.voices_folder import voices_folder


def test_told_then_set_then_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SYNCLIPS_VOICES", str(tmp_path / "set"))
    assert voices_folder(tmp_path / "told") == tmp_path / "told"
    assert voices_folder() == tmp_path / "set"
    monkeypatch.delenv("SYNCLIPS_VOICES")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    for platform, own in [
        ("linux", ".local/share"),
        ("darwin", "Library/Application Support"),
        ("win32", "AppData/Local"),
    ]:
        monkeypatch.setattr(sys, "platform", platform)
        assert voices_folder() == tmp_path / own / "synclips" / "voices"
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert voices_folder() == tmp_path / "data" / "synclips" / "voices"
