"""Small helpers for Chinese names and texts: pinyin for finding, safe file names, one line, bigrams, YAML."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any

import yaml

from minqing.core.characters import HAN, clean, nfkc, stream_safe
from minqing.core.surnames import COMPOUND, SINGLE

FILENAME_BYTES = 180
MOST_NESTED = 6
MOST_READINGS, MOST_LETTERS, LONGEST_SYLLABLE = 4, 30, 6
_BEGUN = re.compile("zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]")
_SYLLABLE = re.compile(
    "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:iang|iong|uang|iao|ian|uai|uan|ang|eng|ing|ong|ai|ei|ui|ao|ou|iu|ie|ue|ve|er|an|en|in|un|vn|ia|ua|uo|[aoeiuv])"
)
_RUNS = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)


def pinyin_full(name: str) -> str:
    """``单雄信`` → ``shanxiongxin``: the surname as a surname is read, no tones, ü as ``v`` as on keyboards.

    Letters and digits stay (lower case); a character without a known reading is left out.
    """
    return "".join(_syllables(name))


def pinyin_initials(name: str) -> str:
    """``诸葛亮`` → ``zgl``: what is typed to find a person."""
    return "".join(syllable[0] for syllable in _syllables(name))


# a page lists the same units and villages over and over
@lru_cache(maxsize=8192)
def typed_as(label: str) -> str:
    """How the Chinese characters of ``label`` are read, a syllable for each: ``A 单家`` → ``dan jia|shan jia``.

    Behind the bar as a person's name is read. Empty where there is nothing to read; ``-`` for what nobody can type.
    """
    name = "".join(re.findall(rf"[{HAN}]", label))
    if not name:
        return ""
    usual = _read(name, lambda run: ["-"] * len(run))
    named = [_surname(name).get(place, syllable) for place, syllable in enumerate(usual)]
    return " ".join(usual) if named == usual else f"{' '.join(usual)}|{' '.join(named)}"


def safe_filename(name: str) -> str:
    """A name that every file system takes, without any path: at most 180 bytes, the suffix kept.

    For the name shown at download. Where a file is stored must be a random name.
    """
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", stream_safe(name)))[-1]
    # Cf has the marks that turn the reading direction, with which exe.jpg can be shown for gpj.exe
    base = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") else c for c in base)
    base = " ".join(_FORBIDDEN.sub("_", base).split()).strip(". ")
    if _RESERVED.match(base):
        base = f"_{base}"
    stem, dot, suffix = base.rpartition(".")
    if not dot or len(suffix.encode()) > 16:
        stem, suffix = base, ""
    tail = f".{suffix}" if suffix else ""
    return (_cut_bytes(stem, FILENAME_BYTES - len(tail.encode())).rstrip(". ") or "file") + tail


def one_line(text: str, n: int) -> str:
    """``text`` on one line of at most ``n`` characters, the last of them ``…`` if something was cut."""
    line = " ".join(clean(text).split())
    return line if len(line) <= n else line[: max(n - 1, 0)].rstrip() + "…"


def bigrams(text: str) -> list[str]:
    """Neighbouring pairs of Chinese characters, whole words of other scripts; each once, in order.

    A lone Chinese character stands for itself. ``长乐镇 A12`` → ``长乐 乐镇 a12``.
    """
    found: dict[str, None] = {}
    for run in _RUNS.findall(nfkc(text).lower()):
        if re.match(rf"[{HAN}]", run) and len(run) > 1:
            found.update(dict.fromkeys(a + b for a, b in pairwise(run)))
        else:
            found[run] = None
    return list(found)


def syllables(text: str) -> list[list[str]]:
    """How running text is read, one list for each run of Chinese characters: ``路灯A3坏了`` → lu deng · huai le."""
    runs = re.findall(f"[{HAN}]+", nfkc(text))
    return [[one for one in _read(run) if one] for run in runs]


def readings(word: str) -> list[list[str]]:
    """The ways in which letters typed together fall into syllables, the longest first, at most four.

    ``xian`` → ``[xian], [xi, an]``; none where they do not. What could be a syllable counts as one, and the last one
    may be just begun.
    """
    if not word.isascii() or len(word) > MOST_LETTERS:
        return []
    ends = _ends(word)
    found: list[list[str]] = []

    def read(at: int, before: list[str]) -> None:
        if at == len(word):
            found.append(before)
        elif before and _BEGUN.fullmatch(word, at):
            found.append([*before, word[at:]])
        for end in ends[at]:
            # every end leads on to a reading, so the whole costs no more than the readings that are wanted
            if len(found) < MOST_READINGS:
                read(end, [*before, word[at:end]])

    read(0, [])
    return found[:MOST_READINGS]


def _ends(word: str) -> list[list[int]]:
    """Where a syllable that begins at each place may end, the longest first, as far as what follows can be read."""
    ends: list[list[int]] = [[] for _place in range(len(word) + 1)]
    whole = {len(word)}
    for at in reversed(range(len(word))):
        places = range(min(len(word), at + LONGEST_SYLLABLE), at, -1)
        ends[at] = [end for end in places if end in whole and _SYLLABLE.fullmatch(word, at, end)]
        if ends[at] or (at and _BEGUN.fullmatch(word, at)):
            whole.add(at)
    return ends


def _syllables(name: str) -> tuple[str, ...]:
    name = "".join(c for c in nfkc(name) if c.isalnum())
    surname = _surname(name)
    return (*surname.values(), *_given(name[len(surname) :]))


# given names come again and again, whole names hardly; those of a county are some ten thousand, and take 10 MB
@lru_cache(maxsize=1 << 16)
def _given(name: str) -> tuple[str, ...]:
    given = _read(name)
    return tuple(syllable.lower() for syllable in given if syllable)


def _read(text: str, unread: Callable[[str], Any] | None = None) -> list[str]:
    # its tables take half a second to load, without which a command that reads no names and a worker start
    from pypinyin import Style, lazy_pinyin

    found: list[str] = lazy_pinyin(text, style=Style.NORMAL, errors=unread or _other_script)
    return found


def _surname(name: str) -> dict[int, str]:
    """The readings of the surname's characters by place, as far as the tables have them."""
    # 单于 alone is rather Mr Shan than the Huns' king; the other compounds are never surname and name
    compound = COMPOUND.get(name[:2]) if len(name) > 2 or name != "单于" else None
    if compound:
        return dict(enumerate(compound.split()))
    single = SINGLE.get(name[:1])
    return {0: single} if single else {}


def _other_script(run: str) -> str:
    """pypinyin hands over what it cannot read: letters stay, a rare character has nothing to type."""
    return "".join(c for c in run if not re.match(rf"[{HAN}]", c))


def read_yaml(text: str) -> Any:
    """The YAML in a file that somebody hands in, without tags of Python; ``ValueError`` for what is none.

    Brackets opened in great number cost their number squared, and nobody's file nests them.
    """
    depth = accumulate(1 if c in "[{" else -1 for c in text if c in "[]{}")
    if any(level > MOST_NESTED for level in depth):
        raise ValueError("nested too deep")
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError("not YAML") from error


def _cut_bytes(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")
