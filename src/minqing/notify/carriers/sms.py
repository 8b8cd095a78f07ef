"""Text messages through a gateway that takes JSON, as county operators and their providers run them.

POST to ``sms_url`` with ``Authorization: Bearer …`` and ``Idempotency-Key``; body ``{"id", "to", "text", "kind"}``.
Any 2xx with a JSON object means taken; its ``id`` is kept. A ``code`` other than 0, "0" or "OK" refuses the message;
one that speaks of credentials, signature, money or limits is about this deployment and no receiver's fault.
"""

from __future__ import annotations

import re

from minqing.notify.carriers.base import Message, Misconfigured, Refused, setting
from minqing.notify.carriers.http import JSON_HEADERS, as_json, call
from minqing.notify.enums import Channel

WELL = (None, 0, "0", "OK", "ok")
# gateways name these as they like: credentials, rights, money, signature, limits, the addresses that may call
ABOUT_US = re.compile(
    r"^40[1237]$|^429$|auth|token|secret|api_?key|credential|permission|forbidden|sign|quota|balance|amount|arrears|limit|"
    r"thrott|whitelist|\bip\b|签名|余额|欠费|权限|鉴权|限",
    re.I,
)


class JsonSms:
    channel = Channel.SMS

    def __init__(self) -> None:
        # only where the operator knows that the gateway heeds Idempotency-Key
        self.repeats_safely: bool = setting("sms_repeats_safely")

    def send(self, message: Message) -> str:
        body = {"id": message.id, "to": message.to, "text": message.text, "kind": message.kind}
        headers = {
            **JSON_HEADERS,
            "Authorization": f"Bearer {setting('sms_token')}",
            "Idempotency-Key": message.id,
        }
        answer = call(setting("sms_url"), "", body=as_json(body), headers=headers)
        code = answer.data.get("code")
        if code not in WELL:
            raise (Misconfigured if ABOUT_US.search(str(code)) else Refused)(f"sms_{code}")
        return str(answer.data.get("id", ""))[:100]
