"""DingTalk work messages (工作通知), of the public platform and of 浙政钉 / 专有钉钉.

Sources: open.dingtalk.com/document/orgapp/asynchronous-sending-of-enterprise-session-messages (``gettoken`` and
``topapi/message/corpconversation/asyncsend_v2``, which gives one person the same text of one app only once a day) and
its table of error codes: with 88, the one that counts stands in ``sub_code``. 专有钉钉: ``/message/workNotification``,
whose ``bizMsgId`` refuses a second send; its requests are signed by header instead of a token.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from urllib.parse import urlencode

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.notify.carriers.base import Message, Misconfigured, NotTaken, Refused, setting
from minqing.notify.carriers.http import JSON_HEADERS, Answer, as_json, call
from minqing.notify.carriers.tokens import Token
from minqing.notify.enums import Channel

# 33001 "no such company" comes of a wrong token too
STALE_TOKEN = frozenset({33001, 40001, 40014, 41001, 42001})
# the reason stands in sub_code
SEE_BELOW = 88
# busy; refused before it was looked at; too many calls in a second, a minute; too many messages today
LATER = frozenset({-1, SEE_BELOW, 90002, 90003, 90004, 90005, 90006, 90018})
# no such person or an id that cannot be one; a message that does not fit. All other codes are about the app: its rights
# (60011), the addresses that may call (60020), its number (40056, 41011), whether it is on (41044)
ABOUT_MESSAGE = frozenset({33012, 34001, 34015, 40008, 40031, 40035, 40046, 60102, 60111, 60121, 400002})
# what 专有钉钉 calls them, in words of its own
ABOUT_RECEIVER = re.compile(r"receiver|userid|user_?not|employee|account_?id|msg_?(invalid|illegal|too)", re.I)
SEND = "/topapi/message/corpconversation/asyncsend_v2"
NOTIFY = "/message/workNotification"


class DingTalk:
    channel = Channel.DINGTALK
    repeats_safely = True

    def __init__(self) -> None:
        self.base: str = setting("dingtalk_url")
        self.token = Token(f"{self.base}|{setting('dingtalk_app_key')}", self.fetch_token)

    def fetch_token(self, force: bool) -> Mapping[str, object]:
        asked = {"appkey": setting("dingtalk_app_key"), "appsecret": setting("dingtalk_app_secret")}
        return call(self.base, "/gettoken", method="GET", query=asked).data

    def send(self, message: Message) -> str:
        body = as_json(
            {"agent_id": setting("dingtalk_agent_id"), "userid_list": message.to, "msg": card(message)},
        )
        token = self.token.get()
        answer = self.post(token, body)
        if code_of(answer) in STALE_TOKEN:
            answer = self.post(self.token.renew(token), body)
        code = code_of(answer)
        if code == 0:
            return str(answer.data.get("task_id", ""))[:100]
        if code in LATER or code in STALE_TOKEN:
            raise NotTaken(f"dingtalk_{code}")
        raise (Refused if code in ABOUT_MESSAGE else Misconfigured)(f"dingtalk_{code}")

    def post(self, token: str, body: bytes) -> Answer:
        return call(self.base, SEND, query={"access_token": token}, body=body, headers=JSON_HEADERS)


def code_of(answer: Answer) -> object:
    """0 for sent; with 88 what ``sub_code`` says, which comes as text (``"40014"``)."""
    code = answer.data.get("errcode", 0)
    text = str(answer.data.get("sub_code", ""))
    return int(text) if code == SEE_BELOW and text.isascii() and text.isdigit() and len(text) < 10 else code


def card(message: Message) -> dict[str, object]:
    """A card with one button; at most 2,048 bytes, which our short texts never reach."""
    return {
        "msgtype": "action_card",
        "action_card": {
            "title": message.title,
            "markdown": f"**{message.title}**\n\n{message.body}",
            "single_title": message.title[:20],
            "single_url": message.url,
        },
    }


class GovDingTalk:
    """浙政钉 and other installations of 专有钉钉."""

    channel = Channel.DINGTALK
    repeats_safely = True

    def send(self, message: Message) -> str:
        asked = {
            "receiverIds": message.to,
            "tenantId": setting("dingtalk_tenant_id"),
            "bizMsgId": message.id,
            "msg": as_json(card(message)).decode(),
        }
        body, headers = urlencode(asked).encode(), signed(asked)
        data = call(setting("dingtalk_url"), NOTIFY, body=body, headers=headers, reads=frozenset({400})).data
        content = data.get("content")
        inner: Mapping[str, object] = content if isinstance(content, dict) else data
        if inner.get("success") is True:
            return str(inner.get("content") or inner.get("msgId") or "")[:100]
        code = str(inner.get("responseCode") or inner.get("errorCode") or data.get("errorCode") or "refused")
        if "repeat" in code.lower() or "重复" in str(inner.get("responseMessage", "")):
            # an earlier try did arrive
            return ""
        raise (Refused if ABOUT_RECEIVER.search(code) else Misconfigured)(f"dingtalk_{code}")


def signed(asked: Mapping[str, str]) -> dict[str, str]:
    """HMAC-SHA256 over method, time, nonce, path and the sorted parameters, each on a line of its own."""
    moment = clock.now().astimezone(clock.SHANGHAI).isoformat(timespec="milliseconds")
    nonce = str(new_id().int)[-20:]
    parameters = "&".join(f"{name}={value}" for name, value in sorted(asked.items()))
    text = "\n".join(["POST", moment, nonce, NOTIFY, parameters])
    made = hmac.new(setting("dingtalk_app_secret").encode(), text.encode(), hashlib.sha256).digest()
    return {
        "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
        "X-Hmac-Auth-Timestamp": moment,
        "X-Hmac-Auth-Version": "1.0",
        "X-Hmac-Auth-Nonce": nonce,
        "apiKey": setting("dingtalk_app_key"),
        "X-Hmac-Auth-Signature": base64.b64encode(made).decode(),
    }
