"""Hindi, Arabic, Chinese and Korean: percentages, money and measures."""

import re

from synclips.speech.readings.fractions import say_hindi_fractions
from synclips.speech.readings.quantities import say_all
from synclips.speech.readings.shorthand import say_abbreviations
from synclips.speech.readings.wording import Wording, attached

_HINDI = Wording(
    to="से",
    point=".",
    group=",\\d{2,3}",
    money={
        "₹": ("1 रुपया", "रुपये", "1 पैसा", "पैसे"),
        "रु.": ("1 रुपया", "रुपये", "1 पैसा", "पैसे"),
        "$": ("1 डॉलर", "डॉलर", "1 सेंट", "सेंट"),
        "€": ("1 यूरो", "यूरो", "1 सेंट", "सेंट"),
        "£": ("1 पाउंड", "पाउंड", "1 पेनी", "पेंस"),
        "¥": ("1 येन", "येन"),
        "₽": ("1 रूबल", "रूबल"),
    },
    units={
        "%": ("1 प्रतिशत", "प्रतिशत"),
        "किमी": ("1 किलोमीटर", "किलोमीटर"),
        "किग्रा": ("1 किलोग्राम", "किलोग्राम"),
        "km": ("1 किलोमीटर", "किलोमीटर"),
        "kg": ("1 किलोग्राम", "किलोग्राम"),
        "cm": ("1 सेंटीमीटर", "सेंटीमीटर"),
        "mm": ("1 मिलीमीटर", "मिलीमीटर"),
        "km/h": ("1 किलोमीटर प्रति घंटा", "किलोमीटर प्रति घंटा"),
        "°C": ("1 डिग्री सेल्सियस", "डिग्री सेल्सियस"),
        "GB": ("1 गीगाबाइट", "गीगाबाइट"),
        "MB": ("1 मेगाबाइट", "मेगाबाइट"),
    },
    scales={"लाख": "लाख", "करोड़": "करोड़", "हज़ार": "हज़ार", "हजार": "हजार"},
    shorts={"डॉ.": "डॉक्टर", "प्रो.": "प्रोफ़ेसर", "श्री.": "श्री", "पं.": "पंडित"},
    hashtag="हैशटैग",
)
_ARABIC = Wording(
    to="إلى",
    forms=1,
    point=".",
    group=",\\d{3}",
    money={
        "$": ("دولار",),
        "€": ("يورو",),
        "£": ("جنيه",),
        "¥": ("ين",),
        "₹": ("روبية",),
        "₽": ("روبل",),
        "₺": ("ليرة",),
    },
    units={
        "%": ("في المئة",),
        "٪": ("في المئة",),
        "km": ("كيلومتر",),
        "kg": ("كيلوغرام",),
        "°C": ("درجة مئوية",),
    },
    hashtag="هاشتاغ",
)
_CHINESE = Wording(
    to="到",
    forms=1,
    counted=attached,
    point=".",
    group=",\\d{3}",
    money={
        "¥": ("元",),
        "￥": ("元",),
        "$": ("美元",),
        "US$": ("美元",),
        "€": ("欧元",),
        "£": ("英镑",),
        "₹": ("卢比",),
        "₽": ("卢布",),
        "₩": ("韩元",),
        "₺": ("里拉",),
        "R$": ("雷亚尔",),
        "CHF": ("瑞士法郎",),
    },
    units={
        "km": ("公里",),
        "m": ("米",),
        "cm": ("厘米",),
        "mm": ("毫米",),
        "kg": ("公斤",),
        "g": ("克",),
        "km/h": ("公里每小时",),
        "m²": ("平方米",),
        "°C": ("摄氏度",),
        "℃": ("摄氏度",),
    },
    scales={"万": "万", "亿": "亿"},
    of="",
    gap="",
    hashtag="话题",
)
_KOREAN = Wording(
    to="에서 ",
    forms=1,
    counted=attached,
    point=".",
    group=",\\d{3}",
    money={
        "₩": ("원",),
        "￦": ("원",),
        "$": ("달러",),
        "US$": ("달러",),
        "€": ("유로",),
        "£": ("파운드",),
        "¥": ("엔",),
        "￥": ("엔",),
        "₹": ("루피",),
        "₽": ("루블",),
    },
    units={
        "%": (" 퍼센트",),
        "km": ("킬로미터",),
        "m": ("미터",),
        "cm": ("센티미터",),
        "mm": ("밀리미터",),
        "kg": ("킬로그램",),
        "g": ("그램",),
        "°C": ("도",),
        "℃": ("도",),
    },
    scales={"만": "만", "억": "억"},
    of="",
    gap="",
    hashtag="해시태그 ",
)
_PERCENT = re.compile(
    r"(?<![A-Za-z\d.,])(\d+(?:[.,]\d+)?)(?:[%％]?[-\u2013~](\d+(?:\.\d+)?))?[%％]"
)
_CLOCK = re.compile(r"(?<![\w:.])([01]?\d|2[0-4]):([0-5]\d)(?![:\d])", re.ASCII)


def read_hindi(sentence: str) -> str:
    """A Hindi sentence as an engine should get it."""
    return say_all(say_abbreviations(say_hindi_fractions(sentence), _HINDI), _HINDI)


def read_arabic(sentence: str) -> str:
    """An Arabic sentence as an engine should get it."""
    return say_all(sentence, _ARABIC)


def read_chinese(sentence: str) -> str:
    """A Chinese sentence as an engine should get it; the word for percent comes first."""
    sentence = _PERCENT.sub(_percent, sentence)
    sentence = _CLOCK.sub(_clock, sentence)
    return say_all(sentence, _CHINESE)


def read_korean(sentence: str) -> str:
    """A Korean sentence as an engine should get it."""
    return say_all(sentence, _KOREAN)


def _clock(match: re.Match[str]) -> str:
    return f"{int(match[1])}点" + (f"{match[2]}分" if match[2] != "00" else "")


def _percent(match: re.Match[str]) -> str:
    return f"百分之{match[1]}" + (f"到百分之{match[2]}" if match[2] else "")
