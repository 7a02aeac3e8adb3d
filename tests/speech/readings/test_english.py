import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        (
            "10-20 people, 5-7 days, 2010-2015, 2010–15, 1,000-2,000 people, 5-10 km, 5–10%",
            "10 to 20 people, 5 to 7 days, twenty ten to twenty fifteen, twenty ten to fifteen, "
            "1,000 to 2,000 people, 5 to 10 kilometers, 5 to 10%",
        ),
        (
            "We won 3-1, they lost 1-3.",
            "We won 3 1, they lost 1 3.",
        ),
        (
            "F-16, Covid-19, 2-km run, 11-year-old, 123-45-6789, 10 MB/s, Q1-Q2, 2024-05",
            "F-16, Covid-19, 2-km run, 11-year-old, 123-45-6789, 10 megabytes per "
            "second, Q1-Q2, 2024-05",
        ),
        (
            "24/7 service, after 9/11, and/or, 50-50",
            "24 7 service, after 9 11, and or, 50 50",
        ),
        (
            "1/2 cup, 3/4 of it, 2 1/2 hours, 2/3 majority, 3 1/2.",
            "one half cup, three quarters of it, 2 and a half hours, two thirds "
            "majority, 3 and a half.",
        ),
        (
            "on 3/4 we met, page 1/3, 4/5 stars, 8.5/10",
            "on 3/4 we met, page 1/3, 4 out of 5 stars, 8.5 out of 10",
        ),
        (
            "12/05/2024, 25/12/2024, 2024-05-12, the 12/05/2024, 2024-13-45",
            "December 5th, twenty twenty-four, December 25th, twenty twenty-four, May 12th, "
            "twenty twenty-four, the 5th of December twenty twenty-four, 2024-13-45",
        ),
        (
            "1990s, '90s, the 80s, the 1980's, mid-90s, in his 30s, the 1800s, 2000s, 2010s",
            "nineteen nineties, nineties, the eighties, the nineteen eighties, "
            "mid-nineties, in his thirties, the eighteen hundreds, two thousands, twenty tens",
        ),
        (
            "a 30s timer, rock 'n' roll",
            "a 30s timer, rock 'n' roll",
        ),
        (
            "Henry VIII had wives, Elizabeth II, King Charles I was, Louis XIV, Charles V.",
            "Henry the 8th had wives, Elizabeth the 2nd, King Charles the 1st was, "
            "Louis the 14th, Charles the 5th.",
        ),
        (
            "Malcolm X, John V. Smith, Mary I think, Super Bowl LVIII, Vatican II",
            "Malcolm X, John V. Smith, Mary I think, Super Bowl 58, Vatican 2",
        ),
        (
            "World War II, World War I soldiers, Chapter IV, Part I, Title IX, Type II",
            "World War 2, World War 1 soldiers, Chapter 4, Part 1, Title 9, Type 2",
        ),
        (
            "the part I like, Act I saw, Type X",
            "the part I like, Act I saw, Type X",
        ),
        (
            "at 7:00, at 14:00, 7:00 p.m., 7:30, at 00:00, at 7:00 o'clock, 7:00 a.m. today",
            "at 7 o'clock, at 14:00, 7 p.m., 7:30, at 00:00, at 7 o'clock, 7 a.m today",
        ),
        (
            "12 a.m.–5 p.m., 9:00-17:00, 9am-5pm, 9-5 p.m.",
            "12 a.m to 5 p.m., 9:00 to 17:00, 9am to 5pm, 9 to 5 p.m.",
        ),
        (
            "1:00:05, 2:00 hours, 3:2",
            "1:00:05, 2:00 hours, 3:2",
        ),
        (
            "5 km, 1 km, 60 mph, 5 lbs, 1 lb, 6 ft, 20 °C, 70°F, 16GB, 3 GHz, 5.5 kg, "
            "60 km/h, 12 m²",
            "5 kilometers, 1 kilometer, 60 miles per hour, 5 pounds, 1 pound, 6 feet, "
            "20 degrees Celsius, 70 degrees Fahrenheit, 16 gigabytes, 3 gigahertz, 5.5 "
            "kilograms, 60 kilometers per hour, 12 square meters",
        ),
        (
            "a 5 kg bag, an 8 ft man, 12 oz. of it, It is 6 ft.",
            "a 5 kilogram bag, an 8 foot man, 12 ounces of it, It is 6 feet.",
        ),
        (
            "5 m, 5 in, 5G",
            "5 meters, 5 in, 5G",
        ),
        (
            "1-800-555-0199, (555) 123-4567, +44 20 7946 0958, 555-1234, call 867-5309",
            "1, 8 0 0, 5 5 5, 0 1 9 9, 5 5 5, 1 2 3, 4 5 6 7, plus 4 4, 2 0, 7 9 4 6, 0 "
            "9 5 8, 5 5 5, 1 2 3 4, call 8 6 7, 5 3 0 9",
        ),
        (
            "¥500, 10 $, ₹500, 5 €, CHF 5, R$5, 1 €, ¥500-600, 3,50 €",
            "500 yen, 10 dollars, 500 rupees, 5 euros, 5 Swiss francs, 5 reais, 1 euro, "
            "500 to 600 yen, 3,50 €",
        ),
        (
            "$5/day, 10 euros/kg",
            "5 dollars per day, 10 euros per kilogram",
        ),
        (
            "#love is #1",
            "hashtag love is number 1",
        ),
        (
            "On Jan. 5, 2021, at 9:00 a.m., Dr. Smith paid $12.50 for 5-7 lbs of apples.",
            "On January 5th, twenty twenty-one, at 9 a.m., Dr Smith paid 12 dollars and 50 cents "
            "for 5 to 7 pounds of apples.",
        ),
        (
            "The U.S. won 3-1 in the 2nd half of the 1990s, led by Henry VIII.",
            "The U.S won 3 1 in the 2nd half of the nineteen nineties, led by Henry the 8th.",
        ),
        (
            "Call 1-800-555-0199 from 9 a.m. to 5 p.m., Mon.-Fri., or visit us at 221B Baker St.",
            "Call 1, 8 0 0, 5 5 5, 0 1 9 9 from 9 a.m to 5 p.m., Monday to Friday, or visit "
            "us at 221B Baker Street.",
        ),
        (
            "Chapter 3, pp. 10-12, covers 1914-1918 and World War I.",
            "Chapter 3, pages 10 to 12, covers "
            "nineteen fourteen to nineteen eighteen and World War 1.",
        ),
        (
            "The Boeing 737-800 flew 5,000 km at 800 km/h and -50 °C.",
            "The Boeing 737-800 flew 5000 kilometers at 800 kilometers per hour and minus 50 "
            "degrees Celsius.",
        ),
        (
            "He ran a 10 km race in 45:30 and a 5K in 20:00.",
            "He ran a 10 kilometer race in 45:30 and a 5K in 20:00.",
        ),
        (
            "Mix 1/2 cup of milk, 2 1/4 cups of flour and 3/4 teaspoon of salt.",
            "Mix one half cup of milk, 2 and a quarter cups of flour and three quarters "
            "teaspoon of salt.",
        ),
        (
            "She was born on 3/4/1990 in the '90s, aged 30-35.",
            "She was born on March 4th, nineteen ninety in the nineties, aged 30 to 35.",
        ),
        (
            "It's 50/50 whether the Covid-19 shot of 2020-21 worked.",
            "It's 50 50 whether the Covid-19 shot of 2020-21 worked.",
        ),
        (
            "Lakers beat Celtics 110-120 in Game 7.",
            "Lakers beat Celtics 110 to 120 in Game 7.",
        ),
        (
            "Section 1-101 of the code, Room 12-14, flight 10-200.",
            "Section 1-101 of the code, Room 12-14, flight 10 to 200.",
        ),
        (
            "With 2:00 remaining, countdown reached 0:00, is 3:00 long, Set the timer to 5:00.",
            "With 2:00 remaining, countdown reached 0:00, is 3:00 long, Set the timer to 5:00.",
        ),
        (
            "Skip to 1:00 in the video, stop at 1:00 in the video, 15:00 hrs, at 2:00 of it",
            "Skip to 1:00 in the video, stop at 1:00 in the video, 15:00 hrs, at 2:00 of it",
        ),
        (
            "from 9:00 to 5:00, between 2:00 and 3:00, 7:00 today, at 5:00 in the morning",
            "from 9 o'clock to 5 o'clock, between 2 o'clock and 3 o'clock, 7 o'clock today, "
            "at 5 o'clock in the morning",
        ),
        ("Mark V. Smith, a Mark V tank, Mark IV.", "Mark V. Smith, a Mark 5 tank, Mark 4."),
        (
            "The record is 5-7, fell 98-102, are 8-12 since, (1-3), from 0-2 down.",
            "The record is 5-7, fell 98 to 102, are 8-12 since, (1-3), from 0-2 down.",
        ),
        (
            "Figure 3-5, Room 4-12, Route 1-95, Table 2-4, Figures 3-5",
            "Figure 3-5, Room 4-12, Route 1-95, Table 2-4, Figures 3 to 5",
        ),
        (
            "They are 5-7 days late, pages 3-5, (1749-1832)",
            "They are 5 to 7 days late, pages 3 to 5, "
            "(seventeen forty-nine to eighteen thirty-two)",
        ),
        (
            "the 30s timer, a 60s timeout, 1800s, the 30s",
            "the 30s timer, a 60s timeout, 1800s, the thirties",
        ),
        ("#include <x>, #love", "#include <x>, hashtag love"),
        ("CHF 1'500, $1'500", "CHF 1'500, $1'500"),
        (
            "meets 9:00-11:00 today, at 9:00 and 10:00",
            "meets 9 o'clock to 11 o'clock today, at 9 o'clock and 10 o'clock",
        ),
        ("The video from 1:00 to 2:00 is good.", "The video from 1:00 to 2:00 is good."),
        ("from 1:00 to 2:00 in the video", "from 1:00 to 2:00 in the video"),
        (
            "a series of 3-5 talks, record highs of 30-35 degrees",
            "a series of 3 to 5 talks, record highs of 30 to 35 degrees",
        ),
        ("a record of 5-7, down 1-3", "a record of 5-7, down 1-3"),
        (
            "bake for 25–30 min, every 4-6 hrs, a 30 min walk, 5 sec.",
            "bake for 25 to 30 minutes, every 4 to 6 hours, a 30 minute walk, 5 seconds.",
        ),
        (
            "2 tbsp. of oil, 1 tsp oil, 100 mi, 5 gal, 250 g butter, 8.5 L, 30 s",
            "2 tablespoons of oil, 1 teaspoon oil, 100 miles, 5 gallons, 250 grams butter, "
            "8.5 liters, 30 seconds",
        ),
        ("at 9:05 a.m. or 10.30pm, 00:05", "at 9 oh 5 a.m or 10:30pm, 00:05"),
        ("JOHN (40s) pours", "JOHN (forties) pours"),
        ("120Hz, 30 fps, 20 ℃", "120 hertz, 30 frames per second, 20 degrees Celsius"),
        ("section 3.2.1, pp. 12–15", "section 3.2.1, pages 12 to 15"),
    ],
)
def test_english(written: str, spoken: str) -> None:
    assert read_out(written, "en") == spoken
