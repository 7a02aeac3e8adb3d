import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("United beat Arsenal 3-1 on Saturday.", "United beat Arsenal 3 1 on Saturday."),
        ("Ann won 6-4, 7-6 (7-5), 6-3.", "Ann won 6 4, 7 6 (7 5), 6 3."),
        ("Final: 24-17, and 20-3", "Final: 24 to 17, and 20 to 3"),
        ("a 5-4 vote, a 2-1 win", "a 5 4 vote, a 2 1 win"),
        ("The game ended 3-1.", "The game ended 3 1."),
        (
            "The match is 0-0, the other game was 12-10",
            "The match is 0 0, the other game was 12 to 10",
        ),
        ("We're 2-0 up, went 3-1 down.", "We're 2 0 up, went 3 1 down."),
        ("It was 1-3 at half-time.", "It was 1 3 at half-time."),
        ("a 3-1 home win", "a 3 1 home win"),
        ("The game lasts 3-4 hours.", "The game lasts 3 to 4 hours."),
        ("The game is 3-4 hours long.", "The game is 3 to 4 hours long."),
        ("won in 3-5 days, lost 10-20 pounds", "won in 3 to 5 days, lost 10 to 20 pounds"),
        ("It is 4.5/5 stars, or 9/10.", "It is 4.5 out of 5 stars, or 9 out of 10."),
        ("I rate it 7/10.", "I rate it 7 out of 10."),
        ("The ratio is 16:9, not 4:3.", "The ratio is 16 by 9, not 4 by 3."),
        ("odds of 3:2, a scale of 1:50", "odds of 3 to 2, a scale of 1 to 50"),
    ],
)
def test_scores_ratings_and_ratios(written: str, spoken: str) -> None:
    assert read_out(written, "en") == spoken


@pytest.mark.parametrize(
    "written",
    [
        "on 9/10 we met",
        "He gave birth on 9/10.",
        "John 3:16",
        "the ratio at 10:30",
        "Section 3-1",
        "Section 3-1 at the half",
        "Figure 3-1 on aggregate demand",
        "The game is 5-2 players.",
        "3-1 down is a crossword clue.",
        "Exit 2-1 down the road",
        "Madrid 3-1 Rome",
        "a 3-1 home advantage",
        "He beat the 747-400.",
    ],
)
def test_days_times_and_codes_stay(written: str) -> None:
    assert read_out(written, "en") == written
