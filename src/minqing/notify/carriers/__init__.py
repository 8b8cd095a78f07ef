"""Carriers: one for each channel, as the settings choose it. In the app a notice needs none."""

from __future__ import annotations

from collections.abc import Callable

from minqing.notify.carriers.aliyun import AliyunSms
from minqing.notify.carriers.base import Carrier, setting
from minqing.notify.carriers.dingtalk import DingTalk, GovDingTalk
from minqing.notify.carriers.mail import Mail
from minqing.notify.carriers.sms import JsonSms
from minqing.notify.carriers.wechat import WeChat
from minqing.notify.enums import Channel

SMS: dict[str, Callable[[], Carrier]] = {"aliyun": AliyunSms, "json": JsonSms}


def makers() -> dict[Channel, Callable[[], Carrier]]:
    """What is set up in this deployment, in the order of :class:`Channel`."""
    found: dict[Channel, Callable[[], Carrier]] = {}
    if setting("wechat_app_id"):
        found[Channel.WECHAT] = WeChat
    if setting("dingtalk_app_key"):
        found[Channel.DINGTALK] = GovDingTalk if setting("dingtalk_tenant_id") else DingTalk
    if setting("sms"):
        found[Channel.SMS] = SMS[setting("sms")]
    if setting("smtp_host"):
        found[Channel.EMAIL] = Mail
    return found


def channels() -> list[Channel]:
    """The channels through which a message can leave at present."""
    return list(makers())


def carrier_for(channel: Channel) -> Carrier:
    return makers()[channel]()


def templates_in_use() -> dict[Channel, str]:
    """By channel the setting that holds a template for each kind of notice, of the carriers that need one."""
    named = {Channel.WECHAT: "wechat_templates", Channel.SMS: "aliyun_templates" if setting("sms") == "aliyun" else ""}
    return {channel: named[channel] for channel in channels() if named.get(channel)}
