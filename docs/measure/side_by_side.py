#!/usr/bin/env python3
"""Holds tools that write SARIF against the places of examples/netkeeper/EXPECTED.md.

    python3 docs/measure/side_by_side.py NAME=FILE.sarif …

A planned defect counts as found when the tool reports anything within its function (at the module's top level for a module), whatever
it calls it: the most that can be said for a tool whose words are others. A rightly safe place counts as reported likewise; functions with both a
defect and a safe place are left out there.
"""
import ast
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2] / "examples" / "netkeeper"


def table(heading):
    text = (ROOT / "EXPECTED.md").read_text().split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| netkeeper/")]
    return [(row[0], row[1]) for row in rows]


def lines(file, function):
    """The lines of a function, or of a module outside of its functions."""
    tree = ast.parse((ROOT / file).read_text())
    module = file.removeprefix("netkeeper/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    rest = function.removeprefix(module).strip(".")
    node = tree
    for name in filter(None, rest.split(".")):
        node = next(n for n in ast.walk(node) if getattr(n, "name", None) == name)
    if node is not tree:
        start = min([node.lineno] + [d.lineno for d in node.decorator_list])
        return set(range(start, node.end_lineno + 1))
    inner = [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    within = {line for n in inner for line in range(n.lineno, n.end_lineno + 1)}
    return set(range(1, len((ROOT / file).read_text().splitlines()) + 1)) - within


def reported(path):
    out = []
    for run in json.loads(pathlib.Path(path).read_text())["runs"]:
        for result in run.get("results", []):
            if result.get("suppressions"):
                continue
            for location in result["locations"]:
                place = location["physicalLocation"]
                uri = place["artifactLocation"]["uri"]
                out.append((uri, place["region"]["startLine"]))
    return out


def hits(rows, results):
    return [any(uri.endswith(file) and line in lines(file, function) for uri, line in results) for file, function in rows]


def main():
    defects, safe = sorted(set(table("Defects"))), sorted(set(table("Safe")) - set(table("Defects")))
    print(f"{len(defects)} functions with planned defects, {len(safe)} that are rightly safe")
    for argument in sys.argv[1:]:
        name, path = argument.split("=", 1)
        results = [r for r in reported(path) if "/tests/" not in f"/{r[0]}"]
        found, wrong = hits(defects, results), hits(safe, results)
        print(f"{name}: {sum(found)} found, {sum(wrong)} safe ones reported, {len(results)} results outside of tests")


if __name__ == "__main__":
    main()
