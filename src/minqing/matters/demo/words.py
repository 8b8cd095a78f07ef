"""What is told, answered and written about made-up matters: stories from ``stories.yaml``, and words for any. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

import yaml

BACK = "不属于本单位职责，建议转相关部门办理。"
NOT_SOLVED = "过了几天又坏了，请再来看看。"
PART = "请派人到现场核实，并就本单位职责范围内的部分提出处理意见。"
PART_REPLY = "已派人到现场核实，本单位负责的部分已处理完毕。"
ORDER = "此事久拖未决，请主办单位一周内拿出方案，按时报告进展，直到彻底解决。"
REPORT = "已会同有关单位到现场核实，方案初步形成，下周开工。"
WAITS = {
    "reporter": "等待您补充材料，收到后马上继续办理。",
    "season": "眼下正值雨季，待天晴后施工。",
    "third_party": "等待第三方检测报告，出结果后继续办理。",
}
MORE_TIME = "需要上级部门联合勘察，原定期限不够。"
SAME = "与另一事项为同一起因，合并办理，一并答复。"
NOT_OURS = "所反映事项已进入诉讼程序，不属于本级职责，请向受理法院咨询。"
APPEAL = "案子早已撤诉，这件事还是该镇里管。"


@dataclass(frozen=True)
class Story:
    """Something that people tell, at any of its places. ``when``: it belongs to rain or to nights."""

    category: str
    title: str
    text: str
    said: str
    reply: str
    where: tuple[str, ...]
    thanks: tuple[str, ...]
    progress: tuple[str, ...]
    when: str = ""

    def told(self, random: Random) -> Tale:
        return Tale(self, random.choice(self.where))


@dataclass(frozen=True)
class Tale:
    """A story that happened somewhere."""

    story: Story
    where: str

    def words(self, of: str) -> str:
        """Its ``title``, ``text``, ``said`` or ``reply``."""
        words: str = getattr(self.story, of)
        return words.replace("{where}", self.where)


@cache
def stories() -> dict[str, Sequence[Story]]:
    """By first-level category; ``spot`` is what a village settles at once, ``court`` what lies before one."""
    text = (files("minqing.matters") / "demo" / "stories.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return {kind: [story_of(kind, given, one) for one in given["stories"]] for kind, given in read.items()}


def story_of(kind: str, given: dict[str, Any], one: dict[str, Any]) -> Story:
    return Story(
        category=one.get("of", kind),
        title=one["title"],
        text=one["text"],
        said=one["said"],
        reply=one["reply"],
        where=tuple(one["where"]),
        thanks=tuple(one["thanks"]),
        progress=tuple(given["progress"]),
        when=one.get("when", ""),
    )


# what an answer leaves over: its sentence, which the reporter reads
PARTLY = (
    "先解决了最急的一处，其余列入下月施工计划，完工前会再告诉您。",
    "已办妥本单位负责的部分，剩下的材料还在补，备齐后马上续办。",
    "临时措施已到位，彻底整治要等雨季过后。",
)
NOT_NOW = (
    "今年的项目资金已安排完，已列入明年计划，三月底前给您回话。",
    "需要先调整规划，已向上级提出，批复后再通知您。",
)
