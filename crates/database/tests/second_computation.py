"""Which of the versions that advisories name do requirements admit, computed with `packaging`.

Arguments: an archive of records of the OSV schema, and a file with one requirement a line. Prints a JSON list of
[line, identifiers of the records on one defect, version]. Nothing here is shared with the program.
"""

import json
import sys
import zipfile

try:
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name
    from packaging.version import InvalidVersion, Version
except ImportError:
    # The copy that pip carries.
    from pip._vendor.packaging.requirements import InvalidRequirement, Requirement
    from pip._vendor.packaging.utils import canonicalize_name
    from pip._vendor.packaging.version import InvalidVersion, Version


def records(path):
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            record = json.loads(archive.read(name))
            if not record.get("withdrawn"):
                yield record


def defects(found):
    """Records that share an identifier, put together: identifiers and versions of each."""
    groups = []
    for record, versions in found:
        names = {record["id"], *record.get("aliases", [])}
        ids, versions = {record["id"]}, set(versions)
        rest = []
        for group in groups:
            if group[0] & names:
                names |= group[0]
                ids |= group[1]
                versions |= group[2]
            else:
                rest.append(group)
        groups = [*rest, (names, ids, versions)]
    return [(ids, versions) for _, ids, versions in groups]


def main(archive, requirements):
    wanted = {}
    with open(requirements, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            line = line.split(" #")[0].strip()
            if not line or line.startswith(("#", "-")):
                continue
            try:
                requirement = Requirement(line)
            except InvalidRequirement as error:
                sys.exit(f"{number}: {error}")
            wanted.setdefault(canonicalize_name(requirement.name), []).append((number, requirement))
    known = {}
    for record in records(archive):
        for affected in record.get("affected", []):
            package = affected.get("package", {})
            name = canonicalize_name(package.get("name", ""))
            if package.get("ecosystem") == "PyPI" and name in wanted:
                known.setdefault(name, []).append((record, affected.get("versions", [])))
    out = set()
    for name, found in known.items():
        for ids, versions in defects(found):
            for number, requirement in wanted[name]:
                for text in versions:
                    try:
                        version = Version(text)
                    except InvalidVersion:
                        continue
                    named = bool(requirement.specifier.prereleases)
                    if requirement.specifier.contains(version, prereleases=named):
                        out.add((number, "+".join(sorted(ids)), str(version)))
    print(json.dumps(sorted(out)))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
