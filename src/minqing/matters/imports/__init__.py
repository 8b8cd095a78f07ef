"""Tables of matters (:mod:`minqing.intake.kinds`): messages of a public board, and what a clerk hands in."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from minqing.core.formats import mask_phone
from minqing.intake.kinds import Choice, Column, Option, TableKind
from minqing.matters.imports.categories import KIND as CATEGORIES
from minqing.matters.imports.checking import Messages
from minqing.matters.imports.handed import HandedIn
from minqing.matters.imports.storing import FROM_LOADING, FROM_TABLE
from minqing.org.enums import Role

COLUMNS = (
    Column("number", ("留言编号", "编号"), True, _("Message number"), _("The board's own number."), "188006"),
    Column("user", ("留言用户", "用户"), False, _("User"), _("The name under which it was posted."), "A000102948"),
    Column("title", ("留言主题", "主题", "标题"), False, _("Subject"), "", "村口路灯不亮", None, True),
    Column("time", ("留言时间", "时间"), True, _("Time"), "", "2019/2/28 11:25:05", moment=True),
    Column("text", ("留言详情", "内容", "留言内容"), True, _("Text"), "", "村口路灯坏了三天。", None, True),
    Column("likes", ("点赞数", "点赞"), False, _("Likes"), "", "3"),
    Column("reply", ("答复意见", "答复内容", "回复"), False, _("Reply"), "", "已换新灯。", None, True),
    Column(
        "reply_time", ("答复时间", "回复时间"), False, _("Time of the reply"), "", "2019-03-05 09:00:00", moment=True
    ),
    Column("category", ("一级分类", "分类"), False, _("Category"), _("Empty: suggested from the text."), "交通运输"),
    Column(
        "area",
        ("区划编码", "所属区域", "乡镇", "乡镇街道"),
        False,
        _("Place"),
        _("Code of the township or village. Empty: the whole county."),
        "SH",
    ),
)
COUNTED_FROM = Choice(
    _("From when do the terms of these matters count?"),
    (
        Option(FROM_LOADING, _("From when they are loaded (usual)")),
        Option(
            FROM_TABLE,
            _("From the time in the table"),
            ngettext_lazy(
                "%(number)d matter is overdue as soon as it is loaded; it is reported upwards from the end of the next "
                "working day on.",
                "%(number)d matters are overdue as soon as they are loaded; they are reported upwards from the end of "
                "the next working day on.",
                "number",
            ),
        ),
    ),
    _("A term set by law counts from the time in the table in either case."),
)
MESSAGES = TableKind(
    code="messages",
    label=_("Messages of a public board"),
    explanation=_("One message a row, with the reply if there was one. They become matters with their history."),
    columns=COLUMNS,
    # the board is the whole county's: the operator brings it on the command line
    roles=frozenset(),
    open=Messages,
    event="matters.import.loaded",
    taken=_("This message number is in use outside your area. Ask the operator of your county."),
    choice=COUNTED_FROM,
)
HANDED_COLUMNS = (
    Column("title", ("标题", "主题", "事项标题", "事项名称"), False, _("Short title"), "", "村口路灯不亮", None, True),
    Column(
        "text",
        ("内容", "诉求内容", "事项内容", "反映内容", "问题描述"),
        True,
        _("What was said"),
        "",
        "村口路灯坏了三天。",
        None,
        True,
    ),
    Column(
        "village",
        ("村", "村社", "村居", "社区", "行政村", "所属村"),
        True,
        _("Village"),
        _("Name or code of the village."),
        "棠溪村",
        instead="place",
    ),
    Column(
        "place",
        ("地点", "具体地点", "详细地址", "地址", "位置", "事发地点", "所在地"),
        False,
        _("Exact place"),
        _("Without a column for the village its name stands at the beginning."),
        "棠溪村大会堂门口",
    ),
    Column("name", ("反映人", "姓名", "群众姓名", "诉求人"), False, _("Reporter"), "", "张国强"),
    Column(
        "phone",
        ("电话", "联系电话", "手机", "手机号", "反映人电话"),
        False,
        _("Telephone"),
        "",
        "13800000000",
        mask_phone,
    ),
    Column(
        "time",
        ("时间", "反映时间", "登记时间", "受理时间"),
        False,
        _("Time"),
        _("When it was said. Empty: now. Always with the year."),
        "2026-10-08 08:30",
        moment=True,
    ),
    Column("category", ("类别", "分类", "事项类别"), False, _("Category"), _("Empty: sorted by hand."), "道路"),
    Column(
        "number",
        ("来源编号", "编号", "工单号", "原编号"),
        False,
        _("Sender's number"),
        _("With it a row brought again is known again."),
        "SH-2026-018",
    ),
)
MATTERS = TableKind(
    code="matters",
    label=_("Matters"),
    explanation=_("One matter a row, as residents have told it. They wait to be sorted like all others."),
    columns=HANDED_COLUMNS,
    roles=frozenset({Role.CLERK.value}),
    open=HandedIn,
    event="matters.import.loaded",
    taken=_("This number is in use outside your area. Ask the operator of your county."),
    choice=COUNTED_FROM,
)
KINDS = (MESSAGES, MATTERS, CATEGORIES)
__all__ = ["KINDS"]
