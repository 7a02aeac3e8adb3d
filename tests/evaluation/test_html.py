"""The page as text, and in a real browser.

Chromium is driven through a pipe (`--remote-debugging-pipe`), in the Chrome DevTools Protocol.
"""

import json
import math
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import fields
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synclips.evaluation.conditions import CONDITIONS, REAL, SYSTEM, UNEDITED
from synclips.evaluation.gallery import Exhibit
from synclips.evaluation.html import page
from synclips.evaluation.measure import Scores
from synclips.evaluation.swap import Row, Skipped
from synclips.media.audio import write_sound
from synclips.media.writer import VideoWriter

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)
PATIENCE = 60.0  # seconds; a browser on a busy machine is slow


def row(condition: str, value: float, speaker: str = "s1", pair: str = "p1") -> Row:
    return Row("grid", speaker, pair, condition, Scores(*[value] * len(fields(Scores))))


ROWS = [
    *(row(condition, k / 4, "s1", "p1") for k, condition in enumerate(CONDITIONS)),
    *(row(condition, k / 5, "s2", "p2 <b>") for k, condition in enumerate(CONDITIONS)),
    row(SYSTEM, math.nan, "s10", "p3"),
]


@pytest.fixture(scope="module")
def exhibits(tmp_path_factory: pytest.TempPathFactory) -> list[Exhibit]:
    """Two clips of one second with a tone."""
    folder = tmp_path_factory.mktemp("clips")
    tone = 0.1 * np.sin(np.arange(16_000) / 6)
    write_sound(folder / "tone.wav", tone.astype(np.float32), 16_000)
    rate = Fraction(25)
    with VideoWriter(
        folder / "clip.mp4",
        width=96,
        height=64,
        frame_rate=rate,
        time_base=1 / rate,
        sound=folder / "tone.wav",
    ) as writer:
        for index in range(25):
            writer.write(np.full((64, 96, 3), 40 + 8 * index, np.uint8), index / rate)
    clip = (folder / "clip.mp4").read_bytes()
    opening = {
        condition: np.linspace(0, 0.2, 25, dtype=np.float32)
        for condition in (UNEDITED, SYSTEM, REAL)
    }
    return [Exhibit("grid", name, f"pair of {name}", clip, (96, 64), opening) for name in "ab"]


class Outline(HTMLParser):
    """Checks that tags are balanced, and collects the cells of every table and all addresses."""

    VOID = {"meta", "link", "br", "hr", "img"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.addresses: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.tables and {"td", "th"} & set(self.open):
            self.tables[-1][-1][-1] += data


def test_tables_per_condition_speaker_and_pair(exhibits: list[Exhibit]) -> None:
    text = page(ROWS, [Skipped("p4", "no <face>")], {"system": "tiny & small"}, exhibits)
    conditions, speakers, pairs = Outline(text).tables
    assert [cells[0] for cells in conditions[1:]] == list(CONDITIONS)
    assert [cells[:2] for cells in speakers[1:]] == [["s1", "1"], ["s2", "1"], ["s10", "1"]]
    assert len(pairs) == 1 + len(ROWS)
    assert {len(cells) for cells in conditions} == {2 + len(fields(Scores)) - 1}  # no seconds
    assert conditions[8][2] == "1.57"  # (1.75 + 1.4) / 2, the third pair has none
    assert speakers[3][2:] == ["–"] * (len(fields(Scores)) - 1)
    assert "tiny &amp; small" in text
    assert "p4: no &lt;face&gt;" in text
    assert "p2 &lt;b&gt;" in text


def test_the_page_holds_all_it_needs(exhibits: list[Exhibit]) -> None:
    text = page(ROWS, exhibits=exhibits)
    addresses = Outline(text).addresses
    assert len(addresses) == 1 + len(exhibits)
    assert all(address.startswith("data:") for address in addresses)
    assert "http:" not in text
    assert "https:" not in text
    assert "@import" not in text
    assert "default-src 'none'" in text


def test_what_was_not_measured_is_not_shown() -> None:
    assert "sync confidence" in page(ROWS)
    deaf = [
        Row(r.corpus, r.speaker, r.pair, r.condition, Scores(*[0.5] * 13, *[math.nan] * 5))
        for r in ROWS
    ]
    text = page(deaf, about={"judge": "none (no weights)"})
    assert "sync confidence" not in text
    assert "PSNR" not in text
    assert "none (no weights)" in text
    Outline(page([], [Skipped("p", "why")]))


class Browser:
    """A page in a headless Chromium, and everything it complains of."""

    def __init__(self, program: str, profile: Path) -> None:
        there, self._write = os.pipe()
        self._read, back = os.pipe()
        # Chromium reads from descriptor 3 and writes to 4.
        launch = (
            "import os, sys; a, b = (os.dup(int(n)) for n in sys.argv[1:3]);"
            "os.dup2(a, 3); os.dup2(b, 4); os.set_inheritable(3, True);"
            "os.set_inheritable(4, True); os.execv(sys.argv[3], sys.argv[3:])"
        )
        arguments = [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        self._process = subprocess.Popen(
            [sys.executable, "-c", launch, str(there), str(back), *arguments],
            pass_fds=(there, back),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(there)
        os.close(back)
        self._rest = b""
        self._number = 0
        self._session: dict[str, str] = {}
        self._events: list[dict[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = {"sessionId": attached["sessionId"]}
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters, **self._session}
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer["error"]
                return dict(answer["result"])
            self._events.append(answer)

    def open(self, url: str) -> None:
        self._events.clear()
        self.call("Page.navigate", url=url)
        loaded = "new Promise(r => document.readyState === 'complete' ? r() : onload = () => r())"
        self.evaluate(loaded)

    def evaluate(self, expression: str) -> Any:
        """The value of a script; of a promise, what it comes to."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    @property
    def complaints(self) -> list[Any]:
        """Script errors, refused loads and whatever else the console shows as an error."""
        self.evaluate("1")  # what happened before has been told by now
        return [
            event["params"]
            for event in self._events
            if event.get("method") == "Runtime.exceptionThrown"
            or (
                event.get("method") == "Log.entryAdded"
                and event["params"]["entry"]["level"] in ("error", "warning")
            )
        ]

    @property
    def requested(self) -> set[str]:
        """Kinds of addresses that were asked for."""
        return {
            str(event["params"]["request"]["url"]).partition(":")[0]
            for event in self._events
            if event.get("method") == "Network.requestWillBeSent"
        }

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)
        os.close(self._write)
        os.close(self._read)

    def _receive(self) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._read], [], [], deadline - time.monotonic())
            assert ready, "Chromium does not answer"
            data = os.read(self._read, 1 << 16)
            assert data, "Chromium has ended"
            self._rest += data
        message, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(message))


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip(f"no browser is installed, looked for {', '.join(BROWSERS)}")
    started = Browser(program, tmp_path_factory.mktemp("profile"))
    yield started
    started.close()


class TestInABrowser:
    @pytest.fixture
    def shown(self, browser: Browser, exhibits: list[Exhibit], tmp_path: Path) -> Browser:
        file = tmp_path / "report.html"
        file.write_text(page(ROWS, about={"system": "tiny"}, exhibits=exhibits), encoding="utf-8")
        browser.open(file.as_uri())
        return browser

    def test_clips_play(self, shown: Browser) -> None:
        ready = """Promise.all([...document.querySelectorAll("video")].map(async (video) => {
            if (video.readyState < 2 && !video.error) await new Promise((done, fail) => {
                video.onloadeddata = done;
                video.onerror = () => fail(new Error(video.error.message));
            });
            if (video.error) throw new Error(video.error.message);
            return [video.videoWidth, video.videoHeight, video.duration];
        }))"""
        sizes = shown.evaluate(ready)
        assert [size[:2] for size in sizes] == [[96, 64], [96, 64]]
        assert sizes[0][2] == pytest.approx(1, abs=0.1)
        play = """(async () => {
            const [video, other] = document.querySelectorAll("video");
            other.muted = video.muted = true;
            await other.play();
            await video.play();
            while (video.currentTime < 0.2) await new Promise(r => setTimeout(r, 20));
            video.pause();
            await new Promise(r => setTimeout(r, 100));
            const cursors = [...document.querySelectorAll(".cursor")];
            return [other.paused, ...cursors.map(c => c.getBoundingClientRect().x)];
        })()"""
        paused, first, second = shown.evaluate(play)
        assert paused, "two clips played at a time"
        assert first > second + 50, "the cursor does not follow the clip"
        assert shown.complaints == []

    def test_headings_sort(self, shown: Browser) -> None:
        def click(heading: str, column: int) -> list[str]:
            return list(
                shown.evaluate(
                    f"""(() => {{
                        const table = document.querySelectorAll("table")[1];
                        const heads = [...table.querySelectorAll("thead button")];
                        heads.find(b => b.textContent === "{heading}").click();
                        return [...table.tBodies[0].rows].map(r => r.cells[{column}].textContent);
                    }})()"""
                )
            )

        assert click("LVE max %", 0) == ["s2", "s1", "s10"]  # 1.0, 1.25, none
        assert click("LVE max %", 0) == ["s1", "s2", "s10"]  # none comes last either way
        assert click("speaker", 0) == ["s1", "s10", "s2"]
        assert shown.complaints == []

    def test_nothing_is_loaded_from_elsewhere(self, shown: Browser) -> None:
        shown.evaluate("1")
        assert shown.requested <= {"file", "data"}
        assert "file" in shown.requested

    def test_errors_would_be_seen(self, browser: Browser, tmp_path: Path) -> None:
        bad = page(ROWS).replace('"use strict";', "fetch('http://localhost:9/'); missing();")
        (tmp_path / "bad.html").write_text(bad, encoding="utf-8")
        browser.open((tmp_path / "bad.html").as_uri())
        assert len(browser.complaints) >= 2  # a refused load and an unknown name
