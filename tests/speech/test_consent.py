import datetime
from pathlib import Path

import pytest

from synclips.errors import ConfigError
from synclips.speech.consent import SENTENCE, SETTING, asks_consent, require_consent


def test_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, "no")
    with pytest.raises(ConfigError, match="--i-have-consent"):
        require_consent(False)


def test_is_recorded_with_date_and_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SETTING, raising=False)
    found = require_consent(True)
    assert found.sentence == SENTENCE
    assert found.given_by == "--i-have-consent"
    age = datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(found.date)
    assert abs(age) < datetime.timedelta(minutes=1)


def test_the_setting_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, "1")
    assert require_consent(False).given_by == "SYNCLIPS_CONSENT=1"


def test_who_is_imitated_anew_is_asked_for(tmp_path: Path) -> None:
    assert asks_consent("original", None)
    assert not asks_consent("neutral", None)
    assert not asks_consent(str(tmp_path), None)  # a profile
    assert asks_consent("neutral", tmp_path) and asks_consent("original", tmp_path)
    assert asks_consent(str(tmp_path / "talk.wav"), tmp_path)
    assert not asks_consent(str(tmp_path), tmp_path)
