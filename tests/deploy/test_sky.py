"""The SkyPilot task without SkyPilot: 430 MB that only whoever rents a machine needs.

`sky.Task.from_yaml_config` of SkyPilot 0.14.1 took it as it is here.
"""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

yaml = pytest.importorskip("yaml", reason="PyYAML, which comes with synclips[dev]")

ROOT = Path(__file__).resolve().parents[2]

# https://docs.skypilot.co/en/latest/reference/yaml-spec.html, those that matter here.
FIELDS = {"name", "workdir", "resources", "envs", "file_mounts", "setup", "run"}
RESOURCES = {"infra", "accelerators", "job_recovery"}
RECOVERY = {"strategy", "max_restarts_on_errors", "recover_on_exit_codes"}
MOUNT = {"source", "mode", "config"}


@pytest.fixture(scope="module")
def task() -> Any:
    return yaml.safe_load((ROOT / "deploy" / "sky.yaml").read_text(encoding="utf-8"))


def test_it_has_known_fields_only(task: Any) -> None:
    assert set(task) == FIELDS
    assert set(task["resources"]) <= RESOURCES
    assert set(task["resources"]["job_recovery"]) <= RECOVERY
    assert task["resources"]["infra"] == "lambda"
    assert all(count == 1 for count in task["resources"]["accelerators"].values())
    assert (ROOT / task["workdir"] / "runs" / "grid.sh").is_file()


def test_what_is_kept_can_be_renamed_and_nobodys_bucket_is_assumed(task: Any) -> None:
    assert task["envs"]["BUCKET"] is None, "SkyPilot asks for what is null"
    mount = task["file_mounts"]["/kept"]
    assert set(mount) <= MOUNT
    assert (mount["source"], mount["mode"]) == ("${BUCKET}", "MOUNT_CACHED")


def test_settings_are_those_of_the_road(task: Any) -> None:
    road = (ROOT / "runs" / "grid.sh").read_text()
    for name, value in task["envs"].items():
        assert value is None or isinstance(value, str), f"{name} would be read as a number"
        if name != "BUCKET":
            assert f"{name}=${{{name}:-" in road, f"{name} is not heard"


def test_a_sentence_of_the_road_is_no_reason_for_another_machine(task: Any) -> None:
    codes = task["resources"]["job_recovery"]["recover_on_exit_codes"]
    assert not {0, 1, 2} & set(codes)
    assert 143 in codes  # stopped from outside


@pytest.mark.parametrize("block", ["setup", "run"])
def test_its_scripts_are_bash(task: Any, block: str) -> None:
    checked = subprocess.run(
        ["bash", "-n"], input=task[block], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    assert task[block].startswith("set -euo pipefail\n")


@pytest.mark.parametrize(("tiny", "kept"), [("", "/kept"), ("1", "/kept/tiny")])
def test_the_run_calls_the_road_with_its_folders(
    task: Any, tmp_path: Path, tiny: str, kept: str
) -> None:
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "grid.sh").write_text("env")
    envs = {name: value or "" for name, value in task["envs"].items()} | {"TINY": tiny}
    run = re.sub(r"^nvidia-smi.*$", "", task["run"], flags=re.MULTILINE)
    told = subprocess.run(
        ["bash", "-c", run],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], **envs},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert {f"DATA={kept}/data", f"WORK={kept}/checkpoints", f"REPORT={kept}/report"} <= set(told)
    assert {"DEVICE=cuda", "PRESET=grid-gan", "DEVICES=1", "DRAWERS=4"} <= set(told)
    assert ("SPEAKERS=34" in told) is not bool(tiny)  # the toy archives have their own
