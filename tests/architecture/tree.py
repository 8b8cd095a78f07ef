"""The source as the architecture tests read it: files, rooms, syntax trees, templates. Reads each file once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tools.rooms import layers

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "minqing"
Function = ast.FunctionDef | ast.AsyncFunctionDef


def rooms() -> list[str]:
    return [room for layer in layers() for room in sorted(layer)]


def depth(room: str) -> int:
    """0 at the top; a room may refer to rooms of a greater depth."""
    return next(at for at, layer in enumerate(layers()) if room in layer)


@cache
def python_files() -> tuple[Path, ...]:
    return tuple(path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts)


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path), filename=str(path))


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that a file imports from minqing or elsewhere."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def functions() -> Iterator[tuple[Path, Function]]:
    for path in python_files():
        for node in ast.walk(tree(path)):
            if isinstance(node, Function):
                yield path, node


def length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


@cache
def templates() -> dict[str, Path]:
    """Name as ``render`` and ``include`` know it → file."""
    found = {}
    for folder in sorted(SOURCE.glob("*/templates")):
        for path in sorted(folder.rglob("*.*")):
            found[path.relative_to(folder).as_posix()] = path
    return found
