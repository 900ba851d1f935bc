#!/usr/bin/env python3
"""Scores reviewers of C on a collection of small defective and mended programs, per defect type.

The collection is laid out like the ITC static-analysis benchmark: a folder of defective files in which each defective
line carries a comment `ERROR:`, and a folder of mended files. The columns: defects on whose line the tool reports something,
defects in whose function it does, and lines with reports in the mended folder, which are false alarms. Functions are numbered per file; `--half 1` takes
those with odd numbers, `--half 2` the others, so that one half can stay unseen.

    defect_collections.py COLLECTION --tool assay=PATH [--tool cppcheck] [--tool gcc] [--tool clang] [--tool flawfinder]
        [--half 1|2] [--list assay]
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

MARK = re.compile(r"/\*\s*ERROR:")
HEAD = re.compile(r"^[A-Za-z_][\w\s\*]*?\b(\w+)\s*\([^;{]*\)?\s*\{?\s*(/[*/].*)?$")

# Types of defects that are about memory, numbers and results; locks, loops and dead code are not.
TYPES = """bit_shift buffer_overrun_dynamic buffer_underrun_dynamic cmp_funcadr data_lost data_overflow data_underflow
deletion_of_data_structure_sentinel double_free free_nondynamic_allocated_memory free_nondynamically_allocated_memory
free_null_pointer func_pointer function_return_value_unchecked invalid_memory_access littlemem_st
memory_allocation_failure memory_leak null_pointer overrun_st ow_memcpy ptr_subtraction return_local sign_conv
st_overflow st_underrun underrun_st uninit_memory_access uninit_pointer uninit_var wrong_arguments_func_pointer
zero_division""".split()

GCC = (
    "analyzer- array-bounds stringop overflow uninitialized maybe-uninitialized shift- div-by-zero return-local-addr "
    "free-nonheap-object nonnull null-dereference conversion sign-conversion format- use-after-free dangling-pointer alloc-size"
).split()
NOISE = (
    "missingInclude unusedFunction variableScope unreadVariable unusedVariable constParameter toomanyconfigs checkersReport "
    "unusedStructMember knownConditionTrueFalse redundantAssignment unassignedVariable"
).split()


def functions(path):
    """The lines on which functions start, by the brace in the first column."""
    lines = path.read_text(errors="replace").splitlines()
    starts = []
    for number, line in enumerate(lines, 1):
        if line.startswith("{") or (HEAD.match(line) and line.rstrip().endswith("{")):
            starts.append(number)
    return starts, lines


def number_of(starts, line):
    return sum(1 for start in starts if start <= line + 1)


def run(command, cwd=None):
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")
    return done.stdout, done.stderr


def reports(tool, root, folder):
    """What a tool says: (file name, line, rule)."""
    name, _, program = tool.partition("=")
    program = program or name
    out = set()
    files = sorted((root / folder).glob("*.c"))
    include = root / "include"
    if name == "assay":
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            run(["nice", program, "review", "--no-cache", str(root / folder), "--format", "json", "-o", file.name], "/")
            review = json.load(open(file.name))
        for finding in review["findings"]:
            place = finding["place"]
            out.add((pathlib.Path(place["path"]).name, place["start"]["line"], finding["check"]))
        return out
    for path in files:
        if name == "cppcheck":
            _, text = run(
                ["nice", program, "--enable=warning,portability", "--inconclusive", "--template={line}:{id}", "-I", str(include), str(path)]
            )
            for found in re.finditer(r"^(\d+):(\w+)$", text, re.M):
                if found[2] not in NOISE:
                    out.add((path.name, int(found[1]), found[2]))
        elif name == "gcc":
            # Optimised, it finds more by its warnings, and less by its analyser.
            flags = "-fanalyzer -Wall -Wextra -Wnull-dereference -c -o /dev/null -fdiagnostics-plain-output".split()
            text = "".join(run(["nice", program, *flags, level, "-I", str(include), str(path)])[1] for level in ("-O0", "-O2"))
            for found in re.finditer(r"^[^\n:]*:(\d+):\d+: warning: .*\[-W([\w-]+)[^\]]*\]$", text, re.M):
                if any(found[2].startswith(rule) for rule in GCC):
                    out.add((path.name, int(found[1]), found[2]))
        elif name == "clang":
            checkers = "core,unix,security,alpha.core,alpha.security,alpha.unix,nullability"
            _, text = run(
                ["nice", program, "--analyze", "-Xclang", f"-analyzer-checker={checkers}", "-Xclang", "-analyzer-output=text"]
                + ["-Wall", "-I", str(include), str(path), "-o", "/dev/null"]
            )
            for found in re.finditer(r"^[^\n:]*:(\d+):\d+: warning: .*\[(-W)?([\w.,-]+)\]$", text, re.M):
                if not found[3].startswith("deadcode") and "unused" not in found[3]:
                    out.add((path.name, int(found[1]), found[3]))
        elif name == "flawfinder":
            text, _ = run(["nice", program, "--dataonly", "--quiet", "--singleline", "--minlevel=1", str(path)])
            for found in re.finditer(r"^[^\n:]*:(\d+):\s+\[\d\] \((\w+)\)", text, re.M):
                out.add((path.name, int(found[1]), found[2]))
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("collection", type=pathlib.Path)
    parser.add_argument("--tool", action="append", default=[])
    parser.add_argument("--half", type=int, default=0)
    parser.add_argument("--list", default="")
    parser.add_argument("--bad", default="01.w_Defects")
    parser.add_argument("--good", default="02.wo_Defects")
    options = parser.parse_args()
    root = options.collection.resolve()
    marked, heads = {}, {}
    for folder in (options.bad, options.good):
        for path in (root / folder).glob("*.c"):
            starts, lines = functions(path)
            heads[folder, path.name] = starts
            if folder == options.bad and path.stem in TYPES:
                for number, line in enumerate(lines, 1):
                    if MARK.search(line):
                        marked.setdefault(path.stem, set()).add(number)

    def chosen(folder, name, line):
        return not options.half or number_of(heads[folder, name], line) % 2 == options.half % 2

    table = {}
    for tool in options.tool:
        name = tool.partition("=")[0]
        bad, good = reports(tool, root, options.bad), reports(tool, root, options.good)
        for kind in TYPES:
            lines = {line for line in marked.get(kind, ()) if chosen(options.bad, f"{kind}.c", line)}
            found = {line for (file, line, _) in bad if file == f"{kind}.c" and line in lines}
            alarms = {
                (line, rule)
                for (file, line, rule) in good
                if file == f"{kind}.c" and chosen(options.good, file, line)
            }
            starts = heads.get((options.bad, f"{kind}.c"), [])
            touched = {number_of(starts, line) for (file, line, _) in bad if file == f"{kind}.c"}
            near = {line for line in lines if line in found or number_of(starts, line) in touched}
            table[name, kind] = (len(found), len(near), len(lines), len({line for line, _ in alarms}))
            if options.list == name:
                for line in sorted(lines - found):
                    print(f"missed {options.bad}/{kind}.c:{line}")
                for line, rule in sorted(alarms):
                    print(f"alarm {options.good}/{kind}.c:{line} {rule}")
    names = [tool.partition("=")[0] for tool in options.tool]
    print(f"{'type':38}{'marked':>7}" + "".join(f"{name:>18}" for name in names))
    totals = {name: [0, 0, 0] for name in names}
    of_all = 0
    for kind in TYPES:
        if not any(any(table[name, kind]) for name in names):
            continue
        row = ""
        for name in names:
            found, near, of, alarms = table[name, kind]
            row += f"{found:>8}{near:>5}{alarms:>5}"
            totals[name] = [sum(pair) for pair in zip(totals[name], (found, near, alarms))]
        of_all += of
        print(f"{kind:38}{of:>7}{row}")
    print(f"{'all':38}{of_all:>7}" + "".join("{:>8}{:>5}{:>5}".format(*totals[n]) for n in names))


if __name__ == "__main__":
    sys.exit(main())
