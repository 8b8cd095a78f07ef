"""Figures for Prometheus, in its text format (https://prometheus.io/docs/instrumenting/exposition_formats/).

What a label holds is a word of ours: the name of a check, a job, a folder or a state, never of a person or a place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

Value = tuple[Mapping[str, str], float]


@dataclass(frozen=True)
class Metric:
    """A name without ``minqing_``, what it says, and its values, each with its labels."""

    name: str
    says: str
    values: tuple[Value, ...]

    def lines(self) -> Iterator[str]:
        if not self.values:
            return
        yield f"# HELP minqing_{self.name} {self.says}"
        yield f"# TYPE minqing_{self.name} gauge"
        for labels, value in self.values:
            told = ",".join(f'{name}="{escaped(word)}"' for name, word in labels.items())
            yield f"minqing_{self.name}{f'{{{told}}}' if told else ''} {value:.15g}"


def escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def one(name: str, says: str, value: float | None) -> Metric:
    return Metric(name, says, () if value is None else (({}, value),))


def each(name: str, says: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    return Metric(name, says, tuple(({label: word}, value) for word, value in values))


def seconds(at: datetime) -> float:
    return at.timestamp()
