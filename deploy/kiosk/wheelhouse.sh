#!/usr/bin/env bash
# Gathers everything that a terminal needs into one folder, so that it can be installed without a network.
#   deploy/kiosk/wheelhouse.sh x86_64|aarch64 OUT [PYTHON]     PYTHON: 3.11 (Debian 12, default), 3.12 or 3.13 (Debian 13)
# Run it on any machine with a network; carry OUT to the terminal and run OUT/install.sh there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd -P)
root=$(cd "$here/../.." && pwd -P)
stop() { printf 'wheelhouse: %s\n' "$*" >&2; exit 1; }

arch=${1:-} out=${2:-} python=${3:-3.11}
case $arch in x86_64 | aarch64) ;; *) stop "say for which machine: wheelhouse.sh x86_64|aarch64 OUT [PYTHON]" ;; esac
case $python in 3.11 | 3.12 | 3.13) ;; *) stop "Kivy has wheels for Python 3.11, 3.12 and 3.13, not for $python" ;; esac
[ -n "$out" ] || stop "say where to: wheelhouse.sh $arch OUT"
pip=(python3 -m pip --disable-pip-version-check)
"${pip[@]}" --version >/dev/null 2>&1 || stop "pip is missing; on Debian: apt-get install python3-pip"

rm -rf "$out/wheels"
mkdir -p "$out/wheels"
platforms=()
for libc in manylinux_2_28 manylinux_2_27 manylinux_2_24 manylinux_2_17 manylinux2014; do
  platforms+=(--platform "${libc}_$arch")
done
abi=cp${python/./}
"${pip[@]}" download --quiet --no-deps --only-binary=:all: "${platforms[@]}" --implementation cp \
  --python-version "$python" --abi "$abi" --abi abi3 --abi none \
  --require-hashes --requirement "$root/requirements/terminal.txt" --dest "$out/wheels"

# Built from a copy: a build left in the tree would bring in files that are no longer part of it.
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
for part in pyproject.toml README.md LICENSE NOTICE link hub kiosk demo; do cp -R "$root/$part" "$copy/"; done
"${pip[@]}" wheel --quiet --no-deps --wheel-dir "$out/wheels" "$copy"

cp -R "$here/." "$out/"
cp "$root/requirements/terminal.txt" "$out/requirements.txt"
printf 'arch=%s\npython=%s\n' "$arch" "$python" > "$out/made-for"
(cd "$out" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum > SHA256SUMS)
printf 'wheelhouse: %s wheels for %s, Python %s in %s\n' "$(find "$out/wheels" -name '*.whl' | wc -l)" "$arch" "$python" "$out"
