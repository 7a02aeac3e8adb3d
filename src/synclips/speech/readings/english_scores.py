"""English scores, ratings and ratios: "won 3-1", "a 5-4 vote", "4.5/5", "16:9".

Numbers with a dash are a score where a word of winning is near or the first is larger beside one,
and where a game is spoken of; all else is left to the rules of ranges.
"""

import re

from synclips.speech.readings.wording import words

_SCORE = re.compile(
    r"(?<![\w.,:/#+$€£=\u2013-])(\d{1,3})[-\u2013](\d{1,3})(?![\w:/\u2013-]|[.,]\d)"
)
_CHAIN = re.compile(r"(?:,? and |,? |, )?[(]?|[)],? ?(?:and )?[(]?")
_WORDS = frozenset(
    words(
        "won win wins winning lost lose loses losing beat beats beating defeated scored score drew"
        " draw lead leads leading led trail trails trailed trailing final victory defeat loss fell"
        " tied thrashed edged voted ruled"
    )
)
_THINGS = re.compile(
    r" (?:vote|decision|ruling|majority|win|victory|loss|defeat|lead|draw|score|scoreline|tie|split"
    r"|rout|thrashing|upset"
    r"|(?:home|away|narrow|aggregate|comfortable|convincing) (?:win|victory|loss|defeat|draw))\b"
)
# After a score, whichever of its numbers is larger.
_TIMES = re.compile(
    r",? (?:(?:up |down |ahead |behind )?(?:at half[ -]?time|at the (?:half|break)|at full[ -]time"
    r"|(?:after|in) (?:extra time|overtime)|on aggregate(?=$|[.,;:!?)]| (?:and|but|against)\b)))\b"
)
# "3-1 down" of a crossword has no verb before it.
_STANDING = re.compile(
    r" (?:up|down|ahead|behind)(?=$|[.,;:!?)]| (?:at|after|in|with|on|by|and|but|when|before|until"
    r"|against|to)\b)"
)
_VERBS = re.compile(
    r"(?:['’](?:s|re|m)|\b(?:is|are|am|was|were|be|been|went|go|goes|going|came|come))$"
)
_GAME = re.compile(
    r"\b(?i:games?|match(?:es)?|half[- ]?time|derby|play-?offs?|semi-?finals?|quarter-?finals?"
    r"|tie-?break(?:er)?|innings?|first half|second half|overtime|extra time)\b"
)
_LABEL = re.compile(
    r"\b(?i:section|figure|table|chapter|part|exhibit|room|route|rule|law|article|item|step|version)$"
)
_ENDED = re.compile(
    r"\b(?:ended|ends|finished|finishes|stands|stood|remained|is|was|went)"
    r"(?: (?:at|level|level at|now|still|all square at))?$"
)
_ARTICLES = ("a", "an", "the")
# A noun that is counted makes a range of it: "won 5-7 times".
_NOUN = re.compile(
    r" ?[%°]| (?!(?:in|on|at|against|after|and|but|or|to|over|with|by|this|last|for|since|when|as"
    r"|from|before|yesterday|today|tonight|away|here|there|that|which|while|until|thanks|again|then"
    r"|despite|during|under|because|so|late|early|overall|down|up|ahead|behind)\b)[a-z]{2,}"
)
_NEAR = 3  # words in which a rising score may be announced, as of ranges
_FAR = 7
_RATING = re.compile(
    r"(?<![\w.,:/$£€-])(?<!\b[Oo]n )(?<!\b[Bb]y )(\d{1,3}(?:\.\d)?)/(5|10|100)(?![\w/%°-]|[.,]\d)"
    r"(?P<stars> stars?\b)?"
)
_OR = re.compile(r",? (?:(?:or|and|maybe|even|perhaps) )*")
_RATED = re.compile(
    r"\b(?i:rat\w+|give|gave|given|giv\w+|scor\w+|got|get\w*|stars?|review\w*|marks?|grade\w*)\b"
    r"[^.;:!?]{0,30}$"
)
_RATIO = re.compile(r"(?<![\w.,:/-])(\d{1,3}(?:\.\d+)?):(\d{1,2})(?![\w:/-]|[.,]\d)")
_SHAPES = frozenset(
    {"16:9", "9:16", "4:3", "3:4", "21:9", "16:10", "3:2", "2:3", "1.85:1", "2.39:1"}
)
_SHOWN = re.compile(
    r"\b(?i:aspect|ratios?|(?:wide)?screens?|videos?|formats?|displays?|monitors?|footage|frames?"
    r"|cropp?\w*|TVs?|films?|images?|resolutions?|pictures?|photos?)\b"
)
_PROPORTION = re.compile(r"\b(?i:ratios?|scale)\b")
_ODDS = re.compile(r"\b(?i:odds|proportions?|diluted?)\b")


def say_scores(sentence: str) -> str:
    """With numbers beside each other for scores, and words for ratings and ratios."""
    return _say_ratios(_say_ratings(_say_scores(sentence)))


def _say_scores(sentence: str) -> str:
    said, at, is_score = [], 0, False
    for match in _SCORE.finditer(sentence):
        between = sentence[at : match.start()]
        goes_on = is_score and _CHAIN.fullmatch(between) is not None
        announced, thing = _is_announced(match, between), _THINGS.match(sentence, match.end())
        counted = thing is None and _NOUN.match(sentence, match.end()) is not None
        is_score = goes_on or (announced and not counted)
        is_range = announced and counted and int(match[1]) < int(match[2])
        spoken = f"{match[1]} to {match[2]}" if is_range else match[0]
        said += [between, _score(match) if is_score else spoken]
        at = match.end()
    return "".join([*said, sentence[at:]])


def _is_announced(match: re.Match[str], between: str) -> bool:
    """Whether there is a word of winning or losing before it, or of what a score is of after it."""
    before = re.split(r"[.;!?]", between)[-1]
    near = [word.strip("(,:\"'").lower() for word in before.split()]
    falls, last = int(match[1]) > int(match[2]), near[-1] if near else ""
    if _is_of_game(match, before.rstrip(), falls):
        return True
    if _THINGS.match(match.string, match.end()):
        return falls or last in _ARTICLES
    return last not in _ARTICLES and not _WORDS.isdisjoint(near[-_FAR if falls else -_NEAR :])


def _is_of_game(match: re.Match[str], before: str, falls: bool) -> bool:
    """Whether it is how a game stands or ended, which needs no word of winning."""
    even = match[1] == match[2] or match[1] == "0"
    if _LABEL.search(before):
        return False
    if _TIMES.match(match.string, match.end()):
        return True
    if not (falls or even):  # "the game is 3-4 hours long"
        return False
    stands = _STANDING.match(match.string, match.end()) is not None
    if stands and _VERBS.search(before):
        return True
    return _GAME.search(before) is not None and _ENDED.search(before) is not None


def _score(match: re.Match[str]) -> str:
    """Figures alone where they cannot run together as "twenty three" does."""
    return f"{match[1]}{' ' if max(len(match[1]), len(match[2])) == 1 else ' to '}{match[2]}"


def _say_ratings(sentence: str) -> str:
    said, at, rated = [], 0, False
    for match in _RATING.finditer(sentence):
        follows = rated and _OR.fullmatch(sentence, at, match.start()) is not None
        sure = "." in match[1] or match["stars"] is not None or follows
        rated = sure or _RATED.search(sentence[: match.start()]) is not None
        rated = rated and float(match[1]) <= int(match[2])
        spoken = f"{match[1]} out of {match[2]}{match['stars'] or ''}"
        said += [sentence[at : match.start()], spoken if rated else match[0]]
        at = match.end()
    return "".join([*said, sentence[at:]])


def _say_ratios(sentence: str) -> str:
    def said(match: re.Match[str]) -> str:
        before = sentence[: match.start()]
        if match[0] in _SHAPES and not _ODDS.search(before) and _SHOWN.search(sentence):
            return f"{match[1]} by {match[2]}"
        proportion = _ODDS.search(before) or _PROPORTION.search(before)
        is_time = len(match[2]) == 2 and int(match[1].partition(".")[0]) < 24 and match[1] != "1"
        return f"{match[1]} to {match[2]}" if proportion and not is_time else match[0]

    return _RATIO.sub(said, sentence)
