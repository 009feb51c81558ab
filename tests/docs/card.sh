#!/bin/sh
# SPDX-License-Identifier: MIT
# The card in docs/labeling-functions.md, which programs cut out: between its two markers, short, with
# every function that labeling functions are given: card.sh
set -eu
root=$(dirname "$0")/../..
page=$root/docs/labeling-functions.md
card=$(awk '$0 == "<!-- /card -->" {on = 0} on; $0 == "<!-- card -->" {on = 1}' "$page")
bad=0
[ "$(grep -cE '^<!-- /?card -->$' "$page")" = 2 ] || { echo "$page: expected two markers"; bad=1; }
lines=$(printf '%s\n' "$card" | wc -l)
[ "$lines" -gt 30 ] && [ "$lines" -le 60 ] || { echo "$page: the card has $lines lines"; bad=1; }
names=$(sed -nE 's/.*(builtin|add_function|add_method)\(L, "([a-z]+)".*/\2/p; s/.*\{"([a-z]+)", [a-z]+\}.*/\1/p' \
  "$root"/lf/lua_csv.c "$root"/lf/lua_helpers.c "$root"/lf/lua_rx_match.c \
  "$root"/lf/lua_rx.c "$root"/lf/lua_texts.c)
for name in $names class ABSTAIN field label prior run; do
  printf '%s\n' "$card" | grep -qw "$name" || { echo "$page: the card lacks '$name'"; bad=1; }
  grep -q "$name" "$page" || { echo "$page: lacks '$name'"; bad=1; }
done
[ "$(printf '%s\n' $names | wc -l)" -ge 16 ] || { echo "found too few names: $names"; bad=1; }
exit $bad
