"""Texts made to cost more than they are long, and where they can be put in: found by walking the code."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import signal
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

import minqing

MANY = 20
PLAIN = (
    "村里的路灯坏了三天，晚上走路看不见，请尽快派人来修理，谢谢。",
    "lu deng huai le qing pai ren xiu li ",
    "ludenghuaileqingpairenxiuli",
    "13800138000 0575-83012345 2026-09-30 ",
    "The lamp at the bridge is broken, please mend it. ",
)
UNITS = (
    " ", "\n", "\u3000", "a", "A", "1", "９", "0", ".", "-", "·", "张", "𠮷", "我叫", "我叫王小", "王主任", "电话", "(",
    "（", "[", "{", '"', "\\", "'", "a.", "a@", "a@b.", "a ", "1-", "1 ", "12.", "uai", "ang", "xian", "zh", "一号",
    "1号", "3栋", "浙A", "q:", "<a ", "%(a)s", "attribute[", "=", ",", ";", "、", "e", "1e", "\u200b", "\u202e", "阿·",
    "+", "/", "MQ-", "\U000e0100", "\ufdfa", "\u0300\u0323", "\uac00", "[a,",
)  # fmt: skip
ENDS = ("!", "b")
# below it the clock itself counts
FLOOR = 1e-4
# composition, commands, the made-up county, generated code; what draws, prints or signs takes no text apart
ASIDE = (
    ".migrations", ".cli", ".core.command", ".benches", ".demo", ".wsgi", ".settings", "__main__", ".printing",
    ".sheets.standard", ".documents.word", ".templatetags", ".htmx", ".navigation", ".keeping", ".rls", ".dossier",
    ".seal", ".signing", ".shipped",
)  # fmt: skip


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(minqing.__path__, "minqing."):
        if not any(part in found.name for part in ASIDE):
            yield importlib.import_module(found.name)


Work = Callable[[str], Any]
USES = ("match", "fullmatch", "search", "findall", "finditer", "split", "sub", "subn")


def patterns() -> dict[str, tuple[re.Pattern[str], list[Work]]]:
    """Every pattern of the house by ``module:line``, and in which ways it is used there.

    One that is put together while running must be named below.
    """
    found: dict[str, tuple[re.Pattern[str], list[Work]]] = {}
    trees = {module: ast.parse(Path(str(module.__file__)).read_text()) for module in modules()}
    used = uses(trees.values())
    for module, tree in trees.items():
        named = {
            id(node.value): ast.unparse(node.targets[0]) for node in ast.walk(tree) if isinstance(node, ast.Assign)
        }
        named |= {
            id(node.value): ast.unparse(node.target) for node in ast.walk(tree) if isinstance(node, ast.AnnAssign)
        }
        for call in calls_of(tree, "re"):
            if (how := call.func.attr) not in {"compile", *USES}:  # type: ignore[attr-defined]
                continue
            made = made_of(call, how, module)
            if made is None or not isinstance(made.pattern, str):
                continue
            ways = used.get(named.get(id(call), "?"), {"finditer"}) if how == "compile" else {how}
            found[f"{module.__name__}:{call.lineno}"] = made, [way(made, one) for one in sorted(ways)]
    return found


def made_of(call: ast.Call, how: str, module: ModuleType) -> re.Pattern[str] | None:
    arguments = [ast.unparse(one) for one in call.args]
    flags = next((ast.unparse(one.value) for one in call.keywords if one.arg == "flags"), "0")
    place = {"compile": 1, "sub": 4, "subn": 4, "split": 3}.get(how, 2)
    flags = arguments[place] if len(arguments) > place else flags
    try:
        return re.compile(eval(arguments[0], vars(module)), eval(flags, vars(module)))  # noqa: S307
    except NameError:
        assert module.__name__ in COMPOSED, f"{module.__name__}:{call.lineno} is put together while running"
        return None


def calls_of(tree: ast.AST, of: str) -> Iterator[ast.Call]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == of:
            yield call


def uses(trees: Iterable[ast.AST]) -> dict[str, set[str]]:
    """How what has a name is asked anywhere in the house: ``_CODE`` → ``fullmatch``."""
    found: dict[str, set[str]] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in USES:
                found.setdefault(ast.unparse(node.value).rpartition(".")[2], set()).add(node.attr)
    return found


def way(pattern: re.Pattern[str], how: str) -> Work:
    if how in {"sub", "subn"}:
        return lambda text: pattern.sub("", text)
    if how == "finditer":
        return lambda text: list(pattern.finditer(text))
    return getattr(pattern, how)


# what they make is tried through the functions that use it: find with a known name, number and place; nfkc
COMPOSED = {"minqing.privacy.masking", "minqing.core.characters"}


# takes no text apart: every text as a picture
DRAWN = {"minqing.privacy.paper.qr_code"}


def parsers() -> dict[str, Work]:
    """Every function of the house that wants one text and nothing else, but those that draw it."""
    found = {}
    for module in modules():
        for name, function in vars(module).items():
            if not inspect.isfunction(inspect.unwrap(function)) or function.__module__ != module.__name__:
                continue
            given = inspect.signature(function).parameters.values()
            wanted = [one for one in given if one.default is one.empty and one.kind == one.POSITIONAL_OR_KEYWORD]
            if len(wanted) == 1 and str(wanted[0].annotation).startswith("str"):
                found[f"{module.__name__}.{name}"] = function
    assert found.keys() >= DRAWN
    for drawn in DRAWN:
        del found[drawn]
    return found


def general(length: int) -> Iterator[str]:
    for unit in UNITS:
        for end in ENDS:
            yield ((unit * (length // len(unit) + 1))[: length - len(end)] + end)


def against(pattern: re.Pattern[str], length: int) -> Iterator[str]:
    """Texts that follow ``pattern`` up to a repetition, repeat that, and then break off."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    made = dict.fromkeys((before, body) for before, body in repetitions(tree, ""))
    for before, body in made:
        for start in ("", before, before + "!"):
            for end in ENDS:
                room = max(length - len(start) - len(end), 0)
                yield start + (body * (room // len(body) + 1))[:room] + end
        both = before + body
        yield (both * (length // len(both) + 1))[:length]
        yield ((both + body * MANY) * (length // len(both) + 1))[:length]


def repetitions(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    """What stands before, and one round of the body, for each repetition without a small end."""
    for op, given in tree:
        name = str(op)
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            _least, most, body = given
            if most > MANY:
                yield from ((before, one) for one in samples(body) if one)
            yield from repetitions(body, before)
        elif name == "SUBPATTERN":
            yield from repetitions(given[3], before)
        elif name == "ATOMIC_GROUP":
            yield from repetitions(given, before)
        elif name == "BRANCH":
            for branch in given[1]:
                yield from repetitions(branch, before)
        elif name in {"ASSERT", "ASSERT_NOT"} and given[0] > 0:
            yield from repetitions(given[1], before)
        before += next(iter(samples([(op, given)])), "")


def samples(tree: Iterable[Any]) -> list[str]:
    """A few texts that fit ``tree``, look-arounds left out."""
    made = [""]
    for op, given in tree:
        made = [one + other for one in made for other in sample(str(op), given)][:12]
    return made


def sample(name: str, given: Any) -> list[str]:
    if name == "LITERAL":
        return [chr(given)]
    if name == "NOT_LITERAL":
        return ["a" if given != ord("a") else "b", " "]
    if name == "ANY":
        return ["a", "1", "张"]
    if name == "IN":
        return members(given)
    if name == "BRANCH":
        return [one for branch in given[1] for one in samples(branch)[:2]]
    if name == "SUBPATTERN":
        return samples(given[3])
    if name == "ATOMIC_GROUP":
        return samples(given)
    if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        least, _most, body = given
        return [one * max(least, 1) for one in samples(body)] + ([""] if least == 0 else [])
    return [""]


def members(given: Any) -> list[str]:
    negated = any(op is sre.NEGATE for op, _value in given)
    chosen = [" ", "a", "A", "1", "张", ".", "-", "\\", "·"]
    whole = parser.SubPattern(parser.State(), [(sre.IN, given)])
    fits = re._compiler.compile(whole)  # type: ignore[attr-defined]
    found = [one for one in chosen if fits.match(one)]
    own = [chr(value if op is sre.LITERAL else value[0]) for op, value in given if op in {sre.LITERAL, sre.RANGE}]
    return (found if negated else [*found, *own])[:5] or own[:1] or ["a"]


class TooLong(Exception):
    """A second of computing was not enough."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """The engine of patterns looks for signals while it works, so that one that would never end is stopped."""

    def stop(*_args: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def cost(work: Work, text: str) -> float:
    """Seconds of this thread's computing."""
    start = time.thread_time()
    try:
        with at_most(1):
            work(text)
    except TooLong:
        return float("inf")
    except Exception:  # noqa: S110  # a refusal is an answer; so is that there is no database here
        pass
    return time.thread_time() - start


def one_pass(text: str) -> None:
    """What any reader of a text does at the least: look at each character."""
    for character in text:
        unicodedata.category(character)


class Tried:
    """A parser or a way of using a pattern, and what plain texts cost it."""

    def __init__(self, work: Work, usual: Callable[[Iterable[float]], float]) -> None:
        self.work, self.usual = work, usual
        self.plain: dict[int, float] = {}

    def times(self, text: str) -> float:
        """How many times what a plain text of its length costs, measured once and roughly."""
        if len(text) not in self.plain:
            self.plain[len(text)] = self.usual(cost(self.work, one) for one in plain_texts(len(text)))
        return cost(self.work, text) / max(FLOOR, cost_of_a_look(len(text)), self.plain[len(text)])

    def times_for_sure(self, text: str, rounds: int = 7) -> float:
        """The same in turns, of each the least of ``rounds``; each time another end, past what is kept from before."""
        least: dict[str, float] = {}
        if cost(self.work, text) == float("inf"):
            return float("inf")
        for n in range(rounds):
            for one in (text, *plain_texts(len(text))):
                varied = one[:-1] + chr(0x4E00 + n) if n else one
                least[one] = min(least.get(one, float("inf")), cost(self.work, varied))
        own = least.pop(text)
        return own / max(FLOOR, cost_of_a_look(len(text)), self.usual(least.values()))

    def usable(self) -> bool:
        """Whether it gives an answer without a database."""
        try:
            self.work(PLAIN[0])
        except RuntimeError as error:
            return "Database access not allowed" not in str(error)
        except Exception:  # noqa: S110  # a refusal is an answer
            pass
        return True


def plain_texts(length: int) -> list[str]:
    return [(one * (length // len(one) + 1))[:length] for one in PLAIN]


@cache
def cost_of_a_look(length: int) -> float:
    return min(cost(one_pass, one) for _n in range(5) for one in plain_texts(length))
