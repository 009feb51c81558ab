# Hostile code that comes in a reply ends as a rejection, with a reason; nothing of it is left
# among the labeling functions.
. "$(realpath "$SAMPLES/../tests")/support/planted_task.sh"
tests=$(realpath "$SAMPLES/../tests")
planted_task . 30 40 2
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
# How much time there is differs; those that want more than there ever is end at a limit.
for file in "$tests"/hostile/*; do
  wrap "$file" >reply
  code=0
  time=5000
  ! head -n 1 "$file" | grep -q 'limit_cpu' || time=50
  weaksup generate lfs --cmd 'cat reply' --model stub --rounds 1 --n 1 --no-classifier --quiet \
    --json --lf-time $time >out.json 2>err || code=$?
  found=$(grep '"status"\|"stage"\|"reason"' out.json | cut -d '"' -f 4 | paste -d ' ' - - - |
    sed 's/limit_.*\|killed/limit/' | sort -u | tr '\n' ' ')
  echo "$(basename "$file"): exit $code $found$(cat err)"
  ls lfs 2>/dev/null
  LC_ALL=C grep -l "$(printf '\033')" out.json
  rm -rf generated
done
