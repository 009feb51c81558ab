# PCRE2's machine code changes no vote.
for sample in spam household; do
  weaksup apply "$SAMPLES/$sample/lfs" --out with.wsv
  weaksup apply "$SAMPLES/$sample/lfs" --out without.wsv --no-jit
  cmp with.wsv without.wsv && wc -c <with.wsv | grep -q '[0-9][0-9][0-9]' && echo same
done
mkdir lfs
cat >lfs/a.rules <<'END'
alternatives  A  /^(?:a|b)*$/
words         B  /^(?:\w+\s)+$/
nested        A  /^(?:a+)+$/
recursive     B  /^(\((?1)*\)|x)+$/
END
awk 'function times(s, n, t) { while (n--) t = t s; return t }
  BEGIN { print times("ab", 3000); print times("(", 3000) times(")", 3000); print "x"
    print times("ab", 20000); print times("a", 40) "b"; print times("word ", 15) }' >d.txt
weaksup apply lfs --classes A,B --data d.txt >with 2>said
weaksup apply lfs --classes A,B --data d.txt --no-jit 2>said.without | cmp - with
cmp said said.without
cat with said
