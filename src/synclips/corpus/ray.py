"""The same work on Ray (https://docs.ray.io): for corpora that one machine does not get through.

Every clip is a task; its worker reads RAW and writes OUT, so both must lie where all nodes of a
cluster can reach them, under the same absolute names. The rows and bytes are those of
`LocalWorkers`. Needs `pip install -e ".[ray]"`.
"""

import os
import socket
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from synclips.corpus.clips import Clip
from synclips.corpus.manifest import Entry
from synclips.corpus.prepare import SPEC
from synclips.corpus.workers import FATAL, SINGLE_THREADED, Job, environment
from synclips.errors import ConfigError, InputError, OutputError

_LOCAL = "local"


class RayWorkers:
    """Workers of a Ray cluster.

    Args:
        address: `local` starts Ray on this machine for as long as the work takes; `auto` or an
            address joins a cluster that runs.
        count: processes of a local Ray; as many as cores by default.

    Raises:
        ConfigError: Ray is not installed.
        InputError: there is no cluster at the address.
    """

    def __init__(self, address: str = _LOCAL, count: int | None = None) -> None:
        self._ray = _import_ray()
        self._address = address
        self._count = count
        self.cores = count or os.cpu_count() or 1

    def __call__(self, job: Job, clips: Sequence[Clip]) -> Iterator[Entry]:
        """See `workers.Workers`.

        Raises:
            ConfigError: a path is not absolute, and a cluster is to find it.
            InputError: the cluster, or what it shall read, cannot be reached.
            OutputError: from the job.
        """
        if not clips:
            return
        if self._address != _LOCAL:
            _require_absolute([job.out, *(clip.path for clip in clips)])
        ray = self._ray
        self._join()
        try:
            self.cores = int(ray.cluster_resources().get("CPU", 1))
            yield from self._work(ray.put(job), job, clips)
        finally:
            ray.shutdown()

    def _join(self) -> None:
        local = self._address == _LOCAL
        try:
            # What this machine does is nobody else's business.
            with environment({"RAY_USAGE_STATS_ENABLED": "0"}):
                self._ray.init(
                    address=self._address,
                    num_cpus=self._count,
                    include_dashboard=False if local else None,
                    log_to_driver=False,
                    logging_level="error",
                    runtime_env={"env_vars": SINGLE_THREADED},
                )
        except (ConnectionError, ValueError) as error:
            raise InputError(
                f"No Ray cluster lets us in at {self._address!r}; start one, set"
                " RAY_AUTH_MODE=token if it wants a token, or use --ray local."
            ) from error

    def _work(self, shared: Any, job: Job, clips: Sequence[Clip]) -> Iterator[Entry]:
        ray = self._ray
        folder = Path.cwd() if self._address == _LOCAL else None
        task = ray.remote(num_cpus=1, max_retries=3)(_prepare)
        waiting = deque(clips)
        running: dict[Any, Clip] = {}
        while waiting or running:
            # As many as keep all cores busy: Ray holds every task that it was given in memory.
            while waiting and len(running) < 2 * self.cores:
                clip = waiting.popleft()
                running[task.remote(shared, clip, folder)] = clip
            for reference in ray.wait(list(running), num_returns=1)[0]:
                clip = running.pop(reference)
                try:
                    yield ray.get(reference)
                except ray.exceptions.RayTaskError as error:
                    raise error.cause from error
                except (
                    ray.exceptions.WorkerCrashedError,
                    ray.exceptions.OutOfMemoryError,
                ):
                    yield job.give_up(clip, FATAL.format(clip.path))
                except ray.exceptions.RayError as error:
                    raise OutputError(
                        f"The Ray cluster fails ({error}); run the same command again to continue."
                    ) from error


def _prepare(job: Job, clip: Clip, folder: Path | None) -> Entry:
    """One task."""
    if folder is not None:
        os.chdir(folder)  # relative paths are those of the command
    for path in (job.out / SPEC, clip.path):
        if not path.exists():
            raise OutputError(
                f"{path} does not exist on {socket.gethostname()}; keep RAW and OUT where all nodes"
                " of the cluster see them under the same name."
            )
    return job(clip)


def _require_absolute(paths: Sequence[Path]) -> None:
    for path in paths:
        if not path.is_absolute():
            raise ConfigError(f"{path} is a relative path; name RAW and OUT in full for a cluster.")


def _import_ray() -> Any:
    try:
        import ray
    except ImportError as error:
        raise ConfigError('Ray is not installed; run pip install -e ".[ray]".') from error
    return ray
