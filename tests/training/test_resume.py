import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from synclips.errors import ConfigError, ModelError, OutputError
from synclips.training import resume

Parts = tuple[dict[str, nn.Module], dict[str, nn.Module], dict[str, torch.optim.AdamW]]


def parts(seed: int = 0, width: int = 3, steps: int = 2) -> Parts:
    """Two networks after a few steps, of which the second has not learnt yet."""
    torch.manual_seed(seed)
    networks: dict[str, nn.Module] = {
        "a": nn.Sequential(nn.Linear(2, width), nn.BatchNorm1d(width)),
        "b": nn.Linear(2, 2),
    }
    averaged: dict[str, nn.Module] = {
        "a": nn.Sequential(nn.Linear(2, width), nn.BatchNorm1d(width)),
        "b": nn.Linear(2, 2),
    }
    optimisers = {name: torch.optim.AdamW(n.parameters()) for name, n in networks.items()}
    for _ in range(steps):
        networks["a"](torch.randn(4, 2)).square().sum().backward()
        optimisers["a"].step()
    return networks, averaged, optimisers


def store(folder: Path, these: Parts, step: int = 5) -> None:
    weights = {name: network.state_dict() for name, network in these[1].items()}
    resume.save(
        folder, weights, resume.pack(*these), step, {"loop.seed": 0}, {"count": 3}, watched=True
    )


def fetch(folder: Path, these: Parts) -> None:
    saved = resume.load(folder)
    assert saved is not None
    resume.unpack(saved, *these)


def test_everything_comes_back(tmp_path: Path) -> None:
    one, other = parts(0), parts(1)
    store(tmp_path, one)
    saved = resume.load(tmp_path)
    assert saved is not None
    assert (saved.step, saved.settings, saved.state) == (5, {"loop.seed": 0}, {"count": 3})
    resume.unpack(saved, *other)
    for before, after in zip(one[:2], other[:2], strict=True):
        for name in "ab":
            pairs = zip(
                before[name].state_dict().values(), after[name].state_dict().values(), strict=True
            )
            assert all(torch.equal(x, y) for x, y in pairs)
    assert other[2]["b"].state_dict()["state"] == {}
    for batch in (torch.ones(4, 2), torch.eye(4)[:, :2]):
        for networks, _, optimisers in (one, other):
            optimisers["a"].zero_grad()
            networks["a"](batch).square().sum().backward()
            optimisers["a"].step()
    assert torch.equal(one[0]["a"][0].weight, other[0]["a"][0].weight)  # type: ignore[index]


def test_nothing_is_left_of_the_checkpoint_before(tmp_path: Path) -> None:
    store(tmp_path, parts(), step=5)
    store(tmp_path, parts(), step=6)
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "a.safetensors",
        "b.safetensors",
        "resume-6.safetensors",
        "resume.json",
    ]


def test_a_process_killed_before_the_last_rename_leaves_the_checkpoint_before(
    tmp_path: Path,
) -> None:
    store(tmp_path, parts(), step=5)
    about = (tmp_path / "resume.json").read_text()
    tensors = (tmp_path / "resume-5.safetensors").read_bytes()
    store(tmp_path, parts(1), step=6)
    (tmp_path / "resume.json").write_text(about)
    (tmp_path / "resume-5.safetensors").write_bytes(tensors)
    saved = resume.load(tmp_path)
    assert saved is not None
    assert saved.step == 5
    store(tmp_path, parts(2), step=7)
    assert len(list(tmp_path.glob("resume-*"))) == 1


def test_an_empty_folder_has_no_checkpoint(tmp_path: Path) -> None:
    assert resume.load(tmp_path) is None


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").mkdir()
    with pytest.raises(OutputError, match=r"a\.safetensors could not be written \(Is a directory"):
        store(tmp_path, parts())
    assert [path.name for path in tmp_path.iterdir()] == ["a.safetensors"]


def test_what_a_killed_process_left_half_written_is_removed(tmp_path: Path) -> None:
    for name in (".resume-5.0a1b2c3d.safetensors", ".a.0a1b2c3d.safetensors", ".resume.0.json"):
        (tmp_path / name).write_bytes(b"half")
    store(tmp_path, parts())
    assert not list(tmp_path.glob(".*"))


def edit(folder: Path, change: dict[str, Tensor | None]) -> None:
    file = folder / "resume-5.safetensors"
    tensors = {k: v for k, v in (load_file(file) | change).items() if v is not None}
    save_file(tensors, file)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weight/b/bias": None}, "it has weight/b/bias, the file has not"),
        ({"mean/a/1.running_mean": None}, "it has mean/a/1.running_mean, the file has not"),
        ({"weight/b/bias": torch.ones(3)}, r"weight/b/bias is \(3,\), not \(2,\)"),
        ({"weight/c/bias": torch.ones(3)}, "weight/c/bias is not in it"),
        ({"adam/a/0.bias/exp_avg": torch.ones(1)}, r"exp_avg is \(1,\), not \(3,\)"),
        ({"adam/a/0.bias/exp_avg": None}, "it has adam/a/0.bias/exp_avg, the file has not"),
        ({"adam/b/colour/step": torch.tensor(1.0)}, "adam/b/colour/step is not in it"),
    ],
)
def test_a_tensor_that_is_missing_foreign_or_misshapen_is_named(
    tmp_path: Path, change: dict[str, Tensor | None], message: str
) -> None:
    store(tmp_path, parts())
    edit(tmp_path, change)
    with pytest.raises(ModelError, match=rf"resume-5\.safetensors belongs to .*{message}; train"):
        fetch(tmp_path, parts(1))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("resume.json", b"{", "are not a complete checkpoint"),
        ("resume.json", b'{"format": 2}', r"are not a complete checkpoint \('tensors'\)"),
        ("resume.json", b'{"format": 9}', "has format 9, this version reads 2"),
        ("resume-5.safetensors", b"", "are not a complete checkpoint"),
        ("resume-5.safetensors", b"12345678" * 99, "are not a complete checkpoint"),
        ("resume-5.safetensors", None, "are not a complete checkpoint .*No such file"),
    ],
)
def test_a_damaged_checkpoint_is_refused(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    store(tmp_path, parts())
    if content is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelError, match=message):
        resume.load(tmp_path)


def test_a_run_of_an_older_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "resume.safetensors").write_bytes(b"")
    with pytest.raises(ModelError, match="older version, which cannot be continued"):
        resume.load(tmp_path)


def test_settings_are_compared_as_they_are_stored(tmp_path: Path) -> None:
    settings = resume.flat({"a": {"b": (1, 2), "c": 0.1}, "steps": 7})
    assert settings == {"a.b": [1, 2], "a.c": 0.1, "steps": 7}
    resume.save(tmp_path, {}, {}, 1, settings, {}, watched=False)
    saved = resume.load(tmp_path)
    assert saved is not None
    saved.check_settings(settings | {"steps": 8}, frozenset({"steps"}))
    with pytest.raises(
        ConfigError, match=r"other settings: a\.b \(was \[1, 2\]\), d \(was not there\)"
    ):
        saved.check_settings(settings | {"a.b": [1], "d": 4}, frozenset())
    # What a run of an earlier version did not keep says nothing; what it kept must be the same.
    later = {"which": "abc", "data.clips": 7, "expert": "def", "words": ["bin"]}
    saved.check_settings(settings | later, frozenset())
    kept = replace(saved, settings=settings | later)
    with pytest.raises(ConfigError, match=r"data\.clips \(was 7\)"):
        kept.check_settings(settings | later | {"data.clips": 8}, frozenset())


def test_a_run_of_before_a_setting_was_there_is_known_by_what_it_did(tmp_path: Path) -> None:
    resume.save(tmp_path, {}, {}, 1, {"window": 128}, {}, watched=False)
    saved = resume.load(tmp_path)
    assert saved is not None
    saved.check_settings({"window": 128}, frozenset())
    as_before = {"window": 128, "quantity": 0.5, "start": "", "weights.temporal": 0.0}
    saved.check_settings(as_before, frozenset())
    with pytest.raises(ConfigError, match=r"settings: quantity \(was 0\.5\);"):
        saved.check_settings(as_before | {"quantity": 0.0}, frozenset())
    with pytest.raises(ConfigError, match=r"settings: start \(was ''\), weights"):
        saved.check_settings(as_before | {"start": "1f", "weights.temporal": 1.0}, frozenset())


def test_the_best_weights_are_gone_on_with_where_there_are_any(tmp_path: Path) -> None:
    assert resume.weights_file(tmp_path, "a") == tmp_path / "a.safetensors"
    store(tmp_path, parts())
    assert resume.weights_file(tmp_path, "a") == tmp_path / "a.safetensors"
    weights = {"a.best": {"x": torch.ones(1)}}
    resume.save(tmp_path, weights, {}, 6, {}, {}, watched=True)
    assert resume.weights_file(tmp_path, "a") == tmp_path / "a.best.safetensors"
    assert json.loads((tmp_path / "resume.json").read_text())["step"] == 6
