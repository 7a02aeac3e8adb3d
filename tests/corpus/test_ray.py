"""The same bytes from a Ray on this machine; needs the extra `ray`."""

import importlib.util
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from synclips.corpus import ray as on_ray
from synclips.corpus.clips import Clip, Split
from synclips.corpus.manifest import PrepareSpec
from synclips.corpus.prepare import Preparation, prepare_corpus
from synclips.corpus.prepared import load_shape
from synclips.errors import ConfigError, OutputError

needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="Ray, the extra `ray`, is not installed"
)


@pytest.fixture
def lenient() -> Iterator[None]:
    """Ray leaves sockets and files open, and warns of itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@needs_ray
@pytest.mark.filterwarnings("ignore")
def test_ray_writes_what_local_processes_write(
    talking: Path,
    prepared: Path,
    tmp_path: Path,
    lenient: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))  # where Ray keeps the token of a local cluster
    out = tmp_path / "out"
    crew = on_ray.RayWorkers("local", 1)
    summary = prepare_corpus([talking], out, PrepareSpec(), load_shape(prepared), crew)
    assert (summary.done, crew.cores) == (4, 1)
    names = {path.relative_to(prepared) for path in prepared.rglob("*") if path.is_file()}
    assert {path.relative_to(out) for path in out.rglob("*") if path.is_file()} == names
    for name in names:
        assert (out / name).read_bytes() == (prepared / name).read_bytes(), name


def test_without_ray_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ConfigError, match=r'pip install -e "\.\[ray\]"'):
        on_ray.RayWorkers()


def test_a_cluster_is_given_whole_paths(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, head: Any
) -> None:
    monkeypatch.setitem(sys.modules, "ray", object())
    crew = on_ray.RayWorkers("auto")
    clip = Clip(Path("raw/s1/video/a.mpg"), "s1", "a", "grid")
    job = Preparation(tmp_path, PrepareSpec(), head.shape, Split())
    with pytest.raises(ConfigError, match="raw/s1/video/a.mpg is a relative path"):
        list(crew(job, [clip]))
    assert list(crew(job, [])) == []


def test_a_node_that_does_not_see_the_folders_marks_no_clip(tmp_path: Path, head: Any) -> None:
    (tmp_path / "clips").mkdir()
    job = Preparation(tmp_path, PrepareSpec(), head.shape, Split())
    clip = Clip(tmp_path / "a.mpg", "s1", "a", "grid")
    with pytest.raises(OutputError, match=r"spec\.json does not exist on .*all nodes"):
        on_ray._prepare(job, clip, None)
    (tmp_path / "spec.json").touch()
    with pytest.raises(OutputError, match=r"a\.mpg does not exist on"):
        on_ray._prepare(job, clip, None)
    assert not list((tmp_path / "clips").iterdir())
