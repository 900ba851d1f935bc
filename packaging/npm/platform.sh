#!/usr/bin/env bash
# Makes the package of one platform from a built program: packaging/npm/platform.sh PROGRAM OS ARCH FOLDER
# OS and ARCH are node's words: linux, darwin, win32; x64, arm64.
set -euo pipefail
program=$1 os=$2 arch=$3 folder=$4
here=$(cd "$(dirname "$0")" && pwd)
version=$(sed -n 's/^ *"version": "\(.*\)",$/\1/p' "$here/package.json")
file=assay
if [ "$os" = win32 ]; then file=assay.exe; fi
mkdir -p "$folder"
install -m 755 "$program" "$folder/$file"
cat >"$folder/package.json" <<JSON
{
  "name": "assay-review-$os-$arch",
  "version": "$version",
  "description": "The program of assay-review for $os on $arch",
  "license": "MIT OR Apache-2.0",
  "os": ["$os"],
  "cpu": ["$arch"],
  "files": ["$file"]
}
JSON
