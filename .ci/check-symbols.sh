#!/bin/sh
# SPDX-License-Identifier: MIT
# The library never prints, exits or aborts, and exports nothing but ws_ names: looks at the
# archives of a build, check-symbols.sh build/ci-gcc.
set -eu
cd "$(dirname "$0")/.."
bad=0
for archive in "$1"/core/libweaksup_core.a "$1"/lf/libweaksup_lf.a "$1"/model/libweaksup_model.a; do
  calls=$(nm -u "$archive" | grep -oE '\b(exit|abort|printf|puts|putchar|perror|getenv|stdout|stderr)$' |
    sort -u || true)
  if [ -n "$calls" ]; then
    echo "$archive: uses" $calls >&2
    bad=1
  fi
  names=$(nm -g --defined-only "$archive" | awk 'NF == 3 && $2 ~ /[TDBRC]/ {print $3}' |
    grep -vE '^(ws_|_Z)' || true)
  if [ -n "$names" ]; then
    echo "$archive: defines" $names >&2
    bad=1
  fi
done
exit $bad
