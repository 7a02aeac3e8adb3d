"""The page as somebody meets it who does not see it well, or at all."""

import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest

PAGE = files("synclips.serve") / "page"
FIELDS = frozenset({"input", "select", "textarea"})


class Reader(HTMLParser):
    """Collects fields, and what names them."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[dict[str, str | None]] = []
        self.named: set[str | None] = set()
        self._labels = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "label":
            self._labels += 1
            self.named.add(given.get("for"))
        if tag in FIELDS:
            if self._labels:
                given["aria-label"] = "the text around it"
            self.fields.append(given)

    def handle_endtag(self, tag: str) -> None:
        self._labels -= tag == "label"


def test_every_field_has_a_name() -> None:
    page = Reader()
    page.feed((PAGE / "index.html").read_text())
    assert len(page.fields) > 10
    for field in page.fields:
        assert field.get("aria-label") or field.get("id") in page.named, field


def luminance(colour: str) -> float:
    """Relative, of `#rgb` or `#rrggbb`, as WCAG 2 defines it."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    shares = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1])
def test_all_can_be_told_from_what_is_behind(scheme: int) -> None:
    """By light and by dark: WCAG 2.2 asks of text for 4.5, and of borders of fields for 3."""
    sheet = (PAGE / "style.css").read_text()
    blocks = re.findall(r":root \{(.*?)\}", sheet, re.DOTALL)
    assert len(blocks) == 2
    colours = dict(re.findall(r"--([\w-]+): (#\w+);", blocks[scheme]))
    for ground in ("ground", "panel"):
        for text in ("ink", "faint", "accent", "bad"):
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
        assert contrast(colours["edge"], colours[ground]) >= 3, ground
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5
    borders = re.findall(
        r"^(?:textarea|button) ?[^{]*\{[^}]*border: 1px solid var\(--(\w+)\)", sheet, re.M
    )
    assert borders == ["edge", "edge"]


def test_what_is_said_is_asked_for_before_a_video_is_sent() -> None:
    page, script = (PAGE / "index.html").read_text(), (PAGE / "page.js").read_text()
    assert re.search(r'id="video"[^>]* required', page)
    assert "required = name === way()" in script
