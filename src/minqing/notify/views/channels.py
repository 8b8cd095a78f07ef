"""The operator's pages of what carries messages out of the house: how each works, a test, another try."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minqing.core import clock
from minqing.core.errors import DomainError, NotFound, TwoTexts
from minqing.notify import carriers
from minqing.notify.enums import Channel, State
from minqing.notify.forms import TestForm
from minqing.notify.queries import job, tested
from minqing.notify.queries.channels import Shown, channels_shown, reasons
from minqing.notify.services import send_test, try_again
from minqing.notify.tasks import deliver_soon
from minqing.notify.words import why
from minqing.privacy.access import acting_as
from minqing.web.htmx import partial
from minqing.web.query_params import id_of

# what whoever sets it up has to get first, and from whom
NEEDS = {
    Channel.WECHAT: _("Needed: an official account of the county with its AppID, secret and templates."),
    Channel.DINGTALK: _("Needed: an application in DingTalk with its key, secret and number, from who looks after it."),
    Channel.SMS: _("Needed: a signature, a template and an access key, all from the company that sends the messages."),
    Channel.EMAIL: _("Needed: a mail server with its address, an account there and its password."),
}
# how the lines are called that whoever set the server up writes into its settings, and what stands behind them
SETTINGS = {
    Channel.WECHAT: (
        ("MINQING_WECHAT_APP_ID", _("AppID")),
        ("MINQING_WECHAT_APP_SECRET", _("its secret")),
        ("MINQING_WECHAT_TEMPLATES", _("the number of a template for each kind of notice")),
    ),
    Channel.DINGTALK: (
        ("MINQING_DINGTALK_APP_KEY", _("key of the application")),
        ("MINQING_DINGTALK_APP_SECRET", _("its secret")),
        ("MINQING_DINGTALK_AGENT_ID", _("number of the application")),
    ),
    Channel.SMS: (
        ("MINQING_SMS", _("“aliyun”, or “json” for a gateway of your own")),
        ("MINQING_ALIYUN_KEY_ID", _("access key")),
        ("MINQING_ALIYUN_KEY_SECRET", _("its secret")),
        ("MINQING_ALIYUN_SIGN_NAME", _("signature")),
        ("MINQING_ALIYUN_TEMPLATES", _("the number of a template for each kind of notice")),
    ),
    Channel.EMAIL: (
        ("MINQING_SMTP_HOST", _("address of the mail server")),
        ("MINQING_SMTP_USER", _("account")),
        ("MINQING_SMTP_PASSWORD", _("password")),
        ("MINQING_MAIL_FROM", _("sender")),
    ),
}
UNDER_WAY = frozenset({State.QUEUED, State.SENDING})


@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    return render(request, "notify/channels.html", {"rows": channels_shown(clock.now())})


def channel_or_404(code: str) -> Shown:
    found = next((one for one in channels_shown(clock.now()) if one.channel.value == code), None)
    if found is None:
        raise NotFound("channel")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def channel(request: HttpRequest, code: str) -> HttpResponse:
    """One channel; POST sends a test message, of which the page then says what became of it."""
    one = channel_or_404(code)
    set_up = one.channel in carriers.channels()
    form = TestForm(request.POST if request.method == "POST" else None, channel=one.channel)
    if request.method == "POST" and form.is_valid() and (test := sent(form, one.channel, request)):
        deliver_soon()
        return redirect(f"{request.path}?test={test}")
    context = {
        "one": one,
        "set_up": set_up,
        "needs": NEEDS[one.channel],
        "settings": SETTINGS[one.channel],
        "reasons": reasons(one.carried.codes),
        "certain": one.carried.held_up - one.carried.unsure,
        "form": form,
        "test": became(id_of(request.GET, "test")),
    }
    return partial(request, "notify/channel.html", "test", context, status=422 if form.errors else 200)


def sent(form: TestForm, channel: Channel, request: Any) -> UUID | None:
    """The id of the test message; None where the form now says what is wrong with the address."""
    data = form.cleaned_data
    try:
        return send_test(
            id=data["request_id"],
            channel=channel,
            address=data["address"],
            language=get_language() or settings.LANGUAGE_CODE,
            by=request.actor,
        )
    except TwoTexts:
        raise
    except DomainError as error:
        form.add_error("address", str(error.sentence))
        return None


def became(notice: UUID | None) -> dict[str, object] | None:
    """What became of a test message so far."""
    if notice is None:
        return None
    with acting_as(job()):
        row = tested(notice)
    if row is None:
        return None
    return {"under_way": row.state in UNDER_WAY, "sent": row.state == State.SENT, "why": why(row.error)}


@require_POST
def again(request: Any, code: str) -> HttpResponse:
    """Another try of what is held up, as the operator has mended what held it up."""
    one = channel_or_404(code)
    count = try_again(channel=one.channel, unsure="unsure" in request.POST, by=request.actor)
    deliver_soon()
    told = ngettext("%(count)d message is tried again now.", "%(count)d messages are tried again now.", count)
    messages.success(request, told % {"count": count})
    return redirect("channels:channel", code=code)
