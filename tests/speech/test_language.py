import errno
from typing import Any

import pytest
from py3langid.langid import LanguageIdentifier

from synclips.errors import ConfigError, OutputError
from synclips.speech import language
from synclips.speech.language import Detected, detect_language, language_tag, speaks


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Good morning, and welcome to the show.", "en"),
        ("Guten Morgen und herzlich willkommen.", "de"),
        ("Bonjour, comment allez-vous ?", "fr"),
        ("Привет, как дела?", "ru"),
        ("こんにちは、元気ですか", "ja"),
        ("你好，世界", "cmn"),
        ("Hello.", "en"),
        ("1 2 3", "en"),
        ("Ciao, come stai?", "it"),
        ("Nein, danke.", "de"),
        ("Спасибо за внимание.", "ru"),
        ("नमस्ते", "hi"),
        ("東京", "cmn"),
        ("Привіт, як справи?", "uk"),
        ("¡Hola!", "es"),
        ("Que dices, ¿eh?", "es"),
        ("Hace frío.", "es"),
        ("Me llamo Ana.", "es"),
        ("El perro come.", "es"),
    ],
)
def test_detection(text: str, language: str) -> None:
    assert detect_language(text).language == language


@pytest.mark.parametrize(
    "text",
    [
        "A jalapeño, please.",
        "The piñata broke.",
        "El Niño is back.",
        "José is here.",
        "Gracias.",
        "Gracias, my friend.",
        "Hasta la vista, baby.",
        "San Diego, Santa Monica.",
        "Sierra Nevada.",
        "Puerto Rico.",
        "El Dorado.",
        "Viva Las Vegas!",
        "Unicode escape.",
        "Jones vectors.",
    ],
)
def test_english_with_words_and_names_of_others_stays_english(text: str) -> None:
    assert detect_language(text).language == "en"


def test_doubts_are_told_where_another_language_is_likelier() -> None:
    assert detect_language("Bom dia.") == Detected("en", "pt")
    assert detect_language("La temperatura es de -5 °C.") == Detected("es", "ca")
    assert detect_language("La temperatura és de -5 °C.") == Detected("ca")
    assert detect_language("Привет.") == Detected("ru", "sr")
    for clear in ("Hello.", "Good morning, and welcome to the show.", "1 2 3", "Guten Tag, Welt!"):
        assert detect_language(clear).rather is None


def test_tags_have_one_form() -> None:
    assert language_tag(" pt_BR ") == "pt-br"
    assert language_tag("zh-TW") == "cmn-tw"
    assert language_tag("no") == "nb"
    for wrong in ("", "english", "e", "en us", "../en"):
        with pytest.raises(ConfigError, match=r"is not a language; write a tag such as en"):
            language_tag(wrong)


def test_which_voice_speaks_what() -> None:
    assert speaks("en-us", "en")
    assert speaks("en-gb", "en-gb")
    assert speaks("en-gb-scotland", "en-gb")
    assert not speaks("en-us", "en-gb")
    assert not speaks("enm", "en")
    assert not speaks("en", "en-us")
    assert speaks("zh", "cmn")


def test_a_full_temporary_folder_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(LanguageIdentifier, "from_model_file", full)
    language._identifier.cache_clear()  # the model is read once in a process
    with pytest.raises(OutputError, match="temporary folder .* cannot be written"):
        detect_language("Good morning.")
    monkeypatch.undo()
    assert detect_language("Good morning, and welcome.").language == "en"
