"""The addresses: what is ordered, told, shown and refused."""

import asyncio
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from fastapi.testclient import TestClient

from synclips.errors import OutputError
from synclips.options import SayOptions, SyncOptions
from synclips.serve.app import create_app
from synclips.serve.guard import Guard
from synclips.speech.espeak_process import find_library

Wait = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def client(maker: Any, tmp_path: Path) -> Iterator[TestClient]:
    (tmp_path / "all").mkdir()
    app = create_app(
        tmp_path / "all",
        picture=SyncOptions("tiny", "cpu"),
        voice=SayOptions(voices_folder=tmp_path),
        largest=3_000_000,
        perform=maker,
    )
    with TestClient(app, base_url="http://localhost:8000") as opened:
        yield opened


@pytest.fixture
def video(face_video: Path) -> tuple[str, bytes]:
    return "my film.mp4", face_video.read_bytes()


def test_a_video_is_ordered_made_saved_and_removed(
    client: TestClient, maker: Any, wait: Wait, video: Any, speech: Path
) -> None:
    answer = client.post(
        "/jobs", files={"video": video, "audio": (speech.name, speech.read_bytes())}
    )
    assert answer.status_code == 202, answer.text
    job = answer.json()
    place = answer.headers["location"]
    assert place == f"/jobs/{job['id']}"
    assert job["title"] == "my film-synclips.mp4"
    maker.begun.wait(5)
    early = client.get(f"{place}/video")
    assert early.status_code == 409 and "the job is working" in early.json()["detail"]
    maker.may.set()
    wait(lambda: client.get(place).json()["state"] == "done")
    assert client.get("/jobs").json() == [client.get(place).json()]
    result = client.get(f"{place}/video")
    assert result.content == b"0123456789"
    assert result.headers["content-type"] == "video/mp4"
    assert "my%20film-synclips.mp4" in result.headers["content-disposition"]
    part = client.get(f"{place}/video", headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.content) == (206, b"234")
    (order,) = maker.orders
    assert order.is_sound and order.video.name == "my film.mp4"
    assert order.picture == SyncOptions("tiny", "cpu")
    assert client.delete(place).status_code == 204
    for gone in (client.get(place), client.get(f"{place}/video"), client.delete(place)):
        assert gone.status_code == 404
    assert client.get("/jobs").json() == []


def test_a_codec_chooses_the_file_that_is_made(
    client: TestClient, maker: Any, wait: Wait, video: Any, speech: Path
) -> None:
    files = {"video": video, "audio": (speech.name, speech.read_bytes())}
    maker.may.set()
    for codec, name, kind in (
        ("hevc", "my film-synclips.mp4", "video/mp4"),
        ("prores", "my film-synclips.mov", "video/quicktime"),
    ):
        job = client.post("/jobs", files=files, data={"codec": codec}).json()
        place = f"/jobs/{job['id']}"
        wait(lambda place=place: client.get(place).json()["state"] == "done")
        assert maker.orders[-1].picture.codec == codec
        assert job["title"] == name
        assert client.get(f"{place}/video").headers["content-type"] == kind
    unknown = client.post("/jobs", files=files, data={"codec": "av1"})
    assert unknown.status_code == 422
    assert unknown.json()["detail"] == "There is no codec 'av1'; take h264, hevc or prores."


def test_options_are_those_of_the_commands(
    client: TestClient,
    maker: Any,
    wait: Wait,
    video: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    maker.may.set()
    monkeypatch.setattr("synclips.serve.app.check", lambda order: None)
    form = {
        "text": "Hello.",
        "dub": "true",
        "alive": "false",
        "adapt": "off",
        "region": "left",
        "quality": "21",
        "label": "AI-generated",
        "extend": "hold",
        "engine": "espeak",
        "speaker": "tri",
        "language": "de",
        "speed": "1.5",
    }
    assert client.post("/jobs", files={"video": video}, data=form).status_code == 202
    subtitles = ("a.SRT", b"00:00:01,000 --> 00:00:02,000\nHi.\n")
    answer = client.post("/jobs", files={"video": video, "subtitles": subtitles})
    assert answer.status_code == 202, answer.text
    part = client.post("/jobs", files={"video": video}, data={"text": "Hi.", "at": "1:02.5"})
    assert part.status_code == 202, part.text
    wait(lambda: len(maker.orders) == 3)
    text, titles, part_of_it = maker.orders
    assert part_of_it.picture == SyncOptions("tiny", "cpu", at=Fraction(125, 2))
    assert (text.speech, text.is_sound) == ("Hello.", False)
    assert text.picture == SyncOptions(
        "tiny",
        "cpu",
        21,
        adapt="off",
        region="left",
        alive=False,
        dub=True,
        label="AI-generated",
        extend="hold",
    )
    assert text.voice == SayOptions("espeak", "tri", "de", 1.5, tmp_path)
    assert titles.speech.name == "a.SRT" and not titles.is_sound


def test_what_cannot_be_used_is_refused_in_a_sentence(
    client: TestClient, video: Any, speech: Path, tmp_path: Path
) -> None:
    sound = (speech.name, speech.read_bytes())
    one = "Give one of audio, text and subtitles."
    for files, data, reason in [
        ({"video": video}, {}, one),
        (
            {"video": video, "audio": sound},
            {"text": "Hi."},
            "Give one of audio, text and subtitles.",
        ),
        ({"video": ("a.mp4", b"hello")}, {"text": "Hi."}, "a.mp4 is not a media file that can"),
        ({"video": video, "audio": ("b.wav", b"x")}, {}, "b.wav is not a media file that can"),
        ({"video": video, "subtitles": ("c.txt", b"x")}, {}, "c.txt is no subtitle file"),
    ]:
        answer = client.post("/jobs", files=files, data=data)
        assert answer.status_code == 422
        assert answer.json()["detail"].startswith(reason)
    for data, reason in [
        ({"text": "Hi.", "region": "none"}, "'none' is no region"),
        ({"text": "Hi.", "adapt": "foo"}, "--adapt takes"),
        ({"text": "Hi.", "speed": "nan"}, "The speed nan is out of range"),
        ({"text": "Hi.", "engine": "nobody"}, "nobody"),
        ({"text": " "}, "nothing to speak"),
        ({"text": "Hi.", "label": "生成"}, "The label cannot be written"),
    ]:
        answer = client.post("/jobs", files={"video": video}, data=data)
        assert answer.status_code == 422
        assert reason in answer.json()["detail"]
    answer = client.post("/jobs", files={"video": video}, data={"text": "Hi.", "quality": "99"})
    assert answer.status_code == 422 and answer.json()["detail"][0]["loc"][-1] == "quality"
    assert not list((tmp_path / "all").iterdir()) and client.get("/jobs").json() == []


def test_pages_of_others_and_large_files_are_refused(client: TestClient, video: Any) -> None:
    order = {"files": {"video": video}, "data": {"text": "Hi."}}
    other = client.post("/jobs", headers={"Origin": "http://evil.example"}, **order)
    assert other.status_code == 403
    assert client.delete("/jobs/x", headers={"Origin": "null"}).status_code == 403
    own = {"Origin": "http://localhost:8000"}
    assert client.post("/jobs", headers=own, **order).status_code == 202
    named = client.get("/jobs", headers={"Host": "evil.example:8000"})
    assert named.status_code == 400 and "--name evil.example" in named.json()["detail"]
    for host in ("127.0.0.1:8000", "[::1]:8000", "192.168.0.7", "LOCALHOST"):
        assert client.get("/jobs", headers={"Host": host}).status_code == 200
    large = client.post("/jobs", files={"video": ("a.mp4", bytes(3_000_001))})
    assert large.status_code == 413 and "More than 3 MB" in large.json()["detail"]

    def parts() -> Iterator[bytes]:
        yield b"some"

    assert client.post("/jobs", content=parts()).status_code == 411


def test_a_form_with_fields_that_mean_nothing_is_refused(client: TestClient, video: Any) -> None:
    def answered(**fields: Any) -> Any:
        return client.post("/jobs", files={"video": video}, data={"text": "Hello.", **fields})

    assert answered(qualtiy="1").status_code == 422
    assert "There is no field qualtiy" in answered(qualtiy="1").json()["detail"]
    twice = answered(speed=["1", "2"])
    assert (twice.status_code, twice.json()["detail"]) == (
        422,
        "The field speed is given twice; give it once.",
    )
    assert answered(speed="1").status_code == 202


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_text_too_long_for_a_field_is_told(client: TestClient, video: Any, kind: str) -> None:
    files = {"video": video} if "multipart" in kind else None
    answer = client.post("/jobs", files=files, data={"text": "x" * (2**20 + 1)})
    assert answer.status_code == 413
    assert answer.json()["detail"] == (
        "A field has more than 1 MiB, which only files may have; give a shorter text."
    )


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"no form"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\nno name\r\n--x--\r\n"),
    ],
)
def test_a_form_that_is_none_is_told(client: TestClient, kind: str, body: bytes) -> None:
    answer = client.post("/jobs", headers={"Content-Type": kind}, content=body)
    assert answer.status_code == 422
    assert answer.json()["detail"] == (
        "The form cannot be read; send it as multipart/form-data (docs/http.md)."
    )


def test_what_can_never_work_is_no_job(
    client: TestClient, video: Any, speech: Path, portrait: np.ndarray, tmp_path: Path
) -> None:
    picture = ("me.png", cv2.imencode(".png", portrait)[1].tobytes())
    sound = (speech.name, speech.read_bytes())
    titles = ("a.srt", b"00:00:00,100 --> 00:00:00,500\nHi.\n")
    for files, data, sentence in [
        ({"video": video, "audio": picture}, {}, "me.png has no sound"),
        ({"video": video, "audio": video}, {}, "my film.mp4 has no sound"),
        ({"video": sound, "audio": sound}, {}, "speech.wav has no picture in it"),
        ({"video": sound}, {"text": "Hi."}, "speech.wav has no picture in it"),
        ({"video": video, "audio": sound}, {"dub": "true"}, "my film.mp4 has no sound of its own"),
        ({"video": picture, "audio": sound}, {"dub": "true"}, "me.png is a picture, so there is"),
        ({"video": picture, "audio": sound}, {"at": "0"}, "me.png is a picture, in which nothing"),
        ({"video": video, "audio": sound}, {"at": "9"}, "my film.mp4 ends at 0.8 s, before --at"),
        ({"video": video}, {"at": "9", "text": "Hi."}, "my film.mp4 ends at 0.8 s, before --at"),
        ({"video": video, "subtitles": titles}, {"at": "0"}, "Subtitles have times of their own"),
        ({"video": video, "audio": sound}, {"at": "soon"}, "--at takes a time of the video"),
        ({"video": video, "audio": sound}, {"at": "0", "dub": "on"}, "A dub is of all that is"),
    ]:
        answer = client.post("/jobs", files=files, data=data)
        assert answer.status_code == 422, answer.text
        assert answer.json()["detail"].startswith(sentence)
    assert not list((tmp_path / "all").iterdir()) and client.get("/jobs").json() == []
    assert client.post("/jobs", files={"video": picture, "audio": sound}).status_code == 202


def test_the_interface_is_described(client: TestClient) -> None:
    told = client.get("/openapi.json").json()
    assert list(told["paths"]) == ["/jobs", "/jobs/{id}", "/jobs/{id}/video", "/voices"]
    (kind,) = told["paths"]["/jobs"]["post"]["requestBody"]["content"].items()
    assert kind[0] == "multipart/form-data"
    fields = told["components"]["schemas"]["OrderForm"]
    assert fields["required"] == ["video"]
    assert all(field["description"] for field in fields["properties"].values())
    assert fields["properties"]["speed"]["default"] == SayOptions.speed
    assert fields["properties"]["at"]["anyOf"] == [{"type": "string"}, {"type": "null"}]


def test_what_is_refused_is_described_as_it_is_answered(client: TestClient, video: Any) -> None:
    told = client.get("/openapi.json").json()

    def kinds(status: int, path: str = "/jobs", method: str = "post") -> list[str]:
        """What `detail` may be."""
        answer = told["paths"][path][method]["responses"][str(status)]
        name = answer["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        detail = told["components"]["schemas"][name]["properties"]["detail"]
        return [kind["type"] for kind in detail.get("anyOf", [detail])]

    assert kinds(422) == kinds(422, "/voices", "get") == ["string", "array"]
    assert client.get("/voices", params={"language": "../.."}).status_code == 422
    for status in (400, 403, 408, 411, 413, 507):
        assert kinds(status) == ["string"]
    for path, method in [("/jobs/{id}", "get"), ("/jobs/{id}", "delete")]:
        assert kinds(404, path, method) == ["string"]
    assert kinds(409, "/jobs/{id}/video", "get") == ["string"]
    made = told["paths"]["/jobs/{id}/video"]["get"]["responses"]["200"]["content"]
    assert list(made) == ["video/mp4", "video/quicktime"]


def test_what_was_sent_is_not_sent_back(client: TestClient, speech: Path) -> None:
    sound = (speech.name, speech.read_bytes())
    answer = client.post("/jobs", files={"audio": sound}, data={"text": "A secret."})
    assert answer.status_code == 422
    assert answer.json() == {
        "detail": [{"type": "missing", "loc": ["body", "video"], "msg": "Field required"}]
    }


def test_a_full_disk_is_no_fault_of_who_sends(
    client: TestClient, video: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OutputError("/a/folder/of/the/server cannot be written")

    monkeypatch.setattr("synclips.serve.form.keep", full)
    answer = client.post("/jobs", files={"video": video}, data={"text": "Hello."})
    assert answer.status_code == 507
    assert answer.json()["detail"] == "There is no room on the server's disk."


def test_heads_are_told_without_bodies(client: TestClient) -> None:
    for page in ("/", "/style.css", "/?name=of%20a%20link"):
        head = client.head(page)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(client.get(page).content))
    assert client.head("/jobs/nothing/video").status_code == 404


def test_the_page_needs_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "<title>synclips</title>" in page.text
    for name in ("style.css", "page.js"):
        assert f'"{name}"' in page.text
        assert client.get(f"/{name}").status_code == 200
        assert "://" not in client.get(f"/{name}").text
    assert "://" not in page.text
    script = client.get("/page.js").text
    form = ("video", "audio", "text", "subtitles", "voice", "speed", "dub", "at", "still", "region")
    for id in form:
        assert f'id="{id}"' in page.text
    for id in re.findall(r'by\("([\w-]+)"\)', script):
        assert f'id="{id}"' in page.text, id
    assert client.get("/docs").status_code == 404


def test_voices_that_can_speak_are_listed(client: TestClient) -> None:
    if find_library() is None:
        pytest.skip('espeak-ng is not installed: pip install -e ".[espeak]"')
    english = client.get("/voices", params={"language": "en"}).json()
    assert english
    for voice in english:
        assert voice["installed"] and voice["name"]
        assert voice["language"].startswith("en")
    all_of_them = client.get("/voices").json()
    assert all(voice["installed"] for voice in all_of_them)
    assert any(voice["language"].startswith("de") for voice in all_of_them)


def test_an_order_that_does_not_go_on_is_given_up(client: TestClient, tmp_path: Path) -> None:
    guard = Guard(client.app, 1000, tmp_path, patience=0.05)
    coming = [b"--x\r\n", b'Content-Disposition: form-data; name="text"\r\n\r\nHel']
    sent: list[Any] = []

    async def receive() -> Any:
        if not coming:
            await asyncio.sleep(60)
        return {"type": "http.request", "body": coming.pop(0), "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = {
        b"host": b"localhost",
        b"content-length": b"400",
        b"content-type": b"multipart/form-data; boundary=x",
    }
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/jobs",
        "query_string": b"",
        "headers": list(headers.items()),
    }
    asyncio.run(guard(scope, receive, send))
    assert sent[0]["status"] == 408
    assert b"The request did not go on; send it again." in sent[1]["body"]
    assert guard._coming == 0, "its room is free again"
