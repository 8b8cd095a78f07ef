"""Text messages through Aliyun (dysmsapi, SendSms, 2017-05-25), signed as ACS3-HMAC-SHA256.

Source: help.aliyun.com, "V3版本请求体&签名机制". Templates are approved by Aliyun; a variable may be no web address
(isv.PARAM_NOT_SUPPORT_URL) and every value is text (isv.INVALID_JSON_PARAM).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.notify.carriers.base import Message, Misconfigured, NotTaken, Refused, Unknown, setting
from minqing.notify.carriers.http import as_json, call
from minqing.notify.enums import Channel

ALGORITHM = "ACS3-HMAC-SHA256"
ACTION, VERSION = "SendSms", "2017-05-25"
# they answer 400 and 403 with a JSON object that says why
READS = frozenset({400, 403, 404})
# passes by itself: too many at once or to one number
LATER = (
    "Throttling",
    "ServiceUnavailable",
    "isv.BUSINESS_LIMIT_CONTROL",
    "isv.DAY_LIMIT_CONTROL",
    "isv.MONTH_LIMIT_CONTROL",
)
# a fault of theirs that broke off somewhere, as a 500; each request has a nonce of its own, so that a used one was
# sent again on its way, and the first of the two may have been taken
MAYBE_SENT = ("InternalError", "isp.", "SignatureNonceUsed")
NO_RIGHT = "isp.RAM_PERMISSION_DENY"
# the number, or words that the template does not take. All other codes are about the account: its keys, rights and
# money, its signature and templates
ABOUT_MESSAGE = (
    "isv.MOBILE_",
    "isv.INVALID_PARAMETERS",
    "isv.INVALID_JSON_PARAM",
    "isv.TEMPLATE_MISSING_PARAMETERS",
    "isv.TEMPLATE_PARAMS_ILLEGAL",
    "isv.PARAM_LENGTH_LIMIT",
    "isv.PARAM_NOT_SUPPORT_URL",
    "isv.BLACK_",
    "isv.EXTEND_CODE_ERROR",
    "isv.SMS_CONTENT_",
)
EMPTY = hashlib.sha256(b"").hexdigest()


class AliyunSms:
    channel = Channel.SMS
    # SendSms has no key by which a second request is known as the first; OutId only comes back in the receipt
    repeats_safely = False

    def send(self, message: Message) -> str:
        template = setting("aliyun_templates").get(message.kind)
        if not template:
            raise Refused("no_template")
        query = {
            "PhoneNumbers": message.to,
            "SignName": setting("aliyun_sign_name"),
            "TemplateCode": template,
            "TemplateParam": as_json(message.params).decode(),
            "OutId": message.id,
        }
        base = setting("aliyun_url")
        headers = {
            "host": urlsplit(base).netloc,
            "x-acs-action": ACTION,
            "x-acs-version": VERSION,
            "x-acs-date": clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": new_id().hex,
            "x-acs-content-sha256": EMPTY,
        }
        secret = setting("aliyun_key_secret")
        headers["Authorization"] = authorization("POST", query, headers, setting("aliyun_key_id"), secret)
        answer = call(base, f"/?{canonical(query)}", headers=headers, reads=READS)
        code = str(answer.data.get("Code", "missing"))
        if code == "OK":
            return str(answer.data.get("BizId", ""))[:100]
        if code.startswith(LATER):
            raise NotTaken(code)
        if code.startswith(MAYBE_SENT) and code != NO_RIGHT:
            raise Unknown(code)
        raise (Refused if code.startswith(ABOUT_MESSAGE) else Misconfigured)(code)


def canonical(query: Mapping[str, str]) -> str:
    """Sorted and percent-encoded as RFC 3986 has it."""
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in sorted(query.items()))


def authorization(method: str, query: Mapping[str, str], headers: Mapping[str, str], key: str, secret: str) -> str:
    """The Authorization header of a request to ``/`` without a body; all of ``headers`` are signed."""
    names = sorted(name.lower() for name in headers)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    request = "\n".join([method, "/", canonical(query), lines, ";".join(names), headers["x-acs-content-sha256"]])
    text = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    made = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key},SignedHeaders={';'.join(names)},Signature={made}"
