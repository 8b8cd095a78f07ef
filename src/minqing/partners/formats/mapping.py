"""A partner's own flat JSON, told as events by a table of its field names. Pure but for YAML.

::

    id: order.no                 # a path into its JSON; without it, the body's digest
    source: 12345                # said once, for all its events
    type:
      from: status
      values: {"0": cn.minqing.matter.reported, "9": cn.minqing.matter.finished}
    time: created
    sequence: {from: version}
    data:
      partnernumber: order.no
      title: order.title
      area: {from: region, values: {"330683001": T1}, else: C}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core.errors import Invalid
from minqing.core.text import read_yaml
from minqing.partners.formats.decoding import Unreadable
from minqing.partners.formats.events import Envelope, Told, attribute, body_of, optional
from minqing.partners.formats.inbound_schema import FIELDS, REPORTED

ATTRIBUTES: Final = frozenset({"id", "source", "type", "subject", "time", "sequence"})
WAYS: Final = frozenset({"from", "values", "else", "always"})
NAMES: Final = frozenset(field.name for fields in FIELDS.values() for field in fields)
MOST: Final = 20_000


def load_mapping(text: str) -> dict[str, object]:
    """The table in ``text``; empty for an empty one. Raises Invalid where it names what is not known."""
    try:
        found = read_yaml(text[:MOST]) or {}
    except ValueError:
        raise Invalid("mapping", _("The mapping is not YAML.")) from None
    if not isinstance(found, dict) or not isinstance(found.get("data", {}), dict):
        raise Invalid("mapping", _("The mapping is not YAML."))
    unknown = [str(name) for name in found if name not in ATTRIBUTES | {"data"}]
    unknown += [str(name) for name in found.get("data", {}) if str(name).split(".")[0] not in NAMES]
    rules = [rule for name, rule in found.items() if name not in {"data", "source"}] + [*found.get("data", {}).values()]
    unknown += [str(key) for rule in rules if isinstance(rule, dict) for key in rule if key not in WAYS]
    if unknown:
        named = ", ".join(unknown)
        raise Invalid("mapping", format_lazy(_("The mapping names what is not known: {names}"), names=named))
    return found


def read_flat(envelope: Envelope, mapping: Mapping[str, Any], *, source: str) -> Told:
    """The event that a partner's own JSON tells by ``mapping``; raises Unreadable."""
    flat = body_of(envelope)
    if not mapping:
        raise Unreadable("no_mapping")
    found = {name: found_by(mapping[name], flat) for name in ATTRIBUTES - {"source"} if name in mapping}
    data = {name: value for name, rule in mapping.get("data", {}).items() if (value := found_by(rule, flat)) != ""}
    data = nested(data)
    return Told(
        id=attribute(found, "id") or f"sha256:{envelope.digest}",
        source=str(mapping.get("source", source)),
        type=attribute(found, "type") or REPORTED,
        data=data,
        **optional(found, data),
    )


def found_by(rule: Any, flat: Mapping[str, object]) -> str:
    """What a rule finds: a path, or a table ``from`` / ``values`` / ``else`` / ``always``; empty for nothing."""
    if not isinstance(rule, dict):
        return at_path(str(rule), flat)
    if "always" in rule:
        return str(rule["always"])
    found = at_path(str(rule.get("from", "")), flat)
    if "values" in rule:
        named = {str(key): str(value) for key, value in dict(rule["values"]).items()}
        return named.get(found, str(rule.get("else", "")))
    return found or str(rule.get("else", ""))


def at_path(path: str, flat: object) -> str:
    for part in path.split("."):
        flat = flat.get(part) if isinstance(flat, dict) else None
    return str(flat).strip() if isinstance(flat, (str, int, float)) and not isinstance(flat, bool) else ""


def nested(data: Mapping[str, str]) -> dict[str, Any]:
    """``{"reporter.name": "x"}`` as ``{"reporter": {"name": "x"}}``."""
    found: dict[str, Any] = {}
    for name, value in data.items():
        head, _dot, rest = name.partition(".")
        if rest:
            found.setdefault(head, {})[rest] = value
        else:
            found[head] = value
    return found
