# SPDX-License-Identifier: MIT
# Published sets as the replies saw them; for scripts that have `data` and `scratch`, and the folder
# of tasks in `tasks`.

# prepare SET: data.jsonl, dev.jsonl and test.jsonl in $scratch/SET. Labels of the data are not
# there: nothing can look at them. The same with the votes of people's functions is in
# *_votes.jsonl. A set without a dev part lends the first 100 of valid.
prepare() {
  to=$scratch/$1
  from=$data/$1
  mkdir -p "$to"
  zcat "$from/test.jsonl.gz" >"$to/test_votes.jsonl"
  case $1 in
  agnews24k)
    zcat "$from/valid.jsonl.gz" | sed -n '1,100p' >"$to/dev_votes.jsonl"
    zcat "$from/valid.jsonl.gz" | sed '1,100d' >"$to/data_votes.jsonl" ;;
  text_emotion)
    zcat "$from/valid.jsonl.gz" | sed -n '1,100p' >"$to/dev_votes.jsonl"
    zcat "$from/train.jsonl.gz" >"$to/data_votes.jsonl" ;;
  *)
    zcat "$from/dev.jsonl.gz" >"$to/dev_votes.jsonl"
    zcat "$from/train.jsonl.gz" >"$to/data_votes.jsonl" ;;
  esac
  jq -c '{id, text}' "$to/data_votes.jsonl" >"$to/data.jsonl"
  for part in dev test; do
    jq -c '{id, text, "label": .label}' "$to/${part}_votes.jsonl" >"$to/$part.jsonl"
  done
  cp "$tasks/$1.lua" "$to/weaksup.lua"
  printf '%s = "%s.jsonl"\n' data data dev dev test test >>"$to/weaksup.lua"
  echo 'id = "id"' >>"$to/weaksup.lua"
}
