# Hostile code that comes in a reply ends as a rejection, with the code that its first line says it
# ends with; nothing of it is left among the labeling functions. What does no harm votes the same
# on all of a thousand records, or on none, and that is what it is refused for.
. "$(realpath "$SAMPLES/../tests")/support/planted_task.sh"
tests=$(realpath "$SAMPLES/../tests")
planted_task . 1000 40 2
# The file without its first line, its <<N*PIECE>> written out, in a fence of its own.
wrap() {
  kind=${1##*.}
  printf '``````````%s\n' "$kind"
  sed 1d "$1" | awk '{
    while (match($0, /<<[0-9]+\*[^>]*>>/)) {
      piece = substr($0, RSTART + 2, RLENGTH - 4)
      n = piece + 0; sub(/^[0-9]*\*/, "", piece)
      printf "%s", substr($0, 1, RSTART - 1)
      $0 = substr($0, RSTART + RLENGTH)
      while (n-- > 0 && total++ < 30000) printf "%s", piece
    }
    print
  }'
  printf '``````````\n'
}
# Of those that want more time than there ever is, the machine decides whether a call's steps, its
# processor time or the parent's patience end first: they end at a limit. The pattern that is large
# but allowed is one of them on the longest records.
for file in "$tests"/hostile/*; do
  wrap "$file" >reply
  name=$(basename "$file")
  expected=$(sed -n '1s/^[-#]* expect: \([a-z_]*\).*/\1/p' "$file")
  code=0 time=5000 records=30
  [ "$expected" != limit_cpu ] || time=50
  [ "$expected" != votes ] && [ "$expected" != same ] || records=1000
  case $name in
  27_plain_find* | 48_unpack.lua | 98_memory_nearly_used*) records=30 ;; # slow
  99_rule_pattern_large*) time=50 records=30 expected=limit_cpu ;;
  esac
  weaksup generate lfs --cmd 'cat reply' --model stub --rounds 1 --n 1 --no-classifier --quiet \
    --json --lf-time $time --lf-memory 16 --records $records >out.json 2>err || code=$?
  found=$(jq -r '[.lfs[] | "\(.status) \(.stage) \(.reason)"] | unique | join(", ")' out.json)
  [ "$expected" != limit_cpu ] ||
    found=$(echo "$found" | sed 's/limit_cpu$/at its limit/; s/killed$/at its limit/')
  echo "$name, $expected: exit $code, $found$(grep -v 'candidates are tried on 30 records only' err)"
  ls lfs 2>/dev/null
  LC_ALL=C grep -l "$(printf '\033')" out.json
  rm -rf generated
done
