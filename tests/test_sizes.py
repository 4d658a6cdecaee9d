"""A file can be read in one sitting, a name means one thing, and nothing imports itself by way of others.

Every import counts, also inside a function or for types alone: where two modules need each other's names, they are one
subject or lack a third.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import pytest

from tests.sources import PRODUCT, Source, module_of, parsed, sources

MODULE_LINES = 300
CLASS_LINES = 200

Graph = Mapping[str, set[str]]
"""Which modules (or packages) each one imports."""


def classes_of(text: str) -> Iterator[ast.ClassDef]:
    """All classes of a file, those within others and within functions too."""
    return (node for node in ast.walk(parsed(text)) if isinstance(node, ast.ClassDef))


def long_modules(files: Iterable[Source]) -> list[str]:
    """The files that are too long."""
    lengths = ((path, len(text.splitlines())) for path, text in files)
    return [f"{path}: {length} lines" for path, length in lengths if length > MODULE_LINES]


def long_classes(files: Iterable[Source]) -> list[str]:
    """The classes that are too long, their docstring included."""
    found = []
    for path, text in files:
        for one in classes_of(text):
            length = (one.end_lineno or one.lineno) - one.lineno + 1
            if length > CLASS_LINES:
                found.append(f"{path}: {one.name}: {length} lines")
    return found


def ambiguous_names(files: Iterable[Source]) -> list[str]:
    """The names that several classes have; a name with an underscore is its module's own affair."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path, text in files:
        for one in classes_of(text):
            if not one.name.startswith("_"):
                places[one.name].append(path)
    return [f"{name}: {', '.join(paths)}" for name, paths in sorted(places.items()) if len(paths) > 1]


def imports(files: Iterable[Source]) -> Graph:
    """What each module imports of the others. A package stands for its `__init__`, which a submodule does not import.

    `from package import name` is an import of the submodule where there is one of that name.
    """
    texts = {module_of(path): text for path, text in files}
    graph: dict[str, set[str]] = {}
    for module, text in texts.items():
        met: set[str] = set()
        for node in ast.walk(parsed(text)):
            if isinstance(node, ast.Import):
                met |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module is not None:
                names = (f"{node.module}.{alias.name}" for alias in node.names)
                met |= {name if name in texts else node.module for name in names}
        graph[module] = met & texts.keys()
    return graph


def by_package(graph: Graph) -> Graph:
    """The same between packages: the folders directly below `pantau/`, `exporter/` and `lab/`, and single modules."""
    packages: defaultdict[str, set[str]] = defaultdict(set)
    for module, met in graph.items():
        package = package_of(module)
        packages[package] |= {package_of(other) for other in met} - {package}
    return packages


def package_of(module: str) -> str:
    """Of a module, the folder of the house's drawing that it lies in; the dashboards are one.

    A `__main__` belongs to no package: nobody imports it, and it may start what stands above its folder.
    """
    top, *rest = module.split(".")
    if rest[-1:] == ["__main__"]:
        return module
    return ".".join([top, *rest[:1]]) if top != "dashboards" else top


def cycles(graph: Graph) -> list[str]:
    """The groups of nodes that all lead to each other, and the nodes that lead to themselves."""
    reached = {node: _reached(graph, node) for node in graph}
    groups = {tuple(sorted(other for other in reached[node] if node in reached[other])) for node in graph}
    return [" <-> ".join(group) for group in sorted(groups) if group]


def _reached(graph: Graph, start: str) -> set[str]:
    """All that `start` leads to; itself only if it comes back."""
    found: set[str] = set()
    left = [*graph[start]]
    while left:
        node = left.pop()
        if node not in found:
            found.add(node)
            left += graph.get(node, ())
    return found


def test_no_module_is_longer_than_300_lines() -> None:
    """What is longer has two subjects."""
    found = long_modules(sources(*PRODUCT, "lab"))
    assert not found, "\n".join(found)


def test_no_class_is_longer_than_200_lines() -> None:
    """What is longer has two duties."""
    found = long_classes(sources(*PRODUCT, "lab"))
    assert not found, "\n".join(found)


def test_a_class_name_means_one_thing() -> None:
    """All over the product: who reads a name need not ask which."""
    found = ambiguous_names(sources(*PRODUCT))
    assert not found, "\n".join(found)


def test_no_module_imports_itself_by_way_of_others() -> None:
    """In the product and in the lab, inside of packages too."""
    found = cycles(imports(sources(*PRODUCT, "lab")))
    assert not found, "\n".join(found)


def test_no_package_imports_itself_by_way_of_others() -> None:
    """The folders of the house's drawing."""
    found = cycles(by_package(imports(sources(*PRODUCT, "lab"))))
    assert not found, "\n".join(found)


def test_a_long_module_and_a_long_class_are_seen() -> None:
    """One line too many is enough; the limit itself is allowed."""
    text = "class Long:\n" + "    x = 1\n" * CLASS_LINES
    assert long_classes([("a.py", text)]) == ["a.py: Long: 201 lines"]
    assert long_classes([("a.py", text.removesuffix("    x = 1\n"))]) == []
    assert long_modules([("a.py", "x = 1\n" * 301), ("b.py", "x = 1\n" * 300)]) == ["a.py: 301 lines"]


def test_two_classes_of_one_name_are_seen() -> None:
    """Also within a function; a private one is not."""
    files = [
        ("a.py", "class Same: ...\nclass _Own: ..."),
        ("b.py", "def f():\n    class Same: ..."),
        ("c.py", "class _Own: ..."),
    ]
    assert ambiguous_names(files) == ["Same: a.py, b.py"]


@pytest.mark.parametrize(
    ("texts", "modules", "packages"),
    [
        ({"pantau/a.py": "import pantau.b", "pantau/b.py": "import os"}, [], []),
        (
            {"pantau/x/a.py": "from pantau.x.b import B", "pantau/x/b.py": "def f():\n    from pantau.x import a"},
            ["pantau.x.a <-> pantau.x.b"],
            [],
        ),
        (
            {
                "pantau/x/a.py": "from pantau.y.a import A",
                "pantau/x/b.py": "",
                "pantau/y/a.py": "",
                "pantau/y/b.py": "from pantau.x.b import B",
            },
            [],
            ["pantau.x <-> pantau.y"],
        ),
        (
            {"pantau/x/__main__.py": "import pantau.y.a", "pantau/y/a.py": "import pantau.x.b", "pantau/x/b.py": ""},
            [],
            [],
        ),
        (
            {"pantau/x/__init__.py": "from pantau.x.a import A", "pantau/x/a.py": "from pantau.x import A"},
            ["pantau.x <-> pantau.x.a"],
            [],
        ),
        (
            {"pantau/x/__init__.py": "from pantau.x import a", "pantau/x/a.py": "from pantau.x import b"},
            ["pantau.x <-> pantau.x.a"],
            [],
        ),
        ({"pantau/a.py": "import pantau.a"}, ["pantau.a"], []),
    ],
)
def test_a_cycle_is_seen(texts: dict[str, str], modules: list[str], packages: list[str]) -> None:
    """Between modules of one package, between packages whose modules make none, and through an `__init__`."""
    graph = imports(texts.items())
    assert cycles(graph) == modules
    assert cycles(by_package(graph)) == packages
