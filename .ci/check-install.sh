#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs a build into a scratch folder and builds a program against it with pkg-config and
# with CMake: check-install.sh build/ci-gcc.
set -eu
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cmake --install "$1" --prefix "$scratch/usr" >/dev/null
"$scratch/usr/bin/weaksup" version >/dev/null
for page in man/man1/weaksup.1 man/man1/weaksup-fit.1 zsh/site-functions/_weaksup \
  bash-completion/completions/weaksup fish/vendor_completions.d/weaksup.fish; do
  [ -s "$scratch/usr/share/$page" ] || { echo "no share/$page" >&2; exit 1; }
done

cat >"$scratch/user.c" <<'END'
#include <stdio.h>
#include <weaksup/label_model.h>
#include <weaksup/lf_set.h>
#include <weaksup/model.h>
#include <weaksup/task.h>
#include <weaksup/version.h>
int main(void) {
  ws_task *task = NULL;
  ws_model_startup();
  if (ws_task_from_names("HAM,SPAM", &task, NULL) != WS_OK) return 1;
  printf("%s %zu %s %u\n", ws_version(), ws_task_classes(task), ws_label_model_kinds()[0],
         ws_lf_options_default().call_cpu_ms);
  ws_task_free(task);
  return 0;
}
END
export PKG_CONFIG_PATH="$(dirname "$(find "$scratch" -name weaksup.pc)")"
gcc "$scratch/user.c" $(pkg-config --cflags --libs --static weaksup) -o "$scratch/by-pkg-config"
"$scratch/by-pkg-config"

cat >"$scratch/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.21)
project(user LANGUAGES C CXX)
find_package(weaksup REQUIRED)
add_executable(user user.c)
target_link_libraries(user PRIVATE weaksup::core weaksup::lf weaksup::model)
set_target_properties(user PROPERTIES LINKER_LANGUAGE CXX)
END
cmake -S "$scratch" -B "$scratch/build" -DCMAKE_PREFIX_PATH="$scratch/usr" >/dev/null
cmake --build "$scratch/build" >/dev/null
"$scratch/build/user"
