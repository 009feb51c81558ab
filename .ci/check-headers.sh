#!/bin/sh
# SPDX-License-Identifier: MIT
# Each public header compiles alone, as C11 and as C++17.
set -eu
cd "$(dirname "$0")/.."
paths="-Icore/include -Ilf/include -Imodel/include"
flags="-Wall -Wextra -Wpedantic -Werror -fsyntax-only"
for header in core/include/weaksup/*.h lf/include/weaksup/*.h model/include/weaksup/*.h; do
  name=weaksup/$(basename "$header")
  printf '#include <%s>\ntypedef int user;\n' "$name" | ${CC:-gcc} -std=c11 $flags $paths -x c -
  printf '#include <%s>\ntypedef int user;\n' "$name" | ${CXX:-g++} -std=c++17 $flags $paths -x c++ -
done
