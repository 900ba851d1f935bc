#!/usr/bin/env python3
"""Scores a reviewer of C and C++ on published vulnerabilities, before and after their patches.

A pair is a folder with `before/`, `after/` and `patch.diff`. PAIRS is a list in JSON: for each pair `dir`, `cve`, `pkg` and `cls`, the weakness
numbers. A pair is *found* when a finding of the weakness's family lies in a function that the patch changes, before it, and *gone* when no such
finding lies in those functions after it.

    patched_pairs.py PAIRS --tool BIN [--limit SECONDS]
"""

import argparse
import json
import os
import re
import subprocess
import tempfile

BOUNDS = {119, 120, 121, 122, 123, 124, 125, 126, 127, 129, 131, 170, 190, 191, 193, 194, 195, 196, 197, 242, 457, 680, 681, 787, 788, 789, 805, 806, 823}
LIFETIME = {415, 416, 562, 590, 672, 761, 763, 825}
FAMILY = {
    "787": BOUNDS, "125": BOUNDS, "190": BOUNDS, "416": LIFETIME, "415": LIFETIME,
    "476": {252, 476, 690}, "78": {77, 78, 88}, "134": {134},
}
CODE = (".c", ".cc", ".cpp", ".cxx", ".h", ".hpp", ".C")


def blank(text):
    """The text with comments, strings and directives blanked, line by line as it was."""
    spaces = lambda match: re.sub(r"[^\n]", " ", match.group(0))
    text = re.sub(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", spaces, text, flags=re.S)
    return re.sub(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", spaces, text, flags=re.M)


def functions(text):
    """The functions that a file defines: name, first line, last line."""
    text, out, open_braces, last = blank(text), [], [], 0
    for match in re.finditer(r"[{};]", text):
        inside = any(kind == "function" for kind, *_ in open_braces)
        if match.group() == "{":
            head = re.sub(r"\s+", " ", text[last : match.start()]).strip()
            other = re.search(r"\b(namespace|extern|struct|class|union|enum)\b[^()]*$", head) or head.endswith("=")
            name = re.search(r"([A-Za-z_~][\w:~]*)\s*\(", head)
            kind = "inner" if inside else "function" if name and ")" in head and not other else "other"
            start = last + len(text[last : match.start()]) - len(text[last : match.start()].lstrip())
            open_braces.append((kind, name and name.group(1), text.count("\n", 0, start) + 1))
        elif match.group() == "}" and open_braces:
            kind, name, first = open_braces.pop()
            if kind == "function":
                out.append((name, first, text.count("\n", 0, match.start()) + 1))
        if not any(kind == "function" for kind, *_ in open_braces):
            last = match.end()
    return out


def changed(patch):
    """The lines that a patch touches in the old file, by file."""
    out, path, old = {}, None, 0
    for line in patch.split("\n"):
        if line.startswith("+++ "):
            path = os.path.normpath(re.sub(r"^[^/]*/", "", line[4:].split("\t")[0].strip()))
            out.setdefault(path, set())
        elif line.startswith("@@") and path:
            old = int(re.match(r"@@ -(\d+)", line).group(1))
        elif path and not line.startswith("--- "):
            if line.startswith(("-", "+")):
                out[path].add(old)
            if line.startswith(("-", " ")):
                old += 1
    return out


def regions(pair, side):
    """Where the functions that the patch changes stand, by file."""
    out = {}
    for path, lines in changed(open(f"{pair['dir']}/patch.diff", errors="replace").read()).items():
        old, new = (f"{pair['dir']}/{which}/{path}" for which in ("before", side))
        if not path.endswith(CODE) or not os.path.exists(old) or not os.path.exists(new):
            continue
        names = {name for name, a, b in functions(open(old, errors="replace").read()) if any(a <= x <= b for x in lines)}
        out[path] = [(a, b) for name, a, b in functions(open(new, errors="replace").read()) if name in names]
    return out


def hits(tool, limit, pair, side):
    """What is found in those functions; nothing when the review took too long."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        command = [tool, "review", ".", "--no-cache", "--allow-incomplete", "--format", "json", "-o", file.name]
        subprocess.run(["timeout", str(limit), *command], cwd=f"{pair['dir']}/{side}", capture_output=True)
        try:
            findings = json.load(open(file.name))["findings"]
        except ValueError:
            return None
    accepted = set().union(*(FAMILY[number] for number in pair["cls"]))
    where, out = regions(pair, side), []
    for finding in findings:
        places = [finding["place"], *finding.get("others", [])]
        for place in places:
            inside = any(a <= place["start"]["line"] <= b for a, b in where.get(place["path"].removeprefix("./"), []))
            if inside and {int(str(number).removeprefix("CWE-")) for number in finding["cwe"]} & accepted:
                out.append(finding["title"])
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pairs")
    parser.add_argument("--tool", default="assay")
    parser.add_argument("--limit", type=int, default=120)
    options = parser.parse_args()
    pairs, found, gone = json.load(open(options.pairs)), 0, 0
    for pair in pairs:
        before = hits(options.tool, options.limit, pair, "before")
        after = hits(options.tool, options.limit, pair, "after") if before else None
        found += bool(before)
        gone += after == []
        verdict = "no result" if before is None else "-" if not before else "found, gone" if after == [] else "found"
        print(pair["pkg"], pair["cve"], verdict, before[0] if before else "", flush=True)
    print(f"{len(pairs)} pairs, {found} found, {gone} gone")


if __name__ == "__main__":
    main()
