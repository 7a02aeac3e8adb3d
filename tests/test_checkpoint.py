import json
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from synclips import checkpoint
from synclips.checkpoint import (
    Checkpoint,
    GridGanCheckpoint,
    Wav2LipCheckpoint,
    available_models,
    load_checkpoint,
    save_checkpoint,
)
from synclips.errors import ConfigError, ModelError, OutputError
from synclips.faces.crop import CropSpec
from synclips.features.mfcc import MfccSpec
from synclips.models.speech_encoder import FEATURES
from synclips.models.weights import load_network
from synclips.options import DEFAULT_MODEL

Tensors = dict[str, torch.Tensor]


@pytest.fixture
def folder(tiny_model: Path, tmp_path: Path) -> Path:
    """A copy of the tiny model that a test may break."""
    return Path(shutil.copytree(tiny_model, tmp_path / "model"))


@pytest.fixture
def painting(untrained_grid_gan: Path, tmp_path: Path) -> Path:
    """A copy of a model of the other family that a test may break."""
    return Path(shutil.copytree(untrained_grid_gan, tmp_path / "painting"))


def edit(folder: Path, change: Callable[[Any], object]) -> None:
    """Change the configuration of a model."""
    file = folder / "config.json"
    config = json.loads(file.read_text(encoding="utf-8"))
    change(config)
    file.write_text(json.dumps(config), encoding="utf-8")


def test_a_model_is_what_was_saved(tiny_model: Path, tmp_path: Path) -> None:
    first = load_checkpoint(tiny_model)
    save_checkpoint(first, tmp_path / "copy", {"steps": 3})
    second = load_checkpoint(str(tmp_path / "copy"))
    assert second.name == first.name == "tiny"
    assert second.crop == first.crop
    for name in ("template", "basis", "deviation"):
        assert np.array_equal(getattr(second.shape, name), getattr(first.shape, name))
    heard, shapes = torch.randn(21, FEATURES), torch.randn(4, first.shape.size)
    assert torch.equal(first.motion.speak(heard, shapes), second.motion.speak(heard, shapes))
    size = first.crop.size
    pictures = torch.rand(1, 3, 3, size, size), torch.rand(1, 2, size, size), torch.rand(1, 3)
    one, other = first.generator(*pictures), second.generator(*pictures)
    for field in ("flow", "inner", "cover"):
        assert torch.equal(getattr(one, field), getattr(other, field))


def test_loaded_networks_are_ready_for_use(tiny_model: Path) -> None:
    model = load_checkpoint(tiny_model)
    for network in (model.motion, model.generator):
        assert not any(module.training for module in network.modules())
        assert not any(parameter.requires_grad for parameter in network.parameters())


def test_the_folder_is_complete_and_explains_itself(tiny_model: Path) -> None:
    names = {"config.json", "shape.safetensors", "motion.safetensors", "generator.safetensors"}
    assert {path.name for path in tiny_model.iterdir()} == names
    config = json.loads((tiny_model / "config.json").read_text(encoding="utf-8"))
    assert config["training"] == {"made by": "the tests"}
    assert config["format"] == checkpoint.FORMAT
    assert config["family"] == "synclips-1"


def test_a_painting_model_is_what_was_saved(untrained_grid_gan: Path, tmp_path: Path) -> None:
    first = load_checkpoint(untrained_grid_gan)
    assert isinstance(first, GridGanCheckpoint)
    save_checkpoint(first, tmp_path / "copy", {"steps": 3})
    names = {"config.json", "shape.safetensors", "network.safetensors"}
    assert {path.name for path in (tmp_path / "copy").iterdir()} == names
    config = json.loads((tmp_path / "copy" / "config.json").read_text(encoding="utf-8"))
    assert (config["family"], config["training"]) == ("grid-gan", {"steps": 3})
    second = load_checkpoint(tmp_path / "copy")
    assert isinstance(second, GridGanCheckpoint)
    assert second.name == first.name == "grid"
    assert (second.mfcc, second.crop) == (first.mfcc, first.crop)
    assert second.network.spec == first.network.spec
    assert np.array_equal(second.shape.basis, first.shape.basis)
    tensors = first.network.state_dict()
    assert second.network.state_dict().keys() == tensors.keys()
    assert all(
        torch.equal(value, tensors[key]) for key, value in second.network.state_dict().items()
    )
    assert not second.network.training
    assert not any(parameter.requires_grad for parameter in second.network.parameters())


@pytest.mark.parametrize("name", ["config", "shape", "motion", "generator"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (file,) = folder.glob(f"{name}.*")
    file.unlink()
    with pytest.raises(ModelError, match=str(folder)):
        load_checkpoint(folder)


@pytest.mark.parametrize("name", ["config", "shape", "motion", "generator"])
@pytest.mark.parametrize("keep", [0, 100])
def test_a_cut_off_file_is_named(folder: Path, name: str, keep: int) -> None:
    (file,) = folder.glob(f"{name}.*")
    file.write_bytes(file.read_bytes()[:keep])
    with pytest.raises(ModelError, match="get it again") as caught:
        load_checkpoint(folder)
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value)


def missing(tensors: Tensors) -> None:
    tensors.pop("head.3.bias")


def foreign(tensors: Tensors) -> None:
    tensors["head.9.bias"] = torch.zeros(3)


def misshapen(tensors: Tensors) -> None:
    tensors["head.3.bias"] = torch.zeros(99)


@pytest.mark.parametrize("damage", [missing, foreign, misshapen])
def test_every_tensor_is_accounted_for(folder: Path, damage: Callable[[Tensors], None]) -> None:
    file = folder / "motion.safetensors"
    network = load_checkpoint(folder).motion
    tensors = load_file(file)
    damage(tensors)
    save_file(tensors, file)
    for load in (lambda: load_checkpoint(folder), lambda: load_network(network, file)):
        with pytest.raises(ModelError, match=r"does not fit this network: .*head\.[39]\.bias") as e:
            load()
        assert str(file) in str(e.value)
        assert "\n" not in str(e.value)


def without(tensors: Tensors) -> None:
    tensors.pop("generator.fc.bias")


def with_the_judge(tensors: Tensors) -> None:
    tensors["discriminator.fc.bias"] = torch.zeros(1)


def with_another_shape(tensors: Tensors) -> None:
    tensors["generator.fc.bias"] = torch.zeros(99)


@pytest.mark.parametrize("damage", [without, with_the_judge, with_another_shape])
def test_every_tensor_of_a_painting_model_is_accounted_for(
    painting: Path, damage: Callable[[Tensors], None]
) -> None:
    file = painting / "network.safetensors"
    tensors = load_file(file)
    damage(tensors)
    save_file(tensors, file)
    with pytest.raises(ModelError, match=r"does not fit this network: .*fc\.bias") as caught:
        load_checkpoint(painting)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize("name", ["shape", "network"])
def test_a_missing_file_of_a_painting_model_is_named(painting: Path, name: str) -> None:
    (painting / f"{name}.safetensors").unlink()
    with pytest.raises(ModelError, match=str(painting)):
        load_checkpoint(painting)


def test_a_family_is_not_taken_for_another(folder: Path, painting: Path) -> None:
    edit(folder, lambda config: config.update(family="grid-gan"))
    with pytest.raises(ModelError, match=str(folder)):
        load_checkpoint(folder)
    edit(painting, lambda config: config.update(family="musetalk"))
    with pytest.raises(ModelError, match="family 'musetalk', which this version does not know"):
        load_checkpoint(painting)
    edit(painting, lambda config: config.pop("family"))
    with pytest.raises(ModelError, match=str(painting)):
        load_checkpoint(painting)


@pytest.mark.parametrize(
    "change",
    [
        lambda config: config["crop"].update(size=64),
        lambda config: config["mfcc"].update(n_coefficients=12, mean=[], scale=[]),
        lambda config: config["mfcc"].pop("lifter"),
        lambda config: config["network"].update(references=3),
        lambda config: config["network"].update(window="long"),
    ],
    ids=["crop", "coefficients", "no lifter", "references", "window"],
)
def test_preprocessing_the_network_cannot_take_is_refused(
    painting: Path, change: Callable[[Any], object]
) -> None:
    edit(painting, change)
    with pytest.raises(ModelError, match=str(painting)):
        load_checkpoint(painting)


def test_a_repainting_model_is_what_was_saved(untrained_wav2lip: Path, tmp_path: Path) -> None:
    first = load_checkpoint(untrained_wav2lip)
    assert isinstance(first, Wav2LipCheckpoint)
    save_checkpoint(first, tmp_path / "copy", {})
    second = load_checkpoint(tmp_path / "copy")
    assert isinstance(second, Wav2LipCheckpoint)
    assert (second.name, second.mel, second.crop) == (first.name, first.mel, first.crop)
    tensors = first.network.state_dict()
    assert all(torch.equal(tensors[key], x) for key, x in second.network.state_dict().items())
    with pytest.raises(ConfigError, match="takes 64 mel bands and crops of 96 pixels, not 64 and"):
        replace(first, crop=CropSpec(size=64))


def test_a_checkpoint_is_checked_when_it_is_made(untrained_grid_gan: Path) -> None:
    model = load_checkpoint(untrained_grid_gan)
    assert isinstance(model, GridGanCheckpoint)
    with pytest.raises(ConfigError, match="takes 13 coefficients and crops of 32 pixels"):
        GridGanCheckpoint("x", MfccSpec(), CropSpec(size=64), model.shape, model.network)


def test_a_full_disk_leaves_the_older_model(
    tiny_model: Path, folder: Path, full_disk: Callable[[int], AbstractContextManager[None]]
) -> None:
    model = load_checkpoint(tiny_model)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for weights in model.motion.parameters():
        weights.data.add_(1)
    with full_disk(3), pytest.raises(OutputError, match=r"generator.*the disk is full"):
        save_checkpoint(model, folder, {})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_place_that_cannot_be_written_is_named(tiny_model: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=str(tmp_path / "file")):
        save_checkpoint(load_checkpoint(tiny_model), tmp_path / "file", {})


def test_another_format_is_refused(folder: Path) -> None:
    edit(folder, lambda config: config.update(format=99))
    with pytest.raises(ModelError, match=r"format 99, this version reads 3; export it again"):
        load_checkpoint(folder)


@pytest.mark.parametrize("part", ["crop", "motion", "generator"])
@pytest.mark.parametrize(
    "change",
    [
        lambda values: values.update(colour="green"),
        lambda values: values.pop(next(iter(values))),
        lambda values: values.update({next(iter(values)): None}),
    ],
    ids=["unknown key", "missing key", "no value"],
)
def test_a_specification_that_does_not_fit_is_refused(
    folder: Path, part: str, change: Callable[[Any], object]
) -> None:
    edit(folder, lambda config: change(config[part]))
    with pytest.raises(ModelError):
        load_checkpoint(folder)


@pytest.mark.parametrize("text", ["[]", "3", "{}", '{"format": 3}', "\x00\xff"])
def test_a_configuration_that_is_none_is_refused(folder: Path, text: str) -> None:
    (folder / "config.json").write_text(text, encoding="latin-1")
    with pytest.raises(ModelError, match=str(folder)):
        load_checkpoint(folder)


@pytest.mark.parametrize("name", ["synclips-0", "", ".", "../weights/synclips-1", "x" * 300])
def test_an_unknown_name_lists_the_known_ones(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "available_models", lambda: ["one", "two"])
    with pytest.raises(ModelError, match="shipped models: one, two; or give the folder") as caught:
        load_checkpoint(name)
    assert repr(name) in str(caught.value)


def test_the_default_model_ships() -> None:
    assert DEFAULT_MODEL in available_models()


@pytest.mark.parametrize("name", available_models())
def test_a_shipped_model_loads_and_is_small(name: str) -> None:
    folder = Path(checkpoint.__file__).parent / "weights" / name
    assert sum(file.stat().st_size for file in folder.iterdir()) <= 30e6
    model = load_checkpoint(name)
    assert model.name == name
    assert isinstance(model, Checkpoint)
    count = sum(
        tensor.numel()
        for network in (model.motion, model.generator)
        for tensor in network.parameters()
    )
    assert 1e4 < count <= 3e6
    assert model.motion.spec.shape_size == model.shape.size
    assert np.isfinite(model.shape.basis).all()


@pytest.mark.parametrize("name", available_models())
def test_a_shipped_model_has_a_card(name: str) -> None:
    card = Path(checkpoint.__file__).parent / "weights" / name / "CARD.md"
    assert card.is_file()
    assert name in card.read_text(encoding="utf-8")
