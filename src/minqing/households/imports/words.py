"""Words that clerks write in household tables, and what they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from minqing.core.sheets.meanings import meanings
from minqing.households.enums import RELATION_LABELS, SEX_LABELS, Relation, Sex

_SEXES: Mapping[Sex, tuple[str, ...]] = {
    Sex.MALE: ("男", "男性", "1", "M"),
    Sex.FEMALE: ("女", "女性", "2", "F"),
    Sex.UNKNOWN: ("未知", "不详", "0", "9"),
}

# 儿媳 and 女婿 are family, but none of the relations that the file tells apart
_RELATIONS: Mapping[Relation, str] = {
    Relation.HEAD: "户主 本人 户主本人 本人或户主",
    Relation.SPOUSE: "配偶 妻 夫 妻子 丈夫 爱人 老婆 老公",
    Relation.SON: "子 儿子 长子 次子 三子 四子 独生子 养子 继子 大儿子 二儿子 小儿子",
    Relation.DAUGHTER: "女 女儿 长女 次女 三女 四女 独生女 养女 继女 大女儿 二女儿 小女儿",
    Relation.PARENT: "父母 父 母 父亲 母亲 爸爸 妈妈 岳父 岳母 公公 婆婆 养父 养母 继父 继母",
    Relation.GRANDCHILD: "孙辈 孙 孙子 孙女 长孙 长孙女 外孙 外孙子 外孙女 孙子女 曾孙 曾孙女",
    Relation.SIBLING: "兄弟姐妹 兄 弟 姐 妹 哥哥 弟弟 姐姐 妹妹 兄弟 姐妹",
    Relation.OTHER: "其他 其它 儿媳 儿媳妇 媳妇 女婿 祖父 祖母 爷爷 奶奶 侄子 侄女 外甥 外甥女 "
    "非亲属 寄住 租客 亲属 其他亲属",
}


@cache
def relations() -> Mapping[str, Relation]:
    return meanings(RELATION_LABELS, {relation: words.split() for relation, words in _RELATIONS.items()})


@cache
def sexes() -> Mapping[str, Sex]:
    return meanings(SEX_LABELS, _SEXES)


BETWEEN_TAGS = re.compile(r"[、，,;；|/\s]+")
