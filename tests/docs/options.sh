#!/bin/sh
# SPDX-License-Identifier: MIT
# Every command and option that the program knows stands in docs/commands.md: options.sh PROGRAM.
set -eu
page=$(dirname "$0")/../../docs/commands.md
bad=0
commands=$("$1" help | awk '/^  [a-z]/ {print $1}')
for command in $commands; do
  [ "$command" != help ] || continue
  grep -q "\`$command" "$page" || { echo "docs/commands.md: no command $command"; bad=1; }
  for option in $("$1" help "$command" | grep -oE '^ +(-[a-z], )?--[a-z-]+' | grep -oE -e '--[a-z-]+'); do
    [ "$option" = --help ] && continue
    grep -q -e "$option\b" "$page" || { echo "docs/commands.md: no option $option"; bad=1; }
  done
  if "$1" help "$command" | grep -q -e ' --json '; then
    grep -e '^| `--json` | for' "$page" | grep -q "\`$command\`" ||
      { echo "docs/commands.md: no $command among the commands with --json"; bad=1; }
  fi
done
exit $bad
