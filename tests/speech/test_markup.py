import time

import pytest

from synclips.errors import ConfigError, InputError
from synclips.speech.markup import Boundary, Break, Language, Words, read_markup


def test_a_plain_text_is_left_alone() -> None:
    text = "1 < 2 and 3 > 2 &amp; I <3 you"
    assert list(read_markup(text)) == [Words(text)]


def test_the_four_tags() -> None:
    text = (
        '<?xml version="1.0"?><speak version="1.1" xml:lang="de-AT"><p><s>Eins &lt; zwei</s>'
        "<!-- <b> --><break time=\"1.5s\"/>Drei</p><break time='250ms'></break></speak>"
    )
    assert list(read_markup(text)) == [
        Language("de-AT"),
        Boundary(True),
        Boundary(False),
        Words("Eins < zwei"),
        Boundary(False),
        Break(1.5),
        Words("Drei"),
        Boundary(True),
        Break(0.25),
    ]


def test_one_language_wherever_it_is_named() -> None:
    text = '<speak xml:lang="en-US"><p xml:lang="en">One.</p><s xml:lang="en-GB">Two.</s></speak>'
    assert [token for token in read_markup(text) if isinstance(token, Language)] == [
        Language("en-US")
    ]
    assert list(read_markup('<speak xml:lang="zh"><s xml:lang="cmn">好</s></speak>'))
    for text, tag in (
        ('<speak xml:lang="en">One.\n<s xml:lang="fr">Un.</s></speak>', "en"),
        ('A long text.\n<s xml:lang="fr">Un.</s> It goes on.', "fr"),
    ):
        with pytest.raises(InputError, match=rf'in line 2; .*, which <speak xml:lang="{tag}">'):
            list(read_markup(text))
    with pytest.raises(ConfigError, match="is not a language"):
        list(read_markup('<s xml:lang="nonsense tag">One.</s>'))
    assert list(read_markup('<s xml:lang="">One.</s>'))[1] == Words("One.")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Hello\n<b>you</b>", r"<b> in line 2, which is not understood; use <speak>"),
        ("<prosody rate='fast'>x</prosody>", "<prosody> in line 1"),
        ("<p>Hello", "<p> without </p>"),
        ("<p>Hello</s></p>", "</s> in line 1 where nothing of it is open"),
        ("Hello</p>", "</p> in line 1"),
        ("a <break/> b", "<break> in line 1 without a length"),
        ("a <break time='soon'/> b", "without a length"),
        ("a <break strength='strong'/> b", "<break> takes only time"),
        ("a <break time='2 h'/> b", "without a length"),
        ("a <break time='999s'/> b", "of 999 s in line 1; the longest is 60 s"),
    ],
)
def test_anything_else_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        list(read_markup(text))
    assert reason in str(caught.value)
    assert str(caught.value).endswith(".")


def test_comments_end_where_they_say() -> None:
    text = "a <!-- <b> \n --> b <?x <c> ?>\n<break time='1s'/> c <!-- d"
    assert list(read_markup(text)) == [
        Words("a "),
        Words(" b "),
        Words("\n"),
        Break(1.0),
        Words(" c <!-- d"),
    ]
    with pytest.raises(InputError, match="<b> in line 3"):
        list(read_markup("<!-- \n --> \n<b>"))


def test_comments_without_an_end_take_no_longer_than_text() -> None:
    text = "<!--" * 200_000 + "<?" * 200_000  # minutes, if all were looked through for each
    began = time.process_time()
    assert list(read_markup(text)) == [Words(text)]
    assert time.process_time() - began < 10
