"""`runs/grid.sh` on a GPU of Modal, with a volume that outlives every machine.

    modal run --detach deploy/modal_app.py --preset grid-gan --gpu H100
    modal volume get synclips report from-modal          # afterwards, and checkpoints likewise

The corpus is made on a machine without a GPU, and the rest of the road is gone on one with. All
of it lies on the volume. A machine that is taken away, a call that reaches Modal's limit of 24
hours and a call that fails are followed by another call, which goes on where the road stopped.
Knows Modal and how the road is told what to do; what the road does is known to `runs/grid.sh`
alone. docs/cloud.md says what it costs and what happens when.
"""

import contextlib
import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

import modal

NAME = "synclips"
KEPT = PurePosixPath("/kept")  # where the volume is mounted
CODE = PurePosixPath("/synclips")  # where the repository is
ROAD = ("bash", "runs/grid.sh")

LONGEST = 24 * 3600  # seconds of one call; Modal allows no more
AGAIN = modal.Retries(max_retries=5, initial_delay=0.0)  # beside those after preemption
GRACE = 25  # seconds to save in; Modal ends a machine 30 s after it said so
COMMIT_EVERY = 300  # seconds; what a lost machine can cost at most, beside the step under way

CORES = 32  # that prepare the corpus
CORES_BESIDE = 4  # beside each GPU, that draw batches
MEMORY = 64 * 1024  # MiB; each process that trains holds its corpus in memory, 30 GB of all of GRID

_HERE = Path(__file__).resolve()
# In the container this file lies elsewhere, and nothing is built there.
REPOSITORY = _HERE.parents[1] if _HERE.parent.name == "deploy" else Path(CODE)

UNNEEDED = ["**/.*", "**/__pycache__", "data", "checkpoints", "report", "out", "build", "dist"]

# First what is installed, which changes seldom, then the code: a changed line builds in seconds.
# On Linux, torch from the package index is the one with CUDA. [tool.uv] of pyproject.toml, which
# uv reads where it runs, leaves out what MediaPipe asks for and never imports.
image = (
    modal.Image.debian_slim(python_version="3.11")
    .pip_install("uv>=0.9")
    .add_local_file(REPOSITORY / "pyproject.toml", f"{CODE}/pyproject.toml", copy=True)
    .run_commands(
        f"cd {CODE} && uv pip install --system --requirement pyproject.toml --extra train"
        " --extra demo --extra hearing"
    )
    .add_local_dir(REPOSITORY, str(CODE), copy=True, ignore=UNNEEDED)
    .run_commands(
        f"cd {CODE} && uv pip install --system --no-deps --editable . && synclips hearing"
    )
)

# Version 2: the corpus is about 170 000 files, and version 1 is for 50 000.
volume = modal.Volume.from_name(NAME, create_if_missing=True, version=2)
app = modal.App(NAME, image=image)


def settings_of(
    preset: str, speakers: str, devices: int, tiny: bool = False, also: str = ""
) -> dict[str, str]:
    """What `runs/grid.sh` is told, as environment variables.

    Args:
        preset: grid-gan, synclips-1 or all.
        speakers: of GRID, a number or a list.
        devices: GPUs that train.
        tiny: rehearse at toy size, in folders of its own.
        also: other variables of the script as in a shell, such as `PAIRS=50 TEST=s5,s33`.

    Raises:
        ValueError: `also` is not a row of NAME=value.
    """
    kept = KEPT / "tiny" if tiny else KEPT
    settings = {
        "PRESET": preset,
        "SPEAKERS": speakers,
        "DEVICES": str(devices),
        "DRAWERS": str(CORES_BESIDE),
        "DATA": str(kept / "data"),
        "WORK": str(kept / "checkpoints"),
        "REPORT": str(kept / "report"),
    }
    if tiny:
        settings["TINY"] = "1"
        del settings["SPEAKERS"]  # the toy archives have their own
    for word in shlex.split(also):
        name, equals, value = word.partition("=")
        if not (equals and name.isidentifier()):
            raise ValueError(f"{word!r} is no NAME=value")
        settings[name] = value
    return settings


def follow(
    command: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    commit: Callable[[], None],
    every: float = COMMIT_EVERY,
) -> int:
    """Run a command and commit what it leaves: after its steps, at intervals, and at its end.

    If this process is interrupted, so is the command, which then has `GRACE` seconds to save.

    Args:
        command: what to run; a line beginning with `=== ` tells that a step began or ended.
        environment: added to that of this process.
        folder: where to run it.
        commit: keeps what is on the volume.
        every: seconds.

    Returns:
        Its exit status.
    """
    over = threading.Event()
    one_at_a_time = threading.Lock()

    def keep() -> None:
        with one_at_a_time:
            commit()

    def try_to_keep() -> None:
        try:
            keep()
        except Exception as error:  # the next one keeps what this one did not
            print(f"nothing was committed ({error}); trying again in {every:g} s", flush=True)

    def keep_now_and_then() -> None:
        while not over.wait(every):
            try_to_keep()

    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        bufsize=1,
        start_new_session=True,  # so that it can be stopped with all its children
    )
    output = process.stdout
    assert output is not None
    clock = threading.Thread(target=keep_now_and_then, daemon=True)
    clock.start()
    try:
        for line in output:
            print(line, end="", flush=True)
            if line.startswith("=== "):
                try_to_keep()
        process.wait()
    finally:
        _stop(process)
        print(output.read(), end="", flush=True)
        output.close()
        over.set()
        clock.join()
        keep()
    return process.returncode


def _stop(process: subprocess.Popen[str]) -> None:
    """Ask a command that still runs, and its children, to stop; see to it that they do."""
    if process.poll() is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def go(settings: Mapping[str, str]) -> int:
    """Go the road as far as it is told.

    Returns:
        0; or 1 or 2 where it ended with a sentence, which another machine would say as well.

    Raises:
        subprocess.CalledProcessError: it ended in another way, and may be tried again.
    """
    status = follow(ROAD, settings, Path(CODE), volume.commit)
    if status not in (0, 1, 2):
        raise subprocess.CalledProcessError(status, ROAD)
    return status


def of_corpus(settings: Mapping[str, str]) -> dict[str, str]:
    """Settings for the part of the road before the GPU."""
    # A container sees all cores of its computer and may use some.
    return {"WORKERS": str(CORES), **settings, "UNTIL": "prepare"}


def of_training(settings: Mapping[str, str]) -> dict[str, str]:
    """Settings for the part after it: the corpus is there."""
    return {"DEVICE": "cuda", "PREPARED": f"{settings['DATA']}/prepared", **settings}


@app.function(
    gpu="H100",
    cpu=CORES_BESIDE,
    memory=MEMORY,
    volumes={str(KEPT): volume},
    timeout=LONGEST,
    retries=AGAIN,
    single_use_containers=True,  # a call after a failure gets a machine that did not fail
)
def training(settings: dict[str, str]) -> int:
    """Train and measure; see `go`."""
    return go(of_training(settings))


@app.function(
    cpu=CORES,
    memory=MEMORY,
    volumes={str(KEPT): volume},
    timeout=LONGEST,
    retries=AGAIN,
    single_use_containers=True,
)
def corpus(settings: dict[str, str], gpu: str, devices: int) -> tuple[int, str]:
    """Download and prepare, then start what needs the GPU, whether or not anybody waits for it.

    Returns:
        The status, see `go`, and the call to `training`, "" where there is none.
    """
    status = go(of_corpus(settings))
    return status, "" if status else start_training(settings, gpu, devices)


def start_training(settings: dict[str, str], gpu: str, devices: int) -> str:
    """Call `training` without waiting for it; what the call is known by."""
    sized = training.with_options(
        gpu=f"{gpu}:{devices}", cpu=CORES_BESIDE * devices, memory=MEMORY * devices
    )
    return sized.spawn(settings).object_id


@app.local_entrypoint()
def main(
    preset: str = "grid-gan",
    gpu: str = "H100",
    devices: int = 1,
    speakers: str = "34",
    tiny: bool = False,
    also: str = "",
) -> None:
    """Start the road, or go on with it, and wait for its end.

    With `modal run --detach` it goes on when this process is stopped.
    """
    settings = settings_of(preset, speakers, devices, tiny, also)
    print(f"{' '.join(ROAD)} with {shlex.join(f'{k}={v}' for k, v in settings.items())}")
    status, call = corpus.spawn(settings, gpu, devices).get()
    status = status or modal.FunctionCall.from_id(call).get()
    if status:
        raise SystemExit(status)
    report = Path(settings["REPORT"]).relative_to(KEPT)
    print(f"done; get the report: modal volume get {NAME} {report} from-modal")
