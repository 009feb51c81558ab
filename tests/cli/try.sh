# What each labeling function matched, where, and where it failed.
# Times differ from run to run.
steady() {
  sed -E -e 's/^([^ ]+ +[^ ]+) +(\xC2\xB5s|-)(  |$)/\1  \2\3/' \
    -e 's/^([^ ]+ +[^ ]+) +[0-9]+(\.[0-9])?(  |$)/\1  T\3/'
}
mkdir lfs
cat >lfs/a.lua <<'END'
function field.tokens(x) return words(x.lower) end
function field.n(x) return #x.tokens end
local function inner(t) return t.foo.bar end
function lf.check(x) if rx([[check\s+out]], "i"):test(x.text) then return SPAM end end
function lf.plain(x) if x.lower:find("my channel", 1, true) then return SPAM end end
function lf.many(x) if x.n > 3 then return HAM end end
function lf.has(x) if has(x.text, { "istanbul" }) then return HAM end end
function lf.own(x) if (x.text .. "!"):match("%a+!") then return HAM end end
function lf.broken(x)
  local y = inner(x)
  return y
end
function lf.hangs(x) while x.text:find("channel") do end end
lf.words = keywords(SPAM, { "Channel" })
END
cat >lfs/b.rules <<'END'
subscribe SPAM /\bsubscribe\b/i
shop      SPAM author ~ /sh.p/
escape    HAM  /\x1b.*/
wide      HAM  /\p{Han}+/
long      HAM  /.+/s
city      HAM  @cities.txt
END
printf '\304\260stanbul\n' >lfs/cities.txt
cat >data.jsonl <<'END'
{"id":"a1","text":"my channel","author":"the shop"}
{"id":"a\n2","text":"\u0130stanbul \u65e5\u672c check\n\tOUT \u001b[31m\u202e","author":1}
END
printf 'classes = { "HAM", "SPAM" }\ndata = "data.jsonl"\nid = "id"\n' >weaksup.lua
weaksup try lfs --id a1 | steady
weaksup try lfs --id "$(printf 'a\n2')" | steady
weaksup try lfs --text 'Subscribe!' >out; steady <out
weaksup try lfs --id "$(printf 'a\n2')" --json | jq -c '.votes[] | [.lf, .match]'
weaksup try lfs --id a1 --json | jq -c '.votes[] | select(.derived != [] or .traceback != null) | [.lf, .derived, .traceback]'
weaksup try lfs --id a1 --json | jq -c '[.votes[].microseconds | type] | unique'

# Columns stand below one another.
sed '/^$/,$d' out | LC_ALL=C awk 'NR > 1 {match($0, /^[^ ]+ +[^ ]+ +[^ ]+/); print RLENGTH}' | sort -u | wc -l

# So do those with wide characters: the two take six bytes and four columns.
printf 'a \346\227\245\346\234\254 /x/\nb SP /y/\n' >c.rules
weaksup try c.rules --classes "$(printf '\346\227\245\346\234\254,SP')" --text xy |
  LC_ALL=C awk '/rule/ {at[NR] = index($0, "rule")} END {print at[2] - at[3]}'
