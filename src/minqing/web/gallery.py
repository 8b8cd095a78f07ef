"""The parts of the design system as they are, a page each, in light, dark, large print and narrow.

In a demonstration alone; what it shows is made up and stands in Chinese, like the demonstration's people.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from minqing.core.room import Gate, Patterns
from minqing.web.forms import BootstrapFormMixin, DayField
from minqing.web.paging import Total
from minqing.web.samples import samples
from minqing.web.ticking import WHOLE, Whole, ticked_in, ticked_whole, wants_whole
from minqing.web.undo import done

NAMES = (
    "市交通运输局",
    "市公安局交通警察大队",
    "溪口镇集体资产办",
    "市水务集团",
    "市民政局",
    "市住建局",
    "市农业农村局",
    "市供电公司",
    "溪口镇村镇办",
    "溪口镇平安办",
    "溪口镇农办",
    "溪口镇民政办",
    "单家村",
    "重庆路社区",
    "溪口镇卫生院",
)
# so many more than stand there are found
MANY: Final = 46
UNITS = [(str(number), name) for number, name in enumerate(NAMES, 1)]
ROWS = (
    ("前梅坑村机耕路塌了半边", "祠堂路", "道路 → 市交通运输局", "连日下雨，机耕路外侧塌了半米宽，三轮车过不去。"),
    ("西水碓村自来水水压低", "茶山路", "市政设施 → 市水务集团", "早晚用水的时候，二楼放不出水。"),
    ("想问老年食堂什么时候开", "西水碓村", "没有建议，请您定", "去年说今年开，村里老人都在问。"),
    ("桥头路灯不亮", "东石桥村", "路灯 → 市供电公司", "桥头两盏灯坏了三天，晚上走路看不见。"),
)


@dataclass(frozen=True, slots=True)
class Component:
    """One page of the gallery."""

    template: str
    label: str
    note: str

    @property
    def name(self) -> str:
        return self.template.rpartition("/")[2].removesuffix(".html")


COMPONENTS: Final = tuple(
    Component(*said)
    for said in (
        ("web/design/buttons.html", "按钮和标签", "一屏只有一个实心的。名字说做什么，不说“确定”。"),
        ("web/design/rows.html", "两行的行", "第一行是事，第二行是哪里、给谁，右边一个时间。"),
        ("web/design/split.html", "列表和预览", "宽 1200 以上并排；窄了就是两页。J K 上下，X 勾选，回车打开。"),
        ("web/design/bulk.html", "批量条和撤销", "勾了第一件就升起；做完一条消息，10 秒内可撤，指着它就停住。"),
        ("web/design/choose.html", "边打边选", "汉字、拼音、首字母都认；能选几个时变成小块；没有脚本就是原生下拉。"),
        ("web/design/files.html", "选文件", "选了就看得见：小图、大小、去掉；不行的说为什么。"),
        ("web/design/layers.html", "对话框、菜单和底板", "改不回来的才问；菜单是 details；手机从底下出来。"),
        ("web/design/tabs.html", "页签", "左右键换；没有脚本就都排在下面。"),
        ("web/design/days.html", "从哪天到哪天", "常用的一按就好。"),
        ("web/design/empty.html", "空的和等的", "空了说好消息和下一步；等过 300 毫秒才出骨架。"),
        ("web/design/figures.html", "数字块和地图", "数、比上期、走势；区域里写名和数。"),
    )
)
BY_NAME: Final = {one.name: one for one in COMPONENTS}


class GalleryForm(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares the field class as None
    unit = forms.ChoiceField(label="主办单位", choices=[("", "选一个单位"), *UNITS], required=False)
    partners = forms.MultipleChoiceField(
        label="协办单位", choices=[("市级", UNITS[:8]), ("溪口镇", UNITS[8:])], required=False
    )
    phone = forms.CharField(label="电话", help_text="只用来告诉您办得怎么样。")
    since = DayField(label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = DayField(label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}))


View = Callable[..., HttpResponse]


def in_the_demo(view: View) -> View:
    """Elsewhere there is no such page."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return shown


def component(name: str) -> Component:
    if name not in BY_NAME:
        raise Http404
    return BY_NAME[name]


@in_the_demo
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "web/design/index.html", {"components": COMPONENTS})


@csp_update({"frame-src": [SELF]})
@in_the_demo
@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One part in its variants, each a page of its own beside the others."""
    return render(request, "web/design/page.html", {"one": component(name), "components": COMPONENTS})


@csp_replace({"frame-ancestors": [SELF]})
@xframe_options_sameorigin
@in_the_demo
@require_safe
def bare(request: HttpRequest, name: str) -> HttpResponse:
    """The part alone, as a page that the desk's own style and script make; ``?theme=dark``, ``?text=large``."""
    one, asked = component(name), request.GET
    if wants_whole(request):
        return ticked_whole(request, range(MANY), lambda rows: [str(row) for row in rows], most=MANY)
    request.COOKIES |= {"theme": asked.get("theme", ""), "text_size": asked.get("text", "")}
    chosen = asked.get("row", "")
    context = {
        "one": one,
        "form": GalleryForm({"phone": ""} if "errors" in asked else None, initial={"partners": ["9", "4"]}),
        "rows": list(enumerate(ROWS)),
        "chosen": ROWS[int(chosen)] if chosen.isascii() and chosen.isdigit() and int(chosen) < len(ROWS) else None,
        "place": chosen,
        "samples": samples(),
        "whole": Whole(f"{request.path}?{WHOLE}=1", Total(MANY)),
        "act": f"{reverse('design:act')}?{request.META.get('QUERY_STRING', '')}",
        "ways": (("办理单", "#print"), ("交办单", "#print")),
    }
    beside = request.headers.get("HX-Target") == "view"
    return render(request, "web/design/preview.html" if beside else "web/design/bare.html", context)


@csp_replace({"frame-ancestors": [SELF]})
@in_the_demo
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Does nothing and says so, with a way back."""
    here = f"{reverse('design:bare', args=['bulk'])}?{request.META.get('QUERY_STRING', '')}"
    if "back" in request.POST:
        messages.success(request, "已撤销。")
    else:
        number = len({*ticked_in(request.POST)})
        done(request, f"已交办 {number} 件", undo=request.get_full_path(), back=1)
    return redirect(here)


def patterns(gate: Gate) -> Patterns:
    return [
        path("", gate(index), name="index"),
        path("act", gate(act), name="act"),
        path("<slug:name>/", gate(page), name="page"),
        path("<slug:name>/bare", gate(bare), name="bare"),
    ], "design"
