"""No module imports itself through others: each can be read, tested and moved after those that it stands on."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from tools.rooms import graph


def circles(imports: dict[str, set[str]]) -> Iterator[list[str]]:
    """One after the other, each without its last step."""
    while True:
        try:
            TopologicalSorter(imports).prepare()
        except CycleError as error:
            # as the sorter finds it: each one after what it imports
            found = list(reversed(error.args[1]))
            yield found
            imports = {**imports, found[0]: imports[found[0]] - {found[1]}}
        else:
            return


def test_no_module_imports_itself_through_others() -> None:
    # what only a type checker follows must be understood by a reader too
    house = graph(type_checking=True)
    imports = {one: set(house.find_modules_directly_imported_by(one)) for one in sorted(house.modules)}
    found = [" → ".join(circle) for circle in circles(imports)]
    assert not found, "\n".join(found)


def test_a_circle_is_found() -> None:
    assert [set(one) for one in circles({"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set()})] == [{"a", "b", "c"}]
    assert not list(circles({"a": {"b", "c"}, "b": {"c"}, "c": set()}))
