#!/usr/bin/env bash
# Makes the documentation as a site: packaging/docs/build.sh PROGRAM [FOLDER]
# The pages are those of docs/, and one for each check, which the program prints. Needs mdbook, unless MDBOOK=true only lays the sources out.
set -euo pipefail
program=$(realpath "$1") folder=${2:-target/book}
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$folder"
folder=$(realpath "$folder")
rm -rf "$folder/source"
mkdir -p "$folder/source/docs/checks"
cp "$root/book.toml" "$folder/source/"
cp -r "$root/docs/." "$folder/source/docs/"
"$program" checks --format json | sed -n 's/^ *"id": "\(.*\)",*$/\1/p' | while read -r id; do
  "$program" explain "$id" >"$folder/source/docs/checks/$id.md"
  # The first line is the check's title as a heading.
  title=$(sed -n '1s/^# *//p' "$folder/source/docs/checks/$id.md")
  printf '  - [%s](checks/%s.md)\n' "${title:-$id}" "$id"
done >"$folder/checks.list"
sed -e "/^- \[Every check\]/r $folder/checks.list" "$root/docs/SUMMARY.md" >"$folder/source/docs/SUMMARY.md"
rm "$folder/checks.list"
"${MDBOOK:-mdbook}" build "$folder/source" --dest-dir "$folder/site"
