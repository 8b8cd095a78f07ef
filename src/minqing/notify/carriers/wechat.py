"""WeChat subscription messages (小程序订阅消息).

Sources: developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html (POST /cgi-bin/stable_token;
calling it again gives the same token, so that workers do not take it from each other; forcing a new one is open twenty
times a day) and developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage
(POST /cgi-bin/message/subscribe/send, with what each kind of field takes).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from minqing.notify.carriers.base import Message, Misconfigured, NotTaken, Refused, TurnedOff, setting
from minqing.notify.carriers.http import JSON_HEADERS, Answer, as_json, call
from minqing.notify.carriers.tokens import Token
from minqing.notify.enums import Channel

STALE_TOKEN = frozenset({40001, 40014, 42001})
REFUSED_BY_USER = 43101
# system busy; too many a minute; too many to one person at once
LATER = frozenset({-1, 45011, 43108})
# no such person; a field does not fit; words that may not be sent. All other codes are about the app: its rights, its
# quota, its templates and pages, the addresses that may call
ABOUT_MESSAGE = frozenset({40003, 47003, 45168, 87014})
LANGUAGES = {"zh-hans": "zh_CN", "zh-hant": "zh_TW", "en": "en_US"}
# longest value of a template's field by the name it begins with; others are not cut. An ellipsis only fits where
# symbols do: 47003 refuses a message with one character that its field does not take, or with an empty field
LONGEST = {
    "thing": 20,
    "character_string": 32,
    "letter": 32,
    "number": 32,
    "symbol": 5,
    "phrase": 5,
    "name": 10,
    "phone_number": 17,
    "car_number": 8,
}
SYMBOLS_FIT = frozenset({"thing"})


class WeChat:
    channel = Channel.WECHAT
    # one consent is one message: a second try of one that did arrive would use up another
    repeats_safely = False

    def __init__(self) -> None:
        self.base: str = setting("wechat_url")
        self.token = Token(f"{self.base}|{setting('wechat_app_id')}", self.fetch_token)

    def fetch_token(self, force: bool) -> Mapping[str, object]:
        asked = {
            "grant_type": "client_credential",
            "appid": setting("wechat_app_id"),
            "secret": setting("wechat_app_secret"),
            "force_refresh": force,
        }
        return call(self.base, "/cgi-bin/stable_token", body=as_json(asked), headers=JSON_HEADERS).data

    def send(self, message: Message) -> str:
        body = as_json(self.body(message))
        token = self.token.get()
        answer = self.post(token, body)
        if answer.data.get("errcode") in STALE_TOKEN:
            answer = self.post(self.token.renew(token), body)
        return understood(answer)

    def post(self, token: str, body: bytes) -> Answer:
        query = {"access_token": token}
        return call(self.base, "/cgi-bin/message/subscribe/send", query=query, body=body, headers=JSON_HEADERS)

    def body(self, message: Message) -> dict[str, Any]:
        """``wechat_templates`` says for each kind the template's id and what goes into each of its fields."""
        template = setting("wechat_templates").get(message.kind)
        if not template:
            raise Refused("no_template")
        # a notice may have no body: its title says what it is about
        words = {name: message.word(word) or message.title for name, word in template["data"].items()}
        data = {name: {"value": cut(name, text)} for name, text in words.items()}
        page = setting("wechat_page")
        return {
            "touser": message.to,
            "template_id": template["id"],
            **({"page": page} if page else {}),
            "miniprogram_state": setting("wechat_state"),
            "lang": LANGUAGES.get(message.language, "zh_CN"),
            "data": data,
        }


def cut(name: str, value: str) -> str:
    kind = name.rstrip("0123456789")
    longest = LONGEST.get(kind, len(value))
    if len(value) <= longest:
        return value
    return value[: longest - 1] + "…" if kind in SYMBOLS_FIT else value[:longest]


def understood(answer: Answer) -> str:
    code = answer.data.get("errcode", 0)
    if code == 0:
        return str(answer.data.get("msgid", ""))[:100]
    if code == REFUSED_BY_USER:
        raise TurnedOff(f"wechat_{code}")
    if code in LATER or code in STALE_TOKEN:
        raise NotTaken(f"wechat_{code}")
    raise (Refused if code in ABOUT_MESSAGE else Misconfigured)(f"wechat_{code}")
