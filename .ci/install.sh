#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs the packages that are missing: install.sh build | tests | ci (each with those before).
set -eu

build="cmake ninja-build gcc g++ pkg-config liblua5.4-dev libpcre2-dev libgsl-dev
  libsimdjson-dev libcsv-dev zlib1g-dev libxxhash-dev libutf8proc-dev liblbfgs-dev libseccomp-dev
  libcurl4-openssl-dev"
tests="libcmocka-dev jq gzip mandoc python3-jsonschema python3-numpy locales"
ci="clang clang-format libclang-rt-14-dev gcc-arm-linux-gnueabihf libc6-dev-armhf-cross
  qemu-user-static fish zsh chromium chromium-driver python3"
# Node may be there in a version that Debian's npm does not go with.
command -v npm >/dev/null 2>&1 || ci="$ci npm"

case "${1:-build}" in
build) wanted="$build" ;;
tests) wanted="$build $tests" ;;
ci) wanted="$build $tests $ci" ;;
*) echo "usage: $0 build|tests|ci" >&2; exit 2 ;;
esac

if ! command -v apt-get >/dev/null 2>&1; then
  echo "This system has no apt-get. Install what these Debian packages hold, then try again:" >&2
  echo $wanted >&2
  # Somebody may have done so already: only a missing compiler or cmake is certain to fail.
  command -v cmake >/dev/null 2>&1 && command -v pkg-config >/dev/null 2>&1 && exit 0
  exit 1
fi

missing=
for package in $wanted; do
  state=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
  [ "$state" = "install ok installed" ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null 2>&1; then
    echo "Not root, and no sudo. As root, run: apt-get install$missing" >&2
    exit 1
  fi
  as_root=sudo
fi
echo "installing:$missing"
$as_root apt-get update -q
$as_root env DEBIAN_FRONTEND=noninteractive \
  apt-get install -q -y --no-install-recommends $missing
