"""What ``minqing doctor`` says of what the operator sets: the keys and the address."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from minqing.config.env import env
from minqing.config.words import N_, _
from minqing.core.health import Finding

ANSWER_SECONDS = 2


def keys_fit() -> Finding:
    from minqing.config.preflight import WHAT_TO_DO, where
    from minqing.privacy.key_prints import noted_prints, own_prints, unfit_keys

    wrong = unfit_keys()
    seen = ", ".join(_("{where} is not").format(where=where(name)) for name in wrong)
    unnoted = sorted(own_prints().keys() - noted_prints().keys())
    fine = (
        _("not noted yet: {unnoted}").format(unnoted=", ".join(unnoted)) if unnoted else _("those it was written with")
    )
    return Finding(
        N_("keys of this database"), not wrong, seen or fine, "\n".join(_(WHAT_TO_DO[name]) for name in wrong)
    )


def address() -> Finding:
    """Where people reach the pages, and whether the running server answers to that name."""
    from minqing.config.refusals import refused_hosts
    from minqing.config.rooms import sample
    from minqing.web.public_origin import has_public_origin

    settings = env()
    parts = urlsplit(settings.origin)
    lately = refused_hosts()
    if has_public_origin():
        seen = settings.origin
    elif sample().here():
        seen = _("{origin}: a demo; its plates and slips are samples").format(origin=settings.origin)
    else:
        seen = _("not set: no plates and slips are printed")
    if lately:
        seen += _("; asked for and not answered: {lately}").format(lately=", ".join(lately))
    # this machine's own name is always answered: what refuses it at the usual port is somebody else's
    if settings.minqing_origin and refuses(settings.port, parts.netloc):
        told = _("the running server refuses {netloc}").format(netloc=parts.netloc)
        return Finding(N_("address"), False, told, _("Start it again: minqing up"))
    carriers = any(settings.carriers().get(name) for name in ("smtp_host", "sms", "wechat_app_id", "dingtalk_app_key"))
    return Finding(
        N_("address"),
        has_public_origin() or not carriers,
        seen,
        _("Messages carry links: set MINQING_ORIGIN to the address that people reach (https://…) and start again"),
    )


def refuses(port: int, host: str) -> bool:
    """Whether a server on the port answers 400 to that name; one that does not run refuses nothing."""
    connection = HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status == 400
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
