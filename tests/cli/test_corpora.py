import pytest
from typer.testing import CliRunner

from synclips.cli import app


@pytest.mark.parametrize(
    "line",
    [
        ["corpus", "get", "-o", "raw", "--no-keep-archives"],
        ["corpus", "prepare", "--no-retry"],
        ["evaluate", "--data", "raw", "-o", "report", "--no-keep"],
    ],
    ids=" ".join,
)
def test_what_is_off_anyway_has_no_option_to_turn_it_off(line: list[str]) -> None:
    result = CliRunner().invoke(app, line)
    assert result.exit_code == 2
    assert "No such option" in result.output
