"""The command that waits for a browser: what it refuses, and that it really serves and ends."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("uvicorn", reason='pip install -e ".[serve]"')

Run = Callable[..., tuple[int, str, str]]


def test_a_taken_port_and_a_wrong_model_are_told(run: Run, tiny_model: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, out, err = run("serve", "--port", port, "--model", tiny_model)
        assert (status, out) == (1, "")
        assert err.startswith(f"synclips: 127.0.0.1:{port} cannot be listened on (")
        assert err.endswith("); choose another --port or --host.\n")
    status, _, err = run("serve", "--model", tiny_model, "--voices-folder", "nowhere")
    assert status == 1 and "There is no folder of voices nowhere" in err
    status, _, err = run("serve", "--model", "nobody")
    assert status == 1 and "nobody" in err


def test_what_is_not_installed_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    status, _, err = run("serve")
    assert status == 1
    assert err == 'synclips: The page needs more packages; run pip install -e ".[serve]".\n'


@pytest.mark.skipif(os.name == "nt", reason="signals are others there")
def test_it_serves_until_it_is_stopped(tiny_model: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "synclips", "serve", "--port", "0", "--model", str(tiny_model)]
    place = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=place) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            found = re.fullmatch(
                r"(http://127\.0\.0\.1:\d+) is open; control-C ends it, .*\n", line
            )
            assert found is not None, line
            # Somebody who sends no more does not keep it from ending.
            stuck = socket.create_connection(("127.0.0.1", int(found[1].rpartition(":")[2])))
            stuck.sendall(b"POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\nx")
            with urllib.request.urlopen(f"{found[1]}/jobs", timeout=10) as answer:
                assert json.load(answer) == []
            assert [path.name.startswith("synclips-") for path in tmp_path.iterdir()] == [True]
        finally:
            server.send_signal(signal.SIGINT)
            status = server.wait(timeout=20)
            stuck.close()
    assert status in (0, 130)
    assert not list(tmp_path.iterdir()), "nothing is left"
