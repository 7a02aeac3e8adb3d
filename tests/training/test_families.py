from pathlib import Path

import pytest

from synclips.cli.progress import STEPS
from synclips.errors import ConfigError
from synclips.training.families import _ROADS, CONFIGS, read_run, road_of
from synclips.training.offsets import PLACES

CONFIG_FOLDER = Path(__file__).parents[2] / "configs"


@pytest.mark.parametrize("path", sorted(CONFIG_FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_config_of_the_project_can_be_read(path: Path) -> None:
    config = read_run(path)
    road = road_of(config)
    assert config.family in CONFIGS
    assert road.stages[0] == "prepare"
    assert road.stages[-1] == "export"


def test_every_stage_that_takes_long_has_a_name_for_its_bar() -> None:
    stages = {stage for config in CONFIGS.values() for stage in _ROADS[config].stages}
    assert "offsets" in stages
    stages = stages - {"offsets"} | set(PLACES)  # which trains twice
    assert stages - set(STEPS) == {"shape", "export"}  # of seconds, without a bar


def test_an_unknown_family_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text('family = "musetalk"\nname = "a"')
    with pytest.raises(ConfigError, match="unknown family 'musetalk'; known are synclips-1, grid"):
        read_run(file)


def test_judge_and_expert_share_neither_speaker_nor_seed() -> None:
    judge = read_run(CONFIG_FOLDER / "syncnet-judge.toml")
    expert = read_run(CONFIG_FOLDER / "syncnet-expert.toml")
    assert not set(judge.speakers) & set(expert.speakers)  # type: ignore[attr-defined]
    assert judge.loop.seed != expert.loop.seed  # type: ignore[attr-defined]
