import sys
import zipfile
from pathlib import Path

import pytest

from synclips.errors import ConfigError, InputError
from synclips.hearing import weights
from synclips.hearing.weights import FILE, install, read


def test_a_wheel_that_is_another_one_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "other.whl"
    with pytest.raises(InputError, match=r"other\.whl is not the wheel of pipecat-ai==1\.14\.0"):
        read(wheel)
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(FILE, b"something else")
    with pytest.raises(InputError, match=r"onnx of .*other\.whl is not that of pipecat-ai"):
        read(wheel)
    with pytest.raises(InputError):
        install(wheel, tmp_path / "weights")
    assert [path.name for path in tmp_path.iterdir()] == ["other.whl"]


def test_what_is_missing_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ConfigError, match=r'run pip install "onnx>=1\.17,<1\.21"'):
        weights.converted(b"")
    monkeypatch.setattr(sys, "executable", "false")
    with pytest.raises(ConfigError, match="pip cannot download pipecat-ai.*synclips hearing WHEEL"):
        install(None, tmp_path / "weights")
