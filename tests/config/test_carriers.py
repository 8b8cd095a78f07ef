"""The carriers' settings: what is half set up is told at the start, and no secret with it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from minqing.config.env import Env


@pytest.mark.parametrize(
    ("variables", "missing"),
    [
        ({"MINQING_SMTP_HOST": "mail"}, "MINQING_MAIL_FROM"),
        ({"MINQING_SMS": "json"}, "MINQING_SMS_URL"),
        ({"MINQING_SMS": "aliyun", "MINQING_ALIYUN_KEY_ID": "x"}, "MINQING_ALIYUN_KEY_SECRET"),
        ({"MINQING_WECHAT_APP_ID": "wx"}, "MINQING_WECHAT_APP_SECRET"),
        ({"MINQING_DINGTALK_APP_KEY": "k"}, "MINQING_DINGTALK_APP_SECRET"),
        ({"MINQING_SMS": "pigeon"}, "minqing_sms"),
        ({"MINQING_MQTT_URL": "mqtts://broker"}, "MINQING_MQTT_PASSWORD"),
        ({"MINQING_MQTT_URL": "mqtt://broker", "MINQING_MQTT_PASSWORD": "p"}, "minqing_mqtt_url"),
        ({"MINQING_MQTT_URL": "mqtts://broker:99999", "MINQING_MQTT_PASSWORD": "p"}, "minqing_mqtt_url"),
        ({"MINQING_SMS": "json", "MINQING_SMS_URL": "file:///etc/passwd"}, "minqing_sms_url"),
        ({"MINQING_WECHAT_TEMPLATES": '{"a.b": {"id": 1}}'}, "minqing_wechat_templates"),
    ],
)
def test_what_is_half_set_up_is_named(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], missing: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=missing):
        Env()


@pytest.mark.fault(130)
@pytest.mark.parametrize(
    "carrier",
    [
        {"MINQING_SMTP_HOST": "mail", "MINQING_MAIL_FROM": "a@b.cn"},
        {"MINQING_SMS": "json", "MINQING_SMS_URL": "https://gate.example"},
        {"MINQING_WECHAT_APP_ID": "wx", "MINQING_WECHAT_APP_SECRET": "s"},
        {"MINQING_DINGTALK_APP_KEY": "k", "MINQING_DINGTALK_APP_SECRET": "s"},
    ],
    ids=lambda one: next(iter(one)),
)
def test_what_carries_links_out_needs_an_address_that_leads_here(
    monkeypatch: pytest.MonkeyPatch, carrier: dict[str, str]
) -> None:
    for name, value in carrier.items():
        monkeypatch.setenv(name, value)
    for origin in ("", "http://127.0.0.1:8000", "http://localhost:9000"):
        monkeypatch.setenv("MINQING_ORIGIN", origin)
        with pytest.raises(ValidationError, match=f"{next(iter(carrier))} is set.*set MINQING_ORIGIN"):
            Env()
    monkeypatch.setenv("MINQING_ORIGIN", "https://minqing.county.example")
    assert Env().origin == "https://minqing.county.example"
    monkeypatch.delenv("MINQING_ORIGIN")
    monkeypatch.setenv("MINQING_DEMO", "1")
    assert Env().minqing_demo, "a demo sends samples with whatever address it has"


def test_settings_reach_the_carriers_and_secrets_stay_out_of_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINQING_ORIGIN", "https://minqing.county.example")
    monkeypatch.setenv("MINQING_SMS", "json")
    monkeypatch.setenv("MINQING_SMS_URL", "https://gate.example/sms/")
    monkeypatch.setenv("MINQING_SMS_TOKEN", "hush-hush")
    monkeypatch.setenv("MINQING_WECHAT_TEMPLATES", '{"a.b": {"id": "T", "data": {"thing1": "title"}}}')
    env = Env()
    assert "hush-hush" not in repr(env)
    found = env.carriers()
    assert (found["sms_url"], found["sms_token"]) == ("https://gate.example/sms", "hush-hush")
    assert found["wechat_templates"] == {"a.b": {"id": "T", "data": {"thing1": "title"}}}
    assert (found["smtp_port"], found["sms_repeats_safely"], found["dingtalk_agent_id"]) == (587, False, 0)


def test_without_settings_nothing_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Env().carriers()
    assert not any(found[name] for name in ("smtp_host", "sms", "wechat_app_id", "dingtalk_app_key"))
