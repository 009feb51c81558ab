# Records stream through `apply -` in memory that does not grow with their number.
stream=$SAMPLES/../tests/bench/stream.sh
few=200000 many=1000000
[ -z "${WS_SANITIZED:-}" ] || few=2000 many=10000
sh "$stream" "$(command -v weaksup)" $few $many >figures || exit 1
# Sanitizers keep freed memory for a while: with them only the streaming itself is tested.
awk -v sanitized="${WS_SANITIZED:-}" '
  {memory[NR] = $5 + $8}
  END {
    grown = memory[2] - memory[1]
    if (NR != 2 || (!sanitized && grown > 4096)) print "grew by " grown " KB"
    else print "constant"
  }' figures
