"""A gallery of all parts: for the browser tests, and to look at while working on the look."""

from __future__ import annotations

from django import forms
from django.db.transaction import non_atomic_requests
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.views.i18n import set_language

from minqing.core.errors import Conflict, DomainError, NotFound
from minqing.web import errors
from minqing.web.csp import scan_page
from minqing.web.forms import OnceForm, PlaceMixin, PublicForm
from minqing.web.gallery import patterns
from minqing.web.htmx import partial
from minqing.web.nav import NavItem, mark_active
from minqing.web.paging import page_of

NAV = [
    NavItem(label="工作台", url="/", icon="house-door"),
    NavItem(label="事项", url="/rows/", icon="clipboard-check"),
    NavItem(label="走访", url="/visits/", icon="journal-text"),
    NavItem(label="户", url="/households/", icon="house-heart"),
    NavItem(label="导入", url="/imports/", icon="file-earmark-arrow-up"),
    NavItem(label="报表", url="/reports/", icon="speedometer2"),
]


NAMES = (
    "市交通运输局", "市公安局交通警察大队", "溪口镇集体资产办", "市水务集团", "市民政局", "市住建局", "市农业农村局",
    "市供电公司", "溪口镇村镇办", "溪口镇平安办", "溪口镇农办", "溪口镇民政办", "单家村", "重庆路社区", "溪口镇卫生院",
)  # fmt: skip
UNITS = [(str(number), name) for number, name in enumerate(NAMES, 1)]


class MatterForm(PlaceMixin, OnceForm):
    title = forms.CharField(label="什么事", max_length=20, help_text="一句话说清楚，例如：村口路灯不亮。")
    text = forms.CharField(label="详细情况", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    kind = forms.ChoiceField(label="类别", choices=[("road", "道路"), ("water", "用水"), ("light", "路灯")])
    way = forms.ChoiceField(
        label="怎么办",
        choices=[("immediate", "即办"), ("joint", "联办"), ("supervised", "督办")],
        widget=forms.RadioSelect,
    )
    due = forms.DateField(label="期限", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    unit = forms.ChoiceField(label="主办单位", choices=[("", "选一个单位"), *UNITS], required=False)
    partners = forms.MultipleChoiceField(
        label="协办单位", choices=[("县级", UNITS[:8]), ("溪口镇", UNITS[8:])], required=False
    )
    urgent = forms.BooleanField(label="有危险，要马上处理", required=False)


class VoiceForm(PublicForm):
    text = forms.CharField(label="您想反映什么", widget=forms.Textarea)
    phone = forms.CharField(label="手机号", required=False, help_text="只用来告诉您办得怎么样。")


def gallery(request: HttpRequest) -> HttpResponse:
    form = MatterForm(request.POST or None, initial={"kind": "light"})
    if request.GET.get("errors"):
        form = MatterForm({"title": "字" * 30, "request_id": "00000000-0000-7000-8000-000000000000"})
    context = {
        "nav": mark_active(NAV, request.path),
        "form": form,
        "steps": [
            {"label": "受理", "state": "done"},
            {"label": "办理", "state": "now"},
            {"label": "群众确认", "state": "next"},
            {"label": "办结", "state": "next"},
        ],
        "page": page_of(range(120), request),
    }
    return render(request, "sample/gallery.html", context)


def rows(request: HttpRequest) -> HttpResponse:
    context = {"nav": mark_active(NAV, request.path), "page": page_of(range(120), request)}
    return partial(request, "sample/rows.html", "rows", context)


@scan_page
def resident(request: HttpRequest) -> HttpResponse:
    return render(request, "sample/resident.html", {"form": VoiceForm(request.POST or None)})


def send(request: HttpRequest) -> HttpResponse:
    """Counts what arrives, for the test of the double tap."""
    SENT.append(request.POST.get("request_id", ""))
    return HttpResponse("sent")


SENT: list[str] = []


def refuse(request: HttpRequest) -> HttpResponse:
    raise Conflict("matter_closed", "这件事已经办结。", matter="MQ-1")


def often(request: HttpRequest) -> HttpResponse:
    raise DomainError("rate_limited", "太频繁了，请稍后再试。", http_status=429, retry_after=7)


def hide(request: HttpRequest) -> HttpResponse:
    raise NotFound()


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("canary-broken")


VIEWS = {
    "": gallery,
    "rows/": rows,
    "resident/": resident,
    "send/": send,
    "refuse/": refuse,
    "often/": often,
    "api/refuse/": refuse,
    "hide/": hide,
    "broken/": broken,
}
# the gallery needs no database, so no transaction either
urlpatterns = [path(address, non_atomic_requests(view)) for address, view in VIEWS.items()]
urlpatterns += [
    path("design/", include(patterns(non_atomic_requests))),
    path("language", non_atomic_requests(set_language), name="set_language"),
    path("signout", non_atomic_requests(refuse), name="account_logout"),
]
handler400 = errors.bad_request
handler403 = errors.refused
handler404 = errors.not_found
handler500 = errors.server_error
