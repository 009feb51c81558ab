# Nine records in ten are HAM: an LF that votes for it and is right nine times in ten says nothing,
# one that is right in little more than half of its votes for SPAM says much.
. "$(realpath "$SAMPLES/../tests")/support/planted_task.sh"
planted_task . 2000 1500 10
cat >reply <<'END'
```lua
function lf.majority(x) if has(x.text, { "maybe", "stone", "river", "lamp" }) then return HAM end end
```
```lua
function lf.visits(x) if has(x.text, { "visit" }) then return SPAM end end
```
END
weaksup generate lfs --cmd 'cat reply' --model stub --rounds 1 --no-classifier
grep evidence lfs/generated/*
