"""English words for what is written in signs, beside amounts of money that begin with one."""

from synclips.speech.readings.wording import Wording, words

WORDS = Wording(
    to="to",
    point=".",
    group=",\\d{3}",
    money={
        "¥": ("1 yen", "yen"),
        "₹": ("1 rupee", "rupees"),
        "₽": ("1 rouble", "roubles"),
        "₺": ("1 lira", "lira"),
        "₩": ("1 won", "won"),
        "R$": ("1 real", "reais", "1 centavo", "centavos"),
        "zł": ("1 zloty", "zlotys"),
        "CHF": ("1 Swiss franc", "Swiss francs", "1 centime", "centimes"),
        "kr": ("1 krona", "kronor"),
        "$": ("1 dollar", "dollars", "1 cent", "cents"),
        "£": ("1 pound", "pounds", "1 penny", "pence"),
        "€": ("1 euro", "euros", "1 cent", "cents"),
        "EUR": ("1 euro", "euros", "1 cent", "cents"),
        "USD": ("1 US dollar", "US dollars", "1 cent", "cents"),
        "GBP": ("1 pound", "pounds", "1 penny", "pence"),
    },
    units={
        "km": ("1 kilometer", "kilometers"),
        "cm": ("1 centimeter", "centimeters"),
        "mm": ("1 millimeter", "millimeters"),
        "kg": ("1 kilogram", "kilograms"),
        "mg": ("1 milligram", "milligrams"),
        "ml": ("1 milliliter", "milliliters"),
        "m²": ("1 square meter", "square meters"),
        "km²": ("1 square kilometer", "square kilometers"),
        "m³": ("1 cubic meter", "cubic meters"),
        "km/h": ("1 kilometer per hour", "kilometers per hour"),
        "kph": ("1 kilometer per hour", "kilometers per hour"),
        "m/s": ("1 meter per second", "meters per second"),
        "mph": ("1 mile per hour", "miles per hour"),
        "lb": ("1 pound", "pounds"),
        "lb.": ("1 pound", "pounds"),
        "lbs": ("1 pound", "pounds"),
        "lbs.": ("1 pound", "pounds"),
        "oz": ("1 ounce", "ounces"),
        "oz.": ("1 ounce", "ounces"),
        "ft": ("1 foot", "feet"),
        "ft.": ("1 foot", "feet"),
        "sq ft": ("1 square foot", "square feet"),
        "°C": ("1 degree Celsius", "degrees Celsius"),
        "°F": ("1 degree Fahrenheit", "degrees Fahrenheit"),
        "kWh": ("1 kilowatt hour", "kilowatt hours"),
        "kW": ("1 kilowatt", "kilowatts"),
        "MB": ("1 megabyte", "megabytes"),
        "GB": ("1 gigabyte", "gigabytes"),
        "TB": ("1 terabyte", "terabytes"),
        "MHz": ("1 megahertz", "megahertz"),
        "GHz": ("1 gigahertz", "gigahertz"),
    },
    cents=" and ",
    scales={
        "thousand": "thousand",
        "million": "million",
        "billion": "billion",
        "trillion": "trillion",
    },
    hashtag="hashtag",
    scores=frozenset(
        words(
            "won win wins winning lost lose loses losing beat beats score scored scores drew draw"
            " lead leads leading led trail trailed trailing final victory defeat section"
            " loss fell"
        )
    ),
    labels=frozenset(words("figure table exhibit room route down set")),
    standings=frozenset(words("record series deficit")),
    copulas=frozenset(words("are is was were went go goes")),
)
