"""What carries notices and hints out of the house: its settings, read from the environment like all others.

Hosts stand here and nowhere else, so that no request or row of the database can name one.
"""

from __future__ import annotations

import re
from typing import Literal

from pydantic import BaseModel, Field, HttpUrl, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "minqing_"
BROKER = re.compile(r"(mqtts://[\w.\-]+|mqtts?://(127\.0\.0\.1|localhost|\[::1\]))(:\d{1,5})?")
# each of them sets a channel in use
IN_USE = ("minqing_smtp_host", "minqing_sms", "minqing_wechat_app_id", "minqing_dingtalk_app_key")


class WeChatTemplate(BaseModel):
    """A template of the mini program: its id, and for each of its fields ``title``, ``body`` or a parameter's name."""

    id: str
    data: dict[str, str]


class Carriers(BaseSettings):
    """A channel is in use once its first setting is there; what it then lacks stops the start with a sentence."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    minqing_smtp_host: str = Field(default="", description="mail server; sets e-mail in use")
    minqing_smtp_port: int = Field(default=587, ge=1, le=65535, description="its port")
    minqing_smtp_security: Literal["starttls", "ssl", "none"] = Field(
        default="starttls", description="how it is secured"
    )
    minqing_smtp_user: str = Field(default="", description="account at the mail server")
    minqing_smtp_password: SecretStr = Field(default=SecretStr(""), description="its password")
    minqing_mail_from: str = Field(default="", description="sender, such as 民情 <minqing@county.gov.cn>")
    minqing_sms: Literal["", "json", "aliyun"] = Field(
        default="", description="json or aliyun; sets text messages in use"
    )
    minqing_sms_url: HttpUrl | None = Field(default=None, description="json: address that takes a message by POST")
    minqing_sms_token: SecretStr = Field(default=SecretStr(""), description="json: bearer token")
    minqing_sms_repeats_safely: bool = Field(default=False, description="json: the gateway heeds Idempotency-Key")
    minqing_aliyun_url: HttpUrl = Field(default=HttpUrl("https://dysmsapi.aliyuncs.com"), description="aliyun: host")
    minqing_aliyun_key_id: str = Field(default="", description="aliyun: AccessKey id")
    minqing_aliyun_key_secret: SecretStr = Field(default=SecretStr(""), description="aliyun: AccessKey secret")
    minqing_aliyun_sign_name: str = Field(default="", description="aliyun: approved signature")
    minqing_aliyun_templates: dict[str, str] = Field(default_factory=dict, description="aliyun: JSON, kind → SMS_…")
    minqing_wechat_app_id: str = Field(default="", description="mini program; sets WeChat in use")
    minqing_wechat_app_secret: SecretStr = Field(default=SecretStr(""), description="its secret")
    minqing_wechat_url: HttpUrl = Field(default=HttpUrl("https://api.weixin.qq.com"), description="host")
    minqing_wechat_page: str = Field(default="", description="page of the mini program that a message opens")
    minqing_wechat_state: Literal["formal", "trial", "developer"] = Field(default="formal", description="its version")
    minqing_wechat_templates: dict[str, WeChatTemplate] = Field(
        default_factory=dict, description='JSON, kind → {"id": "…", "data": {"thing1": "title"}}'
    )
    minqing_dingtalk_app_key: str = Field(default="", description="app; sets DingTalk in use")
    minqing_dingtalk_app_secret: SecretStr = Field(default=SecretStr(""), description="its secret")
    minqing_dingtalk_agent_id: int = Field(default=0, description="agent id of the app (public DingTalk)")
    minqing_dingtalk_tenant_id: str = Field(default="", description="浙政钉 / 专有钉钉 instead: the tenant's id")
    minqing_dingtalk_url: HttpUrl = Field(default=HttpUrl("https://oapi.dingtalk.com"), description="host")

    minqing_mqtt_url: str = Field(
        default="", description="broker that tells exchange machines to ask at once (mqtts://host:8883)"
    )
    minqing_mqtt_user: str = Field(default="minqing", description="account at the broker")
    minqing_mqtt_password: SecretStr = Field(default=SecretStr(""), description="its password")
    minqing_mqtt_ca: str = Field(
        default="", description="file of the authority that signed the broker's certificate; unset: those of the system"
    )

    @field_validator("minqing_mqtt_url")
    @classmethod
    def sealed(cls, given: str) -> str:
        """A password goes over that line: without TLS only on this computer."""
        found = BROKER.fullmatch(given)
        if given and (found is None or int((found[3] or ":1")[1:]) not in range(1, 65_536)):
            raise ValueError("write it like mqtts://broker.county.gov.cn:8883; mqtt:// only for one on 127.0.0.1")
        return given

    @model_validator(mode="after")
    def complete(self) -> Carriers:
        """Raises ValueError, naming settings and never their values."""
        needs = {
            "minqing_smtp_host": ["minqing_mail_from"],
            "minqing_wechat_app_id": ["minqing_wechat_app_secret"],
            "minqing_dingtalk_app_key": ["minqing_dingtalk_app_secret"],
            "minqing_mqtt_url": ["minqing_mqtt_password"],
        }
        if self.minqing_sms == "json":
            needs["minqing_sms"] = ["minqing_sms_url"]
        if self.minqing_sms == "aliyun":
            needs["minqing_sms"] = ["minqing_aliyun_key_id", "minqing_aliyun_key_secret", "minqing_aliyun_sign_name"]
        for first, others in needs.items():
            missing = [name.upper() for name in others if getattr(self, first) and not given(getattr(self, name))]
            if missing:
                raise ValueError(f"{first.upper()} is set, so set {', '.join(missing)} too")
        return self

    def carriers(self) -> dict[str, object]:
        """``settings.NOTIFY``: the same without the prefix, in the open."""
        return {name.removeprefix(PREFIX): plain(getattr(self, name)) for name in Carriers.model_fields}


def given(value: object) -> bool:
    return bool(plain(value))


def plain(value: object) -> object:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, BaseModel):
        return value.model_dump()
    if value is None:
        return ""
    return value if isinstance(value, (str, int)) else str(value).rstrip("/")
