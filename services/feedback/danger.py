"""Whether words sound as if somebody is in danger, so that a person reads them the same day.

A list of turns of phrase, not a judgement: it must rather bring up too much than too little, and
the page never promises that somebody reads straight away.
"""

import re

_PHRASES = (
    r"kill(s|ed|ing)?\b", r"going to die", r"want to die", r"suicid\w*", r"end (my|her|his) life",
    r"end it all", r"better off dead", r"(hurt|harm|cut)(s|ting|ing)? (me|myself|her|him|us)\b",
    r"(self.?harm\w*)", r"(hit|hits|hitting|beat|beats|beating|punch\w*|kick\w*) (me|my|her|us)\b",
    r"strangl\w*", r"chok(e|es|ed|ing) (me|her|us)\b", r"(knife|gun|weapon)\b", r"rape\w*",
    r"threat(s|en\w*)?\b", r"stalk\w*", r"follow(s|ed|ing) me", r"not safe at home",
    r"(afraid|scared|frightened|terrified) (to go home|of him|of her|at home|for my life)",
    r"in danger", r"overdose\w*", r"he (is|will be) (outside|waiting)",
)  # fmt: skip
_DANGER = re.compile(r"\b(?:" + "|".join(_PHRASES) + ")", re.IGNORECASE)


def sounds_like_danger(text: str) -> bool:
    """Whether a person should read this today."""
    return _DANGER.search(" ".join(text.replace("\u2019", "'").split())) is not None
