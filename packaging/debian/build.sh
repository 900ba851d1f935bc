#!/usr/bin/env bash
# Makes a Debian package from a built program: packaging/debian/build.sh PROGRAM ARCH FOLDER
# ARCH is Debian's word: amd64, arm64. Needs dpkg-deb only; completions and manual pages come from the program, so it must run here.
set -euo pipefail
program=$(realpath "$1") arch=$2 folder=$3
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
version=$("$program" --version | cut -d' ' -f2)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
umask 022
# The same program makes the same package, on any day.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-0}
chmod 755 "$tree"

install -D -m 755 "$program" "$tree/usr/bin/assay"
install -d "$tree/usr/share/man/man1" "$tree/usr/share/doc/assay"
page() { # COMMAND…: the manual page, compressed without a date so that the package is reproducible
  "$program" man "$@" | gzip -9n
}
page >"$tree/usr/share/man/man1/assay.1.gz"
for command in $("$program" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' | grep -vx help); do
  page "$command" >"$tree/usr/share/man/man1/assay-$command.1.gz"
done
install -d "$tree/usr/share/bash-completion/completions" "$tree/usr/share/zsh/vendor-completions" "$tree/usr/share/fish/vendor_completions.d"
"$program" completions bash >"$tree/usr/share/bash-completion/completions/assay"
"$program" completions zsh >"$tree/usr/share/zsh/vendor-completions/_assay"
"$program" completions fish >"$tree/usr/share/fish/vendor_completions.d/assay.fish"
cat "$root/LICENSE-MIT" - "$root/LICENSE-APACHE" <<<$'\n----\n' >"$tree/usr/share/doc/assay/copyright"
gzip -9n <"$root/CHANGELOG.md" >"$tree/usr/share/doc/assay/changelog.gz"

# A program that is linked statically needs nothing.
depends=
if ldd "$program" 2>/dev/null | grep -q '=>'; then depends="libc6 (>= 2.36), libgcc-s1"; fi
size=$(du -sk --apparent-size "$tree" | cut -f1)
install -d "$tree/DEBIAN"
{
  printf 'Package: assay\nVersion: %s\nArchitecture: %s\nSection: devel\nPriority: optional\n' "$version" "$arch"
  printf 'Maintainer: The Assay developers <assay@localhost>\nInstalled-Size: %s\n' "$size"
  if [ -n "$depends" ]; then printf 'Depends: %s\n' "$depends"; fi
  printf 'Suggests: git\n'
  printf 'Description: security reviewer for source code\n'
  printf ' Assay reads a project (code, manifests, configuration) and reports what is\n'
  printf ' defective, with the path of the data; what is safe, and why; and what it could\n'
  printf ' not observe. It never runs anything of the project.\n'
} >"$tree/DEBIAN/control"
mkdir -p "$folder"
find "$tree" -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group --build "$tree" "$folder/assay_${version}_${arch}.deb"
