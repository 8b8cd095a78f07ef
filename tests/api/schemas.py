"""What an OpenAPI schema allows, as a strategy: all that may be sent, and nothing else."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from minqing.config.api import document

OFFSETS = [timezone(timedelta(hours=hours)) for hours in (-12, 0, 8, 14)]
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    found: dict[str, Any] = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def fields_of(path: str) -> dict[str, dict[str, Any]]:
    """The fields of the JSON body that is posted to ``path``."""
    body = document()["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    found: dict[str, dict[str, Any]] = resolved(body)["properties"]
    return found


def allowed(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that ``schema`` allows. A keyword that is not known here fails: it would be left out in silence."""
    schema = resolved(schema)
    if "anyOf" in schema:
        return st.one_of(*(allowed(one) for one in schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema.get("enum", [schema.get("const")]))
    kind = schema["type"]
    told = set(schema) - {"type", "title", "description", "default"}
    assert told <= KNOWN[kind], (kind, told)
    return MAKERS[kind](schema)


def texts(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    if schema.get("format") == "uuid":
        return st.uuids().map(str)
    if schema.get("format") == "date":
        return st.dates().map(str)
    if schema.get("format") == "date-time":
        return st.datetimes(timezones=st.sampled_from(OFFSETS)).map(lambda at: at.isoformat())
    most = schema.get("maxLength", 300)
    if pattern := schema.get("pattern"):
        found = st.from_regex(pattern, fullmatch=True).filter(lambda text: len(text) <= most)
        return st.one_of(found, st.just("长" * most))
    return st.text(LETTERS, max_size=most)


def objects(schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    if more := schema.get("additionalProperties"):
        return st.dictionaries(texts(schema.get("propertyNames", {})), allowed(more), max_size=3)
    parts = {name: allowed(one) for name, one in schema["properties"].items()}
    needed = {name: parts.pop(name) for name in schema.get("required", ())}
    return st.fixed_dictionaries(needed, optional=parts)


MAKERS: dict[str, Any] = {
    "string": texts,
    "boolean": lambda schema: st.booleans(),
    "null": lambda schema: st.none(),
    "integer": lambda schema: st.integers(schema["minimum"], schema["maximum"]),
    "number": lambda schema: st.floats(schema["minimum"], schema["maximum"]),
    "array": lambda schema: st.lists(allowed(schema["items"]), max_size=schema.get("maxItems", 3)),
    "object": objects,
}
KNOWN = {
    "string": {"maxLength", "pattern", "format"},
    "boolean": set(),
    "null": set(),
    "integer": {"minimum", "maximum"},
    "number": {"minimum", "maximum"},
    "array": {"items", "maxItems"},
    "object": {"properties", "required", "additionalProperties", "propertyNames"},
}
