import os
import sys

import pytest

from synclips.faces.quiet import quiet_start
from synclips.faces.solutions import start


def test_native_notes_are_dropped_and_what_others_say_is_told_afterwards(capfd):
    with quiet_start():
        os.write(2, b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n")
        os.write(2, b"W0000 00:00:1795970365.951717   24421 manager.cc:114] Disabling support.\n")
        os.write(2, b"synclips: a damaged packet\nand 40 %")
        assert capfd.readouterr().err == ""
    assert capfd.readouterr().err == "synclips: a damaged packet\nand 40 %"


def test_what_fails_is_told_as_well(capfd):
    with pytest.raises(ValueError, match="no graph"), quiet_start():
        os.write(2, b"a reason\n")
        raise ValueError("no graph")
    assert capfd.readouterr().err == "a reason\n"


def test_a_console_of_windows_stays_what_it_is(capfd, monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(os, "isatty", lambda number: True)
    with quiet_start():
        os.write(2, b"a bar\n")
        assert capfd.readouterr().err == "a bar\n"


def test_a_graph_starts_without_a_word(capfd):
    start("face_mesh", "FaceMesh", max_num_faces=1).close()
    assert capfd.readouterr().err == ""
