"""The table of a public message board (:mod:`minqing.intake.kinds`): messages, and the replies they got."""

from django.utils.translation import gettext_lazy as _

from minqing.intake.kinds import Column, Kind
from minqing.matters.imports.checking import Messages

COLUMNS = (
    Column("number", ("留言编号", "编号"), True, _("Message number"), _("The board's own number."), "188006"),
    Column("user", ("留言用户", "用户"), False, _("User"), _("The name under which it was posted."), "A000102948"),
    Column("title", ("留言主题", "主题", "标题"), False, _("Subject"), "", "村口路灯不亮", None, True),
    Column("time", ("留言时间", "时间"), True, _("Time"), "", "2019/2/28 11:25:05"),
    Column("text", ("留言详情", "内容", "留言内容"), True, _("Text"), "", "村口路灯坏了三天。", None, True),
    Column("likes", ("点赞数", "点赞"), False, _("Likes"), "", "3"),
    Column("reply", ("答复意见", "答复内容", "回复"), False, _("Reply"), "", "已换新灯。", None, True),
    Column("reply_time", ("答复时间", "回复时间"), False, _("Time of the reply"), "", "2019-03-05 09:00:00"),
    Column("category", ("一级分类", "分类"), False, _("Category"), _("Empty: suggested from the text."), "交通运输"),
    Column("area", ("区划编码", "所属区域", "乡镇", "乡镇街道"), False, _("Place"),
           _("Code of the township or village. Empty: the whole county."), "SH"),
)  # fmt: skip
MESSAGES = Kind(
    code="messages",
    label=_("Messages of a public board"),
    explanation=_("One message a row, with the reply if there was one. They become matters with their history."),
    columns=COLUMNS,
    # the board is the whole county's: the operator brings it on the command line
    roles=frozenset(),
    open=Messages,
    event="matters.import.loaded",
    taken=_("This message number is in use outside your area. Ask the operator of your county."),
)
KINDS = (MESSAGES,)
__all__ = ["KINDS"]
