from synclips.speech.listing import voice_table
from synclips.speech.synthesizer import Voice


def test_columns_line_up() -> None:
    table = voice_table(
        [
            Voice("espeak", "en-us", "en-us", "male", "GPL-3.0-or-later", True, "America"),
            Voice("flite", "", "en", None, "BSD", False, "apt install flite"),
        ]
    )
    assert table.splitlines() == [
        "engine  voice  language  licence           installed",
        "espeak  en-us  en-us     GPL-3.0-or-later  yes        America, male",
        "flite   -      en        BSD               no         apt install flite",
    ]
