"""The English letter A where it is no article, and the minus of a grade.

Engines say the article "uh"; written "eigh" they say the letter.
"""

import re

_NAMED = (
    r"[Aa]n|[Pp]lan|[Vv]itamins?|[Gg]rade|[Tt]eam|[Ss]ection|[Oo]ption|[Tt]ype|[Gg]roup|[Ee]xhibit"
    r"|[Hh]epatitis|[Ss]eries|[Cc]lass|[Ll]evel|[Aa]ppendix|[Ss]ide|[Pp]oint|[Gg]ate|[Tt]erminal|[Hh]all"
    r"|[Bb]lock|[Ll]etter|[Cc]olumn|[Aa]nswer|[Cc]ategory|[Ii]nfluenza|[Pp]roduct|[Uu]nit|[Vv]ariant"
    r"|[Cc]ompany|[Zz]one|[Ss]chedule|[Ss]traight"
)
_LETTERS = [
    # "How to Plan A Wedding" and "which team a man joins" have the article.
    (re.compile(rf"\b((?:{_NAMED}) )A\b(?!\s[A-Z][a-z]|[.'’&-]\w|[+])"), r"\1eigh"),
    (re.compile(r"(?<![\w.])A(?=\+(?![\w+]))"), "eigh"),
    (re.compile(r"\bA(?=(?: to Z|, B,? (?:and|or) C| B|, B)\b)"), "eigh"),
    (re.compile(r"\b([Ff]rom )A(?= to [B-Z]\b)"), r"\1eigh"),
    (re.compile(r"\b(in )A(?= (?:minor|major|flat|sharp)\b)"), r"\1eigh"),
    (re.compile(r"\b([Ss]traight |[Aa]ll )A['’]?s\b"), r"\1eighs"),
]
_MINUS = re.compile(
    r"\b((?:[Aa]n?|got|get|gets|of|from|grade|type|[Gg]rade|[Tt]ype) )(A|AB|[B-FO])[-−\u2013]"
    r"(?=$|[,.;:!?)]|\s)(?!\s(?:and|or)\s\w+-)"
)


def say_letters(sentence: str) -> str:
    """With "eigh" for the letter and "minus" after grades."""
    sentence = _MINUS.sub(_grade, sentence)
    for pattern, words in _LETTERS:
        sentence = pattern.sub(words, sentence)
    return sentence


def _grade(match: re.Match[str]) -> str:
    return f"{match[1]}{'eigh' if match[2] == 'A' else match[2]} minus"
