"""What tells of a person in a text, found by form and by name, and covered. Pure.

A first pass for somebody who then reads: it finds numbers well, names only beside a word that announces them, and it
covers too much rather than too little. It does not make a text anonymous: who knows the place may know the story.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from django.utils.translation import gettext_lazy as _

from minqing.core.characters import DOT, HAN, RARE_HAN, UNSEEN, fold_name, narrow

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


# a known name may be a cover's own word, and would be found for ever
PASSES: Final = 5


class MaskedKind(StrEnum):
    """What was found."""

    NAME = "name"
    PHONE = "phone"
    IDENTITY = "identity"
    CARD = "card"
    EMAIL = "email"
    ACCOUNT = "account"
    PLATE = "plate"
    ADDRESS = "address"
    PLACE = "place"
    NUMBER = "number"

    @property
    def label(self) -> StrOrPromise:
        return KIND_LABELS[self]


KIND_LABELS: Final = {
    MaskedKind.NAME: _("name"),
    MaskedKind.PHONE: _("telephone number"),
    MaskedKind.IDENTITY: _("identity number"),
    MaskedKind.CARD: _("bank card"),
    MaskedKind.EMAIL: _("e-mail address"),
    MaskedKind.ACCOUNT: _("QQ or WeChat"),
    MaskedKind.PLATE: _("number plate"),
    MaskedKind.ADDRESS: _("house number"),
    MaskedKind.PLACE: _("name of a village"),
    MaskedKind.NUMBER: _("long number"),
}
# what stands in its place; a text that was masked before has nothing left to find
COVERS: Final = {
    MaskedKind.NAME: "某某",
    MaskedKind.PHONE: "【电话】",
    MaskedKind.IDENTITY: "【证件号】",
    MaskedKind.CARD: "【卡号】",
    MaskedKind.EMAIL: "【邮箱】",
    MaskedKind.ACCOUNT: "【账号】",
    MaskedKind.PLATE: "【车牌】",
    MaskedKind.ADDRESS: "某号",
    MaskedKind.PLACE: "某村",
    MaskedKind.NUMBER: "【号码】",
}
# these are told by their form alone, and have no business in anything published
CERTAIN: Final = frozenset(
    {MaskedKind.PHONE, MaskedKind.IDENTITY, MaskedKind.CARD, MaskedKind.EMAIL, MaskedKind.ACCOUNT, MaskedKind.NUMBER}
)

# the two hundred most frequent surnames, as 百家姓 and the censuses have them, and the compound ones in use
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜"
    "崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫段雷龙史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文施洪"
    "季裘裴章鲁葛韩娄俞竺袁倪虞屠楼童祝柯褚卫邢詹翁华戚柳甘齐梅庄辛管祁左耿关包路涂毕纪舒焦聂凌盛鲍费岑单应"
)
_COMPOUND = "欧阳|上官|司马|诸葛|皇甫|尉迟|公孙|慕容|令狐|夏侯|司徒|端木|东方|南宫|长孙"
# a character outside the common block hardly stands anywhere but in a name
SURNAME = rf"(?:{_COMPOUND}|[{_SURNAMES}{RARE_HAN}])"
_HAN = f"[{HAN}]"
# with which names of other languages are written, on both sides of the dot: 阿依古丽·买买提, 扎西·多吉, 卡尔·马克思
_SOUND = (
    "[阿艾爱安奥巴拜白班保贝本比毕别宾波伯布才仓措达丹旦德登邓迪地蒂丁顿多朵额恩尔法菲芬弗佛夫福富盖甘冈高戈哥格根贡古果哈海罕"
    "汉合赫黑亨胡华霍姬吉加佳嘉坚江杰金久卡凯坎康科克肯库拉莱兰朗劳勒雷蕾里力丽利莉廉列林琳留卢鲁路伦罗洛吕玛马买麦满曼茂梅蒙"
    "米密苗敏明摩莫默木穆那娜纳乃奈南尼妮宁努诺欧帕潘佩皮平珀普其奇齐恰强乔切钦琴青琼曲热仁日荣茹如瑞若萨塞赛桑色森沙莎珊尚"
    "申生圣诗什史舒斯苏孙索塔台泰坦汤塘特提田铁帖廷图吐托瓦万汪旺威韦维魏温文翁沃乌吾武西希肖夏香谢欣辛雄雅亚延央扬杨耶叶伊依"
    "衣益因英尤尤于玉约泽扎詹张哲珍芝志治智朱珠卓兹子孜尊迭冬次仲央玛姆顺晋谦熱阔孟邦巧]"
)
TITLES = (
    "先生|女士|小姐|大爷|大妈|大伯|大叔|大娘|阿姨|阿婆|奶奶|爷爷|师傅|老师|同志|书记|主任|村长|组长|医生|大夫|护士|院长|"
    "校长|老板|经理|局长|镇长|乡长|所长|科长|处长|警官|律师|队长|支书|会计|家门口|家里|家的"
)
_ANNOUNCED = (
    "我叫|名叫|姓名|户主|联系人|投诉人|反映人|举报人|报案人|当事人|负责人|法人代表|法定代表人|法人|嫌疑人|业主|村民|居民|"
    "邻居|村干部|村支书|村主任|村书记|包工头|老板|房东|丈夫|老公|妻子|老婆|儿子|女儿|父亲|母亲|哥哥|弟弟|姐姐|妹妹"
)
CALLED = rf"(?:{_ANNOUNCED})\s*+(?:(?:是|叫|为)\s*+)?(?::\s*+)?"
_DOTTED = re.compile(rf"{_SOUND}{{2,8}}(?:\s?·\s?{_SOUND}{{2,8}}){{1,3}}")
# words that begin like a surname and are none
NO_NAME = re.compile(
    "万元|方面|方式|方便|方案|向上|向您|向市|向有|常常|常年|于是|应该|应当|应有|任何|任意|文件|金额|关于|关系|管理|路口|"
    "路边|路面|包括|单位|高度|高速|高中|白天|江边|马上|马路|石头|水|时|成|都|和|等|与|及|的|是|在|已|不|有|要|们|小区|代表|"
    "委员|集体|全体|居住|反映|反应|要求|表示|投诉|希望|认为|应|向|易|尚|许多|许可|何时|何况|左右|毕业|包|关|管|严重|严格|"
    "经|常|方|温|华|盛|高|路|武|文|左|单|万|家"
)
# of a village, with which it is called as often as without
_PLACE_END = re.compile("(?:村|社区|居委会|村委会)$")
_DIGIT = "[0-9]"
_GAP = rf"[ \-‐–—·.{UNSEEN}]?"
# 2019-04-25 and 2019.4.25 are days
_NO_DAY = r"(?!(?:19|20)[0-9]{2}[\-./—][01]?[0-9][\-./—][0-3]?[0-9](?![0-9]))"
_NUMERAL = rf"(?:{_DIGIT}{{1,4}}[A-Za-z]?|[一二三四五六七八九十百]{{1,5}})"


def _run(least: int, most: int) -> str:
    """That many digits, with at most one sign between two of them."""
    return rf"(?<![0-9A-Za-z]){_NO_DAY}{_DIGIT}(?:{_GAP}{_DIGIT}){{{least - 1},{most - 1}}}(?![0-9])"


# the first that fits takes the place: what is more telling stands first
_FORMS: Final = (
    (
        MaskedKind.EMAIL,
        re.compile(r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]++\s?@\s?[A-Za-z0-9\-]++(?:\.[A-Za-z0-9\-]++)++"),
    ),
    (
        MaskedKind.ACCOUNT,
        re.compile(
            r"(?i)(?:qq群?|q群|微信号?|wechat|weixin|vx)\s*+(?:(?:号码|号|是|为)\s*+)?(?::\s*+)?"
            r"(?:[A-Za-z][\w\-]{5,19}|[0-9]{5,12})"
        ),
    ),
    (
        MaskedKind.IDENTITY,
        re.compile(
            rf"(?<![0-9A-Za-z]){_DIGIT}{{6}}{_GAP}(?:18|19|20){_DIGIT}{{6}}{_GAP}"
            rf"{_DIGIT}{{3}}[0-9Xx×](?![0-9])"
        ),
    ),
    (MaskedKind.CARD, re.compile(_run(16, 19))),
    (
        MaskedKind.PHONE,
        re.compile(
            rf"(?<![0-9])(?:\+?86{_GAP})?1[3-9](?:{_GAP}{_DIGIT}){{9}}(?![0-9])"
            rf"|(?<![0-9])\(?0{_DIGIT}{{2,3}}\)?{_GAP}{_DIGIT}{{3,4}}{_GAP}{_DIGIT}{{4}}"
            rf"(?![0-9])|(?<![0-9])[48]00{_GAP}{_DIGIT}{{3,4}}{_GAP}{_DIGIT}{{3,4}}(?![0-9])"
            rf"|(?:电话|手机|座机|热线|拨打)[^0-9,。;\n]{{0,6}}{_DIGIT}{{7,8}}(?![0-9])"
        ),
    ),
    (
        MaskedKind.PLATE,
        re.compile(
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼楚西][A-Z][·\s]?"
            r"(?=[A-Z0-9]*[0-9])[A-Z0-9]{5,6}(?![A-Za-z0-9])"
        ),
    ),
    (MaskedKind.NUMBER, re.compile(_run(7, 30))),
    (MaskedKind.NUMBER, re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,4}[0-9]{7,}(?![0-9])")),
    (
        MaskedKind.ADDRESS,
        re.compile(
            rf"(?<![月〔\[(第0-9])(?:{_NUMERAL}(?:号楼|栋|幢|单元)|{_DIGIT}{{1,3}}座)"
            rf"(?:{_NUMERAL}(?:单元|栋|幢|楼|层|号|室|房|户)?)*"
            rf"|(?<=[路街巷弄道村庄里苑园区组队])\s?{_NUMERAL}(?:号|弄)(?!线|文|令|公告|地铁)"
            rf"(?:附?{_NUMERAL}(?:号|单元|栋|幢|楼|层|室|房|户)?)*"
            rf"|(?<![0-9]){_DIGIT}{{3,4}}(?:室|房)(?![价屋产地])"
        ),
    ),
)
_NAMES: Final = (
    re.compile(rf"{CALLED}(?P<name>{SURNAME}{_HAN}{{1,2}})(?!{_HAN}{{0,8}}?(?:小组|委会))"),
    re.compile(rf"(?P<name>{SURNAME}{_HAN}{{0,2}}?)(?:{TITLES})"),
    # announced, a name with a dot may have any characters
    re.compile(rf"{CALLED}(?P<name>{_HAN}{{1,8}}(?:\s?·\s?{_HAN}{{1,3}}){{1,3}})"),
    re.compile(rf"(?:本人|我)(?P<name>{SURNAME}{_HAN}{{1,2}})(?=[,。、;(:\s])"),
)


class Found(NamedTuple):
    """A place in the text, from ``start`` to before ``end``."""

    kind: MaskedKind
    start: int
    end: int


@dataclass(frozen=True)
class Masked:
    """The covered text and how many of each kind were found."""

    text: str
    found: Counter[MaskedKind]


def find_personal(
    text: str, *, names: Iterable[str] = (), phones: Iterable[str] = (), places: Iterable[str] = ()
) -> list[Found]:
    """What tells of a person in ``text``, in its order, without overlaps.

    ``names``, ``phones`` and ``places`` are known ones (of the reporter, of the household, of its village): found
    wherever they stand, a village also without its ending.
    """
    text = narrow(text)
    kept: list[Found] = []
    taken = bytearray(len(text))
    for one in found_one_by_one(text, names, phones, places):
        if taken.find(1, one.start, one.end) < 0:
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def found_one_by_one(text: str, names: Iterable[str], phones: Iterable[str], places: Iterable[str]) -> Iterator[Found]:
    """What tells most first; the first that fits takes the place."""
    yield from known_words(text, names, phones)
    yield from villages(text, places)
    for kind, pattern in _FORMS:
        for match in pattern.finditer(text):
            yield Found(kind, *match.span())
    for match in _DOTTED.finditer(text):
        yield Found(MaskedKind.NAME, *match.span())
    for pattern in _NAMES:
        for match in pattern.finditer(text):
            name = match["name"]
            # one character before a title is a surname; of a longer one what follows must look like a name
            if len(name) == 1 or DOT in name or (not NO_NAME.match(name) and not NO_NAME.match(name[1:])):
                yield Found(MaskedKind.NAME, *match.span("name"))


def known_words(text: str, names: Iterable[str], phones: Iterable[str]) -> Iterable[Found]:
    for name in sorted({form for one in names for form in forms_of(fold_name(one))}, key=len, reverse=True):
        yield from (Found(MaskedKind.NAME, *match.span()) for match in re.finditer(spaced(name), text))
    for phone in {re.sub(r"\D", "", narrow(one)) for one in phones}:
        if len(phone) >= 5:
            yield from (Found(MaskedKind.PHONE, *match.span()) for match in re.finditer(spaced(phone), text))


def forms_of(name: str) -> list[str]:
    """A name with a dot is written without it as well, and people are called by its first part."""
    parts = name.split(DOT)
    return [one for one in dict.fromkeys(["".join(parts), *parts[:1]]) if len(one) >= 2]


def villages(text: str, places: Iterable[str], *, whole: bool = False) -> Iterable[Found]:
    """Where a place is named; unless ``whole`` also without its ending, as people call it."""
    for place in sorted({fold_name(one) for one in places} - {""}, key=len, reverse=True):
        stem = place if whole else _PLACE_END.sub("", place)
        form = spaced(place) if len(stem) < 2 else f"{spaced(stem)}(?:{place[len(stem) :]})?"
        yield from (Found(MaskedKind.PLACE, *match.span()) for match in re.finditer(form, text))


def spaced(word: str) -> str:
    """The word with at most three signs between its characters: ``张 三``, ``138-0013-8000``."""
    return rf"[\s\-‐–—·.*{UNSEEN}]{{0,3}}".join(re.escape(character) for character in word)


def mask(text: str, *, names: Iterable[str] = (), phones: Iterable[str] = (), places: Iterable[str] = ()) -> Masked:
    """``text`` with everything that :func:`find` finds covered by a word that says what was there."""
    counted: Counter[MaskedKind] = Counter()
    # what stood between two finds may become one when they are covered
    for again in range(PASSES):
        found = find_personal(text, names=names, phones=phones, places=places)
        if again:
            # 任某某主任 is what covering made of 王主任王主任: nobody is called that
            found = [one for one in found if COVERS[MaskedKind.NAME] not in text[one.start : one.end]]
        if not found:
            break
        counted.update(one.kind for one in found)
        text = covered(text, found)
    return Masked(text, counted)


def covered(text: str, found: Iterable[Found]) -> str:
    parts, at = [], 0
    for one in found:
        parts += [text[at : one.start], COVERS[one.kind]]
        at = one.end
    return "".join([*parts, text[at:]])


def left(
    text: str, *, names: Iterable[str] = (), phones: Iterable[str] = (), places: Iterable[str] = ()
) -> list[MaskedKind]:
    """What must not be published and still stands in ``text``: certain forms, and what is known of who and where."""
    kinds = {one.kind for one in find_personal(text) if one.kind in CERTAIN}
    text = narrow(text)
    # a village's name without its ending may be a word of every day
    kinds |= {one.kind for one in [*known_words(text, names, phones), *villages(text, places, whole=True)]}
    return [kind for kind in MaskedKind if kind in kinds]
