"""Electronic mail, pages in social networks, nicknames."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cur_lab.privacy.spans import Rule, Span, matches


def _emails(content: str) -> Iterator[Span]:
    """«ivanova@example.org», «ivanova @ example . org», «ivanova собака mail точка ru»."""
    yield from matches(_EMAIL, content, "email")
    yield from matches(_SPOKEN, content, "email")
    yield from matches(_IN_RUSSIAN, content, "email")


_EMAIL = re.compile(
    r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}(?:xn--[\w-]{2,40}|[^\W\d_]{2,24})"
    r"|[\w.+-]{1,64}@(?:mail|yandex|ya|gmail|bk|list|inbox|rambler)[, ](?:ru|com)(?!\w)"
)
_AT = (
    r"(?: ?[(\[{] ?(?:at|собака|собачка|dog) ?[)\]}] ?| ?(?:собака|собачка) | ?@ ?"
    r"| at (?=[\w-]+ dot ))"
)
_DOT = r"(?: ?[(\[{] ?(?:точка|dot) ?[)\]}] ?| точка | dot | ?\. ?)"
_SPOKEN = re.compile(
    rf"[A-Za-z0-9][\w.+-]{{0,63}}{_AT}[A-Za-z0-9-]{{2,40}}"
    rf"(?:{_DOT}[A-Za-z0-9-]{{2,40}}){{0,3}}{_DOT}[A-Za-z]{{2,10}}",
    re.I,
)


_IN_RUSSIAN = re.compile(
    r"[A-Za-z0-9][\w.+-]{0,63} (?:собака|собачка) [а-яё-]{2,20}"
    r" ?(?:точка|\.) ?(?:ру|ком|рф|нет|орг)(?![а-яё])",
    re.I,
)


def _profiles(content: str) -> Iterator[Span]:
    """«vk.com/id1», «@nick», «[id1|Мария]»; pages of communities are public."""
    yield from matches(_PROFILE, content, "profile")
    for match in _NAMED.finditer(content):
        # «Telegram Desktop» is a program: without a mark between, a nick shows itself as one.
        if match["mark"] or _LIKE_NICK.search(match["nick"]) or _NICK_WORD.match(match[0]):
            yield match.start("nick"), match.end("nick"), "profile"


_SITE = (
    r"(?:vk\.(?:com|ru|cc)|vkontakte\.ru|ok\.ru|odnoklassniki\.ru|t\.me|telegram\.me|instagram\.com"
    r"|facebook\.com|fb\.com|wa\.me|max\.ru|twitter\.com|x\.com|youtube\.com|tiktok\.com|dzen\.ru"
    r"|rutube\.ru|threads\.net|my\.mail\.ru|linkedin\.com|viber\.click)"
)
_PROFILE = re.compile(
    rf"(?<![\w.])(?:https?://)?(?:www\.|m\.|mobile\.)?{_SITE}"
    r"/(?!public|club|event|wall-|group|feed|video-|photo-|news|watch|topic-"
    r"|album-)[\w./?=&%@+~-]*\w"
    r"|tg://resolve\?domain=\w+"
    r"|(?<![\w@.])@[A-Za-z][\w.]{2,31}(?<!\.)(?![\w@]*@)"
    r"|\[id\w+\|[^\]\n]{1,100}\]",
    re.I,
)
_NAMED = re.compile(
    r"(?<![а-яёa-z])(?:тг|телега|телеграмм?|telegram|tg|вк|vk|скайп|skype|инстаграмм?|instagram|инста"
    r"|инсте|ник|никнейм|логин"
    r"|nick|дискорд|discord)"
    r"(?:(?P<mark> ?[:=] ?| -{1,2} )| )"
    r"(?P<nick>@?(?:id\d{3,12}|[A-Za-z][\w.]{3,31}(?<!\.)))(?![\w@])",
    re.I,
)

_LIKE_NICK = re.compile(r"[\d_.@]")
_NICK_WORD = re.compile(r"ник|логин|nick", re.I)

RULES = [
    Rule(_emails, r"(?i)@|\bat\b|собак|собачк|\bdog\b"),
    Rule(
        _profiles,
        rf"(?i)@[a-z]|{_SITE}/|tg://|\[id|(?:тг|теле|telegram|tg|вк|vk|скайп|skype|инст|inst|ник"
        rf"|логин|nick|диск|disc)"
        r"\w*[ :=-]{1,4}@?[a-z]",
    ),
]
