"""Compares the attack surface of an OpenStack service with the operations that its own policies document.

    assay surface --format json PROJECT > surface.json
    python3 surface_policies.py PROJECT/package/conf/policies surface.json [PREFIX]

PREFIX is what stands before all paths in the documentation and is no part of the routes (`/v3`).

The policies are read, never run: each `DocumentedRuleDefault` has a name and a list of operations with methods and a path.
An operation counts as present when the surface has an HTTP entry point with that method and path, whatever the holes of
the path are called; its policy counts as named when that entry point lists a policy with the rule's name, or with the part of it
before the colon (`create_network:shared` belongs to `create_network`).
"""

import ast
import json
import pathlib
import re
import sys


def constants(tree):
    """The texts and lists that the module's names stand for."""
    names = {}
    for statement in tree.body:
        target = None
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            target = statement.target
        if isinstance(target, ast.Name):
            names[target.id] = value(statement.value, names)
    return names


def value(node, names):
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.List | ast.Tuple):
        return [value(item, names) for item in node.elts]
    if isinstance(node, ast.Dict):
        return {value(key, names): value(item, names) for key, item in zip(node.keys, node.values) if key is not None}
    if isinstance(node, ast.BinOp):
        left, right = value(node.left, names), value(node.right, names)
        try:
            return left + right if isinstance(node.op, ast.Add) else left % right
        except TypeError:
            return None
    if isinstance(node, ast.JoinedStr):
        parts = [value(part.value if isinstance(part, ast.FormattedValue) else part, names) for part in node.values]
        return "".join(parts) if all(isinstance(part, str) for part in parts) else None
    return None


def documented(folder):
    """Pairs of a method with a path, and the rules that document them."""
    found = {}
    for path in sorted(pathlib.Path(folder).glob("*.py")):
        tree = ast.parse(path.read_text())
        names = constants(tree)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not ast.unparse(node.func).endswith("DocumentedRuleDefault"):
                continue
            told = {keyword.arg: value(keyword.value, names) for keyword in node.keywords}
            for position, argument in enumerate(node.args):
                told.setdefault(["name", "check_str", "description", "operations"][position], value(argument, names))
            for operation in told.get("operations") or []:
                if not operation or not operation.get("path"):
                    continue
                methods = operation["method"]
                for method in [methods] if isinstance(methods, str) else methods:
                    found.setdefault((method, plain(operation["path"])), set()).add(told["name"] or "a name that is put together")
    return found


def plain(path):
    return re.sub(r"\{[^}]*\}", "{}", path).rstrip("/").replace("_", "-")


def main(policies, surface, prefix=""):
    wanted = {(method, path.removeprefix(prefix)): rules for (method, path), rules in documented(policies).items()}
    present = {}
    for entry in json.load(open(surface))["entries"]:
        if entry["kind"] != "http" or not entry["path"]:
            continue
        path = plain(entry["path"])
        named = {guard["name"] for guard in entry["guards"] if guard["kind"] == "policy"}
        for method in entry["methods"] or ["GET", "POST", "PUT", "DELETE"]:
            present.setdefault((method, path), set()).update(named)
    found = [operation for operation in wanted if operation in present]
    named = [
        operation
        for operation in found
        if any(rule.split(":")[0] in present[operation] or rule in present[operation] for rule in wanted[operation])
    ]
    total = len(wanted)
    print(f"{total} documented operations")
    print(f"{len(found)} present ({100 * len(found) / total:.1f} %), {len(named)} of them with their policy")
    for method, path in sorted(set(wanted) - set(found)):
        print(f"missing  {method:7} {path}  {', '.join(sorted(wanted[method, path]))}")
    for method, path in sorted(set(found) - set(named)):
        listed = ", ".join(sorted(present[method, path])) or "none"
        print(f"unnamed  {method:7} {path}  {', '.join(sorted(wanted[method, path]))} (listed: {listed})")


if __name__ == "__main__":
    main(*sys.argv[1:])
