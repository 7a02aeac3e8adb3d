import random
from pathlib import Path

import pytest

from synclips.errors import InputError
from synclips.speech.text_file import MAX_FILE, decode, read_text

GERMAN = "Über Größe spricht man nicht, man hat sie – “so”. "
RUSSIAN = "<i>Привет!</i> Я и ты, ёж и Ёлка. "
CHINESE = "你好，欢迎来到这里。今天天气很好。"


@pytest.fixture
def notices() -> list[str]:
    return []


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        (GERMAN, "cp1252", "Windows-1252"),
        ("Größe", "latin-1", "Windows-1252"),
        ("It’s late.", "cp1252", "Windows-1252"),
        (RUSSIAN, "cp1251", "Windows-1251"),
        ("Ascii header\n" * 50 + RUSSIAN, "cp1251", "Windows-1251"),
        ("Її їжак, і ґанок є тут.", "cp1251", "Windows-1251"),
    ],
)
def test_encodings_before_utf_8(text: str, code: str, name: str, notices: list[str]) -> None:
    assert decode(text.encode(code), "It", notices.append) == text
    assert notices == [
        f"It is not in UTF-8 and was read as {name}; if letters are wrong, save it as UTF-8."
    ]


def test_utf_8_is_taken_without_a_word(notices: list[str]) -> None:
    for text in (GERMAN, RUSSIAN, CHINESE):
        assert decode(text.encode(), "It", notices.append) == text
    assert notices == []


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(random.Random(0).randbytes(2000), id="data"),
        pytest.param(CHINESE.encode("gbk"), id="gbk"),
        pytest.param((GERMAN * 3).encode()[:-40] + b"\xc3 cut " + GERMAN.encode(), id="cut"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(range(1, 60)), id="picture"),
    ],
)
def test_what_is_in_no_such_encoding(data: bytes, notices: list[str]) -> None:
    with pytest.raises(InputError, match="^It is not text in UTF-8"):
        decode(data, "It", notices.append)
    assert notices == []


def test_who_is_not_told_gets_no_other_encoding() -> None:
    with pytest.raises(InputError, match=r"^It is not text in UTF-8 \(line 2\); save it"):
        decode(b"line\nGr\xf6\xdfe", "It")


def test_a_long_file(tmp_path: Path, notices: list[str]) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(b"a" * (MAX_FILE + 1))
    with pytest.raises(InputError, match="text.txt is longer than 10 MB"):
        read_text(path, notices.append)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1253", "Καλημέρα σας, πώς είστε; Σήμερα ο καιρός είναι καλός."),
        ("cp1255", "שלום, מה שלומך היום? מזג האוויר יפה מאוד. נלך לטייל בפארק."),
        ("cp1256", "مرحبا كيف حالك اليوم الطقس جميل جدا"),
        ("koi8-r", "Привет, как дела? Сегодня хорошая погода."),
        ("euc-kr", "안녕하세요 오늘 날씨가 아주 좋네요 산책하러 갑시다"),
        ("iso8859-2", "Dziś jest miło, iść się chce. Dziś też, niestety, są śliwki."),
    ],
)
def test_letters_of_other_alphabets_are_no_gibberish(encoding: str, text: str) -> None:
    with pytest.raises(InputError, match="is not text in UTF-8"):
        decode(text.encode(encoding), "a.srt", [].append)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Добър ден, как сте? Днес времето е хубаво."),
        ("cp1251", "Добрий день, як справи? Сьогодні гарна погода."),
        ("cp1252", "¿Qué tal? El niño comió 3½ tortas de 20 m². ¡Adiós!"),
        ("cp1252", "« Ça va ? » L’été, c’est très beau…"),
    ],
)
def test_what_windows_wrote_is_read(encoding: str, text: str) -> None:
    told: list[str] = []
    assert decode(text.encode(encoding), "a.srt", told.append) == text
    assert f"Windows-{encoding[2:]}" in told[0]
