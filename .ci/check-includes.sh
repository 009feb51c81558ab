#!/bin/sh
# SPDX-License-Identifier: MIT
# Who may include what. Our own headers are kept apart by include paths; those of libraries lie
# where every file can see them, so this looks.
set -eu
cd "$(dirname "$0")/.."
bad=0

# only PATTERN FILES...: the header may be included by these files alone.
only() {
  header=$1
  shift
  found=$(git ls-files '*.c' '*.h' '*.cpp' | xargs grep -lE "^ *# *include *[<\"]$header" || true)
  for file in $found; do
    for allowed in "$@"; do
      case "$file" in
      $allowed) continue 2 ;;
      esac
    done
    echo "$file: includes $header: only $* may" >&2
    bad=1
  done
}

only '(lua|lualib|lauxlib)\.h' 'lf/lua_*.c' 'lf/lua_priv.h' 'lf/task_file.c' 'tests/unit/test_lf_*'
only 'pcre2\.h' 'lf/regex.c'
only 'seccomp\.h' 'lf/lockdown.c'
only 'gsl/' 'model/*.c'
only 'lbfgs\.h' 'model/solver_*.c'
only 'simdjson' 'core/simd.cpp'
only 'csv\.h' 'core/csv_*.c'
only 'zlib\.h' 'core/input.c' 'tests/*'
only 'xxhash\.h' 'core/hash.c'
only 'curl/' 'core/chat_curl.h'
only 'utf8proc\.h' 'core/unicode.c'
only 'cmocka\.h' 'tests/support/*'

# Public headers need nothing from outside but the language's own.
for header in core/include/weaksup/*.h lf/include/weaksup/*.h model/include/weaksup/*.h; do
  if grep -E '^ *# *include' "$header" | grep -qvE '<(weaksup/[a-z_]+|std(def|int|bool))\.h>'; then
    echo "$header: includes more than weaksup's own headers and stddef, stdint, stdbool" >&2
    bad=1
  fi
done

# lf and model never see each other; core sees nobody. Compiling such an include must fail.
refuse() {
  if printf '#include <weaksup/%s.h>\n' "$2" |
    cc -fsyntax-only -x c $1 - 2>/dev/null; then
    echo "<weaksup/$2.h> can be included with $1" >&2
    bad=1
  fi
}
refuse "-Icore/include" lf_set
refuse "-Icore/include" label_model
refuse "-Icore/include -Ilf/include" label_model
refuse "-Icore/include -Imodel/include" lf_set
exit $bad
