# Help goes to standard output; every command has it.
weaksup help
for c in fit apply analyze test try predict evaluate export inspect version; do
  weaksup $c --help >$c.txt && weaksup help $c | cmp - $c.txt && grep -c '^usage: weaksup' $c.txt
done
cat fit.txt
weaksup try --help
weaksup help >overview.txt && weaksup help help | cmp - overview.txt && echo same
weaksup manual >weaksup.1 && weaksup manual help | cmp - weaksup.1 && echo same
