"""Names each module of the product without any test of its own.

    scripts/untested_modules.py         the list and its count; always status 0: it tells, it does not judge

A module has a test of its own if the folder of `tests/` that mirrors its own has a test file or a folder of tests of
its name (`tests/pantau/journal/test_chain.py` or `tests/pantau/journal/chain/` of `pantau/journal/chain.py`), or if a
file of `tests/` imports it: the module, or a name of it that its package hands on. What only other modules use may be
run by many tests and still have none that says what it is to do. Modules without code of their own (packages that hand
on names, `__main__`) are not counted. Nothing is imported or run: the files are read.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

PRODUCT = ("pantau", "exporter", "dashboards")
_NO_CODE = (ast.Import, ast.ImportFrom, ast.Expr, ast.Assign, ast.AnnAssign, ast.If)


def module_of(file: Path) -> str:
    """The dotted name of a file, given from the root."""
    return ".".join(file.with_suffix("").parts).removesuffix(".__init__")


def modules(root: Path) -> dict[str, ast.Module]:
    """Every module of the product by its name, parsed."""
    files = [file for folder in PRODUCT for file in sorted((root / folder).rglob("*.py"))]
    return {module_of(file.relative_to(root)): ast.parse(file.read_text(encoding="utf-8")) for file in files}


def has_code(name: str, tree: ast.Module, packages: set[str]) -> bool:
    """Whether there is something to test: a class or a function, or in a plain module a table."""
    if name.endswith(".__main__"):
        return False
    own = [node for node in tree.body if not isinstance(node, (ast.Import, ast.ImportFrom, ast.Expr))]
    if name in packages:
        return any(not isinstance(node, _NO_CODE) for node in own)
    return bool(own)


def imported_names(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What a file imports anywhere in it: the module, and the name that is taken from it (`""` for all of it)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            yield from ((node.module, alias.name) for alias in node.names)


def handed_on(trees: Mapping[str, ast.Module], packages: Iterable[str]) -> dict[tuple[str, str], str]:
    """Where a name that a package hands on comes from: (package, name) to the module."""
    found: dict[tuple[str, str], str] = {}
    for package in packages:
        for node in trees[package].body:
            source = node.module if isinstance(node, ast.ImportFrom) else None
            if isinstance(node, ast.ImportFrom) and source is not None and source in trees and source != package:
                found |= {(package, alias.asname or alias.name): source for alias in node.names}
    return found


def met_by_tests(root: Path, trees: Mapping[str, ast.Module], packages: set[str]) -> set[str]:
    """The modules that a file of `tests/` imports, through their package too."""
    origin = handed_on(trees, packages)
    met: set[str] = set()
    for file in sorted((root / "tests").rglob("*.py")):
        for module, name in imported_names(ast.parse(file.read_text(encoding="utf-8"))):
            source, inner = module, f"{module}.{name}"
            while (source, name) in origin:
                source = origin[source, name]
            met |= {source, inner} & trees.keys()
    return met


def is_mirrored(root: Path, module: str) -> bool:
    """Whether `tests/` has a file or a folder of tests by the module's name, where the module would lie."""
    *folders, name = module.split(".")
    folder = root.joinpath("tests", *folders)
    return (folder / f"test_{name}.py").is_file() or any((folder / name).glob("test_*.py"))


def untested(root: Path) -> tuple[list[str], int]:
    """The modules without a test of their own, and how many have code."""
    trees = modules(root)
    packages = {module_of(file.relative_to(root)) for top in PRODUCT for file in (root / top).rglob("__init__.py")}
    met = met_by_tests(root, trees, packages)
    looked_at = [name for name, tree in trees.items() if has_code(name, tree, packages)]
    return [name for name in looked_at if name not in met and not is_mirrored(root, name)], len(looked_at)


def main() -> None:
    """The command."""
    names, count = untested(Path(__file__).resolve().parents[1])
    print(f"{len(names)} of {count} modules have no test of their own:")
    print("\n".join(f"  {name}" for name in names))


if __name__ == "__main__":
    main()
