import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from filelock import FileLock
from safetensors.torch import load_file
from torch import Tensor, nn

from synclips.errors import ConfigError, ModelError, OutputError
from synclips.media import partial
from synclips.training.loop import train
from synclips.training.machine import Machine
from synclips.training.motion_stage import MotionStage
from synclips.training.options import LoopOptions
from synclips.training.resume import load, weights_file
from synclips.training.stage import Objective, Stage
from synclips.training.stop import Stopped

OPTIONS = LoopOptions(steps=6, batch_size=4, learning_rate=1e-2, warmup=1, validate_every=2)
CPU = Machine("cpu")
MEASURED = {"seconds", "samples_per_second", "data_share"}


class Line(Stage[Tensor]):
    """The smallest stage: one number is pulled towards the mean of random numbers."""

    name = "line"

    def __init__(self, bad_steps: tuple[int, ...] = (), signal_at: int | None = None) -> None:
        self.network = nn.Linear(1, 1, bias=False)
        nn.init.zeros_(self.network.weight)
        self.bad_steps = bad_steps
        self.signal_at = signal_at
        self.number = signal.SIGTERM
        self.weights: list[float] = []
        self.drawn: list[float] = []
        self.told: Callable[[int], float] = lambda calls: self.network.weight.item()
        self.validations = 0

    def networks(self) -> dict[str, nn.Module]:
        return {"line": self.network}

    def draw(self, rng: np.random.Generator, size: int) -> Tensor:
        return torch.from_numpy(rng.normal(3, 1, (size, 1)).astype(np.float32))

    def objectives(self, batch: Tensor, step: int) -> Iterator[Objective]:
        self.weights.append(self.network.weight.item())
        self.drawn.append(float(batch[0, 0]))
        if step == self.signal_at:
            os.kill(os.getpid(), self.number)
        loss = (self.network(torch.ones(1, 1)) - batch).square().mean()
        if step in self.bad_steps:
            loss = loss * float("nan")
        yield "line", loss, {"loss": loss.item()}

    def validate(self, averaged: dict[str, nn.Module]) -> dict[str, float]:
        self.validations += 1
        return {
            "weight": averaged["line"].weight.item(),  # type: ignore[union-attr, operator]
            "told": self.told(self.validations),
        }


class Killed(MotionStage):
    """A stage whose process dies in the middle of a step."""

    at = -1

    def objectives(self, batch: Any, step: int) -> Iterator[Objective]:
        if step == self.at:
            raise MemoryError
        yield from super().objectives(batch, step)


def rows(folder: Path) -> list[dict[str, float]]:
    lines = (folder / "log.jsonl").read_text().splitlines()
    return [{k: v for k, v in json.loads(line).items() if k not in MEASURED} for line in lines]


def resumed(folder: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((folder / "resume.json").read_text())
    return values


def assert_same(one: Path, other: Path, names: tuple[str, ...]) -> None:
    for name in (*names, resumed(one)["tensors"]):
        a, b = load_file(one / name), load_file(other / name)
        assert a.keys() == b.keys()
        for key, value in a.items():
            torch.testing.assert_close(b[key], value, rtol=0, atol=0)
    assert rows(one) == rows(other)


@pytest.mark.parametrize("killed_at", [1, 3, 4])
def test_an_interrupted_run_ends_exactly_as_one_that_was_not(
    motion_stage: Callable[..., MotionStage], tmp_path: Path, killed_at: int
) -> None:
    train(motion_stage(), OPTIONS, tmp_path / "whole", machine=CPU)
    stage = motion_stage()
    stage.__class__ = Killed
    stage.at = killed_at  # type: ignore[attr-defined]
    with pytest.raises(MemoryError):
        train(stage, OPTIONS, tmp_path / "killed", machine=CPU)
    # Other weights to begin with wherever a checkpoint was left: it restores everything.
    train(motion_stage(0 if killed_at < 2 else 99), OPTIONS, tmp_path / "killed", machine=CPU)
    assert_same(tmp_path / "whole", tmp_path / "killed", ("motion.safetensors",))
    assert [row["step"] for row in rows(tmp_path / "whole")] == [2, 4, 6]


def test_a_process_that_is_killed_loses_nothing(
    duel: Any, start: Callable[..., Any], tmp_path: Path
) -> None:
    options = {
        "steps": 80,
        "batch_size": 4,
        "learning_rate": 0.01,
        "warmup": 5,
        "validate_every": 3,
    }
    killed = tmp_path / "killed"
    process = start(killed, options, pause=0.02)
    deadline = time.monotonic() + 60
    while not (killed / "resume.json").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.1)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert 0 < resumed(killed)["step"] < 80
    with (killed / "log.jsonl").open("a") as journal:
        journal.write('{"imitation": 1.0, "st')  # a row it was writing
    duel.run(killed, options)
    duel.run(tmp_path / "whole", options)
    assert_same(tmp_path / "whole", killed, ("generator.safetensors", "discriminator.safetensors"))


def test_a_row_that_was_not_written_after_its_checkpoint_is_not_lost(tmp_path: Path) -> None:
    train(Line(), OPTIONS, tmp_path, machine=CPU)
    complete = (tmp_path / "log.jsonl").read_text()
    shorter = "".join(complete.splitlines(keepends=True)[:-1])
    (tmp_path / "log.jsonl").write_text(shorter)
    train(Line(), replace(OPTIONS, steps=8), tmp_path, machine=CPU)
    assert (tmp_path / "log.jsonl").read_text().startswith(complete)
    assert [row["step"] for row in rows(tmp_path)] == [2, 4, 6, 8]


def test_two_processes_do_what_one_does(
    duel: Any, start: Callable[..., Any], tmp_path: Path
) -> None:
    # Three pieces: one process has two of them. The last is smaller.
    options = {"steps": 4, "batch_size": 10, "micro_batch": 4, "learning_rate": 0.01}
    options |= {"validate_every": 2, "precision": "32", "warmup": 0}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free.getsockname()[1])}
    processes = [
        start(tmp_path / "two", options, address | {"LOCAL_RANK": rank}, processes=2)
        for rank in "01"
    ]
    duel.run(tmp_path / "one", options)
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    first, second, alone = (
        load_file(tmp_path / name)
        for name in ("two/rank-0.safetensors", "two/rank-1.safetensors", "one/rank-0.safetensors")
    )
    torch.manual_seed(0)
    fresh = duel.Duel()
    for key, value in alone.items():
        assert torch.equal(first[key], second[key]), key
        torch.testing.assert_close(first[key], value, rtol=1e-4, atol=1e-5)
    assert not torch.equal(alone["generator.0.weight"], fresh.generator[0].weight)
    assert alone["generator.idle"] == 1  # not even weight decay
    for one, two in zip(rows(tmp_path / "one"), rows(tmp_path / "two"), strict=True):
        assert two == pytest.approx(one, rel=1e-4)


@pytest.mark.parametrize("micro_batch", [1, 2, 3, 5])
def test_pieces_add_up_to_the_batch(tmp_path: Path, micro_batch: int) -> None:
    class Given(Line):
        """Samples depend on their place in the batch alone."""

        def __init__(self) -> None:
            super().__init__()
            self.place = 0

        def draw(self, rng: np.random.Generator, size: int) -> Tensor:
            self.place += size
            return torch.arange(self.place - size, self.place)[:, None].float() % 8

    options = replace(OPTIONS, batch_size=8, precision="32")
    whole, cut = Given(), Given()
    train(whole, options, tmp_path / "whole", machine=CPU)
    train(cut, replace(options, micro_batch=micro_batch), tmp_path / "cut", machine=CPU)
    assert len(cut.drawn) == 6 * -(-8 // micro_batch)
    assert cut.network.weight.item() == pytest.approx(whole.network.weight.item(), rel=1e-5)
    assert abs(whole.network.weight.item()) > 0.02
    for one, two in zip(rows(tmp_path / "whole"), rows(tmp_path / "cut"), strict=True):
        assert two == pytest.approx(one, rel=1e-5)


def test_what_the_machine_cannot_do_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match='precision "16" needs a GPU'):
        train(Line(), replace(OPTIONS, precision="16"), tmp_path / "new", machine=CPU)
    with pytest.raises(ConfigError, match=r"4 in 1 piece is .* set micro_batch to at most 2\."):
        train(Line(), OPTIONS, tmp_path / "new", machine=Machine("cpu", devices=2))
    assert not (tmp_path / "new").exists()


def test_the_seed_is_of_everything(
    motion_stage: Callable[..., MotionStage], tmp_path: Path
) -> None:
    for folder, seed in (("a", 0), ("b", 0), ("c", 1)):
        options = replace(OPTIONS, steps=2, seed=seed)
        train(motion_stage(), options, tmp_path / folder, machine=CPU)
    a, b, c = (load_file(tmp_path / folder / "motion.safetensors") for folder in "abc")
    assert all(torch.equal(a[key], b[key]) for key in a)
    assert not all(torch.equal(a[key], c[key]) for key in a)


def test_a_finished_run_is_left_alone(tmp_path: Path) -> None:
    train(Line(), OPTIONS, tmp_path, machine=CPU)
    before = {file: file.read_bytes() for file in tmp_path.glob("*.*")}
    again = Line()
    train(again, OPTIONS, tmp_path, machine=CPU)
    assert again.weights == []
    assert {file: file.read_bytes() for file in tmp_path.glob("*.*")} == before


def test_a_finished_run_can_be_made_longer(tmp_path: Path) -> None:
    first, second = Line(), Line()
    train(first, OPTIONS, tmp_path, machine=CPU)
    train(second, replace(OPTIONS, steps=9, validate_every=3), tmp_path, machine=CPU)
    assert len(second.weights) == 3
    assert [row["step"] for row in rows(tmp_path)] == [2, 4, 6, 9]
    # No batch is seen twice.
    assert len({*first.drawn, *second.drawn}) == 9


def test_settings_that_decide_the_weights_may_not_change(tmp_path: Path) -> None:
    data = {"people": ("a", "b"), "sizes": {"width": 3, "depth": 1}}
    train(Line(), OPTIONS, tmp_path, machine=CPU, settings=data)
    other = replace(OPTIONS, steps=8, learning_rate=1.0)
    changed = {"people": ("a", "b"), "sizes": {"width": 4}}
    message = (
        r"other settings: loop\.learning_rate \(was 0\.01\), sizes\.depth \(was 1\),"
        r" sizes\.width \(was 3\); set them back"
    )
    with pytest.raises(ConfigError, match=message):
        train(Line(), other, tmp_path, machine=CPU, settings=changed)
    train(Line(), replace(OPTIONS, steps=8), tmp_path, machine=CPU, settings=data)
    assert rows(tmp_path)[-1]["step"] == 8


def test_steps_that_are_not_finite_change_nothing_and_are_counted(tmp_path: Path) -> None:
    stage = Line(bad_steps=(2, 3))
    train(stage, OPTIONS, tmp_path, machine=CPU)
    assert np.isfinite(stage.weights).all()
    assert stage.weights[2] == stage.weights[3] == stage.weights[4]
    assert len(set(stage.weights)) == 4
    assert [row["skipped"] for row in rows(tmp_path)] == [0, 2, 0]
    assert np.isfinite([row["loss"] for row in rows(tmp_path) if "loss" in row]).all()
    assert "loss" not in rows(tmp_path)[1]  # no step of it counts


def test_ten_steps_in_a_row_that_are_not_finite_end_the_run(tmp_path: Path) -> None:
    options = replace(OPTIONS, steps=30, validate_every=4)
    message = r"The loss of line was not finite in 10 steps in a row, up to step 15; .* lower lear"
    bad = (2, *range(6, 30))
    with pytest.raises(ModelError, match=message):
        train(Line(bad), options, tmp_path, machine=CPU)
    # The count is part of the checkpoint.
    assert resumed(tmp_path)["step"] == 12
    assert resumed(tmp_path)["state"]["in_a_row"] == 6
    with pytest.raises(ModelError, match="up to step 15"):
        train(Line(bad), options, tmp_path, machine=CPU)
    assert load_file(tmp_path / "line.safetensors")["weight"].isfinite().all()


def test_a_run_whose_every_other_step_is_not_finite_is_given_up(tmp_path: Path) -> None:
    options = replace(OPTIONS, steps=100, validate_every=20)
    with pytest.raises(ModelError, match="in 11 steps since step 20, up to step 38"):
        train(Line((*range(0, 100, 2), 21)), options, tmp_path, machine=CPU)


def test_averaged_weights_are_the_ones_that_ship(tmp_path: Path) -> None:
    stage = Line()
    train(stage, replace(OPTIONS, steps=40, ema=0.6), tmp_path, machine=CPU)
    mean = 0.0
    for step, weight in enumerate([*stage.weights[1:], stage.network.weight.item()]):
        decay = min(0.6, (1 + step) / (10 + step))  # a short memory while there is little of it
        mean = decay * mean + (1 - decay) * weight
    shipped = load_file(tmp_path / "line.safetensors")["weight"].item()
    assert shipped == pytest.approx(mean, abs=1e-5)
    assert abs(shipped - stage.network.weight.item()) > 1e-4
    assert rows(tmp_path)[-1]["val_weight"] == pytest.approx(shipped)
    assert set(load_file(tmp_path / "line.safetensors")) == {"weight"}


@pytest.mark.parametrize(("better", "figures"), [("higher", "1321123"), ("lower", "9789987")])
def test_patience_ends_a_run_and_keeps_the_best(tmp_path: Path, better: str, figures: str) -> None:
    options = replace(OPTIONS, steps=20, patience=3, watch="val_told", better=better)
    stage = Line()
    stage.told = lambda calls: float(figures[calls - 1])
    train(stage, options, tmp_path, machine=CPU)
    logged = rows(tmp_path)
    assert [row["step"] for row in logged] == [2, 4, 6, 8, 10]
    best, last = (
        load_file(tmp_path / f"line{kind}.safetensors")["weight"].item() for kind in (".best", "")
    )
    assert best == logged[1]["val_weight"]
    assert last == logged[-1]["val_weight"] != best
    assert weights_file(tmp_path, "line") == tmp_path / "line.best.safetensors"

    again = Line()
    train(again, options, tmp_path, machine=CPU)
    assert again.weights == []
    again.told = lambda calls: float(figures[4 + calls])
    train(again, replace(options, patience=5), tmp_path, machine=CPU)
    assert [row["step"] for row in rows(tmp_path)] == [2, 4, 6, 8, 10, 12, 14]
    assert weights_file(tmp_path, "line") == tmp_path / "line.best.safetensors"
    again.told = lambda calls: 0.0
    train(again, replace(options, patience=0), tmp_path, machine=CPU)
    assert rows(tmp_path)[-1]["step"] == 20
    assert weights_file(tmp_path, "line") == tmp_path / "line.safetensors"


def test_two_runs_do_not_train_in_one_folder(tmp_path: Path) -> None:
    with (
        FileLock(tmp_path / ".lock"),
        pytest.raises(OutputError, match="is being trained by another run; wait until it ends"),
    ):
        train(Line(), OPTIONS, tmp_path, machine=CPU)
    train(Line(), OPTIONS, tmp_path, machine=CPU)


def test_patience_for_a_figure_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'val_psnr', which is not logged; logged are .*val_tol"):
        train(Line(), replace(OPTIONS, patience=1, watch="val_psnr"), tmp_path, machine=CPU)
    saved = load(tmp_path)
    assert saved is not None and saved.step == OPTIONS.validate_every


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_heard_after_the_step(tmp_path: Path, number: signal.Signals) -> None:
    options = replace(OPTIONS, validate_every=4)
    train(Line(), options, tmp_path / "whole", machine=CPU)
    stage = Line(signal_at=2)
    stage.number = number
    handlers = [signal.getsignal(n) for n in (signal.SIGTERM, signal.SIGINT)]
    with pytest.raises(Stopped, match=r"after step 3 of 6, .* run the same command") as stopped:
        train(stage, options, tmp_path / "stopped", machine=CPU)
    assert stopped.value.status == 128 + number
    assert handlers == [signal.getsignal(n) for n in (signal.SIGTERM, signal.SIGINT)]
    assert len(stage.weights) == 3
    assert resumed(tmp_path / "stopped")["step"] == 3
    train(Line(), options, tmp_path / "stopped", machine=CPU)
    # Also the means of the row that was begun before.
    assert_same(tmp_path / "whole", tmp_path / "stopped", ("line.safetensors",))


def test_a_full_disk_leaves_the_checkpoint_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(Line(), OPTIONS, tmp_path / "whole", machine=CPU)
    write, written = partial._write_through, []

    def fill(file: Path, content: bytes) -> None:
        written.append(file)
        if len(written) == 5:  # the second file of the second checkpoint
            write(file, content[: len(content) // 2])
            raise OSError(28, "No space left on device")
        write(file, content)

    monkeypatch.setattr(partial, "_write_through", fill)
    folder = tmp_path / "full"
    with pytest.raises(OutputError, match="the disk is full; free some space"):
        train(Line(), OPTIONS, folder, machine=CPU)
    assert resumed(folder)["step"] == 2
    assert [row["step"] for row in rows(folder)] == [2]
    assert load_file(folder / "line.safetensors")["weight"].item() == rows(folder)[0]["val_weight"]
    assert [path.name for path in folder.glob(".*")] == [".lock"]
    monkeypatch.setattr(partial, "_write_through", write)
    train(Line(), OPTIONS, folder, machine=CPU)
    assert_same(tmp_path / "whole", folder, ("line.safetensors",))


def test_weights_of_another_network_are_refused(
    motion_stage: Callable[..., MotionStage], tmp_path: Path
) -> None:
    train(motion_stage(), replace(OPTIONS, steps=2), tmp_path, machine=CPU)
    stage = motion_stage()
    stage.network.head[-1] = nn.Linear(16, 5)
    message = r"resume-2\.safetensors belongs to another network: weight/motion/head\.3\.\w+ is"
    with pytest.raises(ModelError, match=message):
        train(stage, OPTIONS, tmp_path, machine=CPU)


def test_progress_is_told_every_step_and_the_log_every_row(tmp_path: Path) -> None:
    told: list[tuple[int, dict[str, float]]] = []
    done: list[tuple[int, int]] = []
    train(
        Line(),
        OPTIONS,
        tmp_path,
        lambda step, row: told.append((step, dict(row))),
        progress=lambda step, total: done.append((step, total)),
        machine=CPU,
    )
    assert done == [(step, 6) for step in range(1, 7)]
    assert [step for step, _ in told] == [2, 4, 6]
    losses = [row["loss"] for _, row in told]
    assert losses[-1] < losses[0]


def test_throughput_and_waiting_are_measured(tmp_path: Path) -> None:
    class Slow(Line):
        def draw(self, rng: np.random.Generator, size: int) -> Tensor:
            time.sleep(0.02)
            return super().draw(rng, size)

    class Busy(Line):
        def objectives(self, batch: Tensor, step: int) -> Iterator[Objective]:
            time.sleep(0.02)
            yield from super().objectives(batch, step)

    options = replace(OPTIONS, steps=8, validate_every=8)
    row: dict[str, float] = {}
    train(Slow(), options, tmp_path / "slow", lambda _, r: row.update(r), machine=CPU)
    assert row["data_share"] > 0.5
    assert 1 < row["samples_per_second"] < 4 / 0.02
    train(Busy(), options, tmp_path / "busy", lambda _, r: row.update(r), machine=CPU)
    assert row["data_share"] < 0.5


def test_a_stage_says_what_trains_and_what_is_frozen(tmp_path: Path) -> None:
    class Parts(Line):
        """A head behind a frozen layer; the head begins frozen, as `load_network` leaves it."""

        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Sequential(nn.Linear(1, 4), nn.Dropout(0.9))
            self.head = nn.Linear(4, 1).requires_grad_(False).eval()

        def networks(self) -> dict[str, nn.Module]:
            return {"head": self.head}

        def frozen(self) -> dict[str, nn.Module]:
            return {"layer": self.layer}

        def objectives(self, batch: Tensor, step: int) -> Iterator[Objective]:
            assert self.head.training
            assert not self.layer.training
            loss = (self.head(self.layer(batch)) - 1).square().mean()
            yield "head", loss, {}

        def validate(self, averaged: dict[str, nn.Module]) -> dict[str, float]:
            assert not averaged["head"].training
            assert not torch.is_grad_enabled()
            return {"one": 1}

    stage = Parts()
    before = {key: value.clone() for key, value in stage.layer.state_dict().items()}
    head = stage.head.weight.clone()
    train(stage, OPTIONS, tmp_path, machine=CPU)
    assert all(torch.equal(before[k], v) for k, v in stage.layer.state_dict().items())
    assert not torch.equal(head, stage.head.weight)
    assert not (tmp_path / "layer.safetensors").exists()


def test_the_precision_of_the_run_reaches_the_stage(tmp_path: Path) -> None:
    class Asking(Line):
        def objectives(self, batch: Tensor, step: int) -> Iterator[Objective]:
            with self.hardware.autocast():
                kinds.add(self.network(batch).dtype)
            yield from super().objectives(batch, step)

    kinds: set[torch.dtype] = set()
    train(Asking(), replace(OPTIONS, precision="bf16"), tmp_path / "bf16", machine=CPU)
    assert kinds == {torch.bfloat16}
    kinds.clear()
    train(Asking(), replace(OPTIONS, precision="32"), tmp_path / "32", machine=CPU)
    assert kinds == {torch.float32}


def test_samples_of_every_validation_are_files(tmp_path: Path) -> None:
    class Showing(Line):
        def pictures(self, averaged: dict[str, nn.Module]) -> dict[str, Any]:
            return {"dot": np.full((5, 6, 3), 200, np.uint8)}

        def clips(self, averaged: dict[str, nn.Module]) -> dict[str, Any]:
            return {"dots": np.full((4, 8, 8, 3), 100, np.uint8)}

    train(Showing(), replace(OPTIONS, steps=4), tmp_path, machine=CPU)
    assert sorted(file.name for file in (tmp_path / "samples").iterdir()) == [
        "000002-dot.png",
        "000002-dots.mp4",
        "000004-dot.png",
        "000004-dots.mp4",
    ]
