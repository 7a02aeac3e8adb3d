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
        (
            "Hello\n<lang xml:lang='fr'>x</lang>",
            "<lang> in line 2, which is not understood; use <s",
        ),
        ("<say-as interpret-as='date'>x</say-as>", "<say-as> in line 1, which is not"),
        ("1 <b and 3> 2", "<b and 3> in line 1; write &lt; for a plain <."),
        ("<b>Hello", "<b> without </b>"),
        ("<b>Hello</i></b>", "</i> in line 1 where nothing of it is open"),
        ("<speak xml:lang='en'><i xml:lang='fr'>x</i></speak>", "a text has one language"),
        ("<sub>WWW</sub>", "<sub> in line 1 without what is said"),
        ("<sub alias='a'>x <b>y</b></sub>", "<b> in line 1 within <sub>"),
        ("<prosody rate='fast'>x</prosody>", "<prosody> in line 1"),
        ("<p>Hello", "<p> without </p>"),
        ("<p>Hello</s></p>", "</s> in line 1 where nothing of it is open"),
        ("Hello</p>", "</p> in line 1"),
        ("a <break time=''/> b", "<break> in line 1 without a length"),
        ("a <break time='soon'/> b", "without a length"),
        ("a <break length='1s'/> b", "<break> takes only strength, time"),
        ("a <break strength='huge'/> b", '<break strength="huge"> in line 1; it is one of none, x'),
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
    with pytest.raises(InputError, match="<q> in line 3"):
        list(read_markup("<!-- \n --> \n<q>"))


def test_comments_without_an_end_take_no_longer_than_text() -> None:
    text = "<!--" * 200_000 + "<?" * 200_000  # minutes, if all were looked through for each
    began = time.process_time()
    assert list(read_markup(text)) == [Words(text)]
    assert time.process_time() - began < 10


@pytest.mark.parametrize("tag", ["b", "em", "emphasis", "i", "strong", "u"])
def test_what_styles_words_does_not_part_them(tag: str) -> None:
    assert list(read_markup(f"un<{tag} level='x'>believ</{tag}>able &amp; so")) == [
        Words("unbelievable & so")
    ]


def test_what_is_said_instead() -> None:
    text = "The <sub alias='World Wide Web'>WWW</sub> is <break time='1s'/>old."
    assert list(read_markup(text)) == [
        Words("The World Wide Web is "),
        Break(1.0),
        Words("old."),
    ]


@pytest.mark.parametrize(
    ("attributes", "seconds"),
    [
        ("", 0.35),
        ("strength='medium'", 0.35),
        ("strength='x-weak'", 0.1),
        ("strength='weak'", 0.2),
        ("strength='strong'", 0.8),
        ("strength='x-strong'", 1.2),
        ("strength='weak' time='2s'", 2.0),
    ],
)
def test_how_strong_a_break_is(attributes: str, seconds: float) -> None:
    assert list(read_markup(f"a<break {attributes}/>b")) == [Words("a"), Break(seconds), Words("b")]
    assert list(read_markup("a<break strength='none'/>b")) == [Words("ab")]


@pytest.mark.parametrize("text", ["Mail <john@example.com>.", "<https://a.b/c>", "I <3you> so"])
def test_what_is_no_tag(text: str) -> None:
    assert list(read_markup(text)) == [Words(text)]
