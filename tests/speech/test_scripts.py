import pytest

from synclips.speech.scripts import unread_script, usual_language


@pytest.mark.parametrize(
    ("text", "language", "script"),
    [
        ("今日は良い天気です。", "ja", "Chinese"),
        ("你好", "en", "Chinese"),
        ("Привет, как дела?", "de", "Cyrillic"),
        ("γειά σου", "en-gb", "Greek"),
        ("안녕하세요", "cmn", "Hangul"),
        # What is read, or is a word among others:
        ("きょうはいいてんきです。コーヒー！", "ja", None),
        ("你好", "cmn", None),
        ("Привет, Anna!", "ru", None),
        ("Hello world", "ru", None),
        ("Tokyo is written 東京 in Japan, as the sign says.", "en", None),
        ("ə and ʃ are signs of sounds, ﬁne", "en", None),
        ("cafés, naïve, e\u0301", "en", None),
        ("1, 2, 3", "en", None),
        ("Hẹn gặp lại!", "vi", None),
        ("/həˈloʊ/", "en", None),
        ("α + β = γ", "en", None),
        ("5 μm", "en", None),
        ("Салам, мӗнле пурнатӑр?", "cv", None),
    ],
)
def test_letters_no_voice_reads(text: str, language: str, script: str | None) -> None:
    assert unread_script(text, language) == script


def test_the_usual_language_of_letters() -> None:
    assert usual_language("Здравствуйте") == "ru"
    assert usual_language("東京へ") == "ja"
    assert usual_language("東京") == "cmn"
    assert usual_language("Hello") is None
    assert usual_language("1 2 3") is None
