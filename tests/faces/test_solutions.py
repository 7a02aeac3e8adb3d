"""MediaPipe is loaded once in a process, so a process of its own looks at what that leaves."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_FIRST = """
import gc
import weakref

from synclips.faces.solutions import load_solution

class Video:
    pass

def job():
    video = Video()
    load_solution("face_mesh").FaceMesh
    return weakref.ref(video)

held = job()
gc.collect()
print("kept" if held() else "gone")
"""


_FORKED = """
import os

from synclips.errors import SynclipsError
from synclips.faces.solutions import load_solution

load_solution("face_mesh")
if not os.fork():
    try:
        load_solution("face_mesh")
    except SynclipsError as error:
        print(error, flush=True)
    os._exit(0)
os.wait()
load_solution("face_mesh")
"""


def _printed(program: str) -> str:
    source = Path(__file__).resolve().parents[2] / "src"
    command = [sys.executable, "-c", program]
    environment = os.environ | {"PYTHONPATH": str(source)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    return done.stdout


def test_the_first_job_is_not_kept_by_what_it_loads() -> None:
    assert _printed(_FIRST) == "gone\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_process_that_was_forked_too_late_is_told_so() -> None:
    assert _printed(_FORKED) == (
        "This process was forked from one that has looked for faces, after which MediaPipe cannot;"
        " start processes by spawn, such as multiprocessing.get_context('spawn').\n"
    )
