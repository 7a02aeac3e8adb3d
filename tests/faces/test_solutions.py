"""MediaPipe is loaded once in a process, so a process of its own looks at what that leaves."""

import os
import subprocess
import sys
from pathlib import Path

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


def test_the_first_job_is_not_kept_by_what_it_loads() -> None:
    source = Path(__file__).resolve().parents[2] / "src"
    command = [sys.executable, "-c", _FIRST]
    environment = os.environ | {"PYTHONPATH": str(source)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "gone\n", done.stderr[-500:]
