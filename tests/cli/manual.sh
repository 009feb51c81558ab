# Manual pages of all commands: clean mdoc, with every option, and the text that --help has.
weaksup manual >weaksup.1
for c in $(weaksup help | awk '/^  [a-z]/ && $1 != "help" {print $1}'); do
  weaksup manual $c >weaksup-$c.1 || echo "no page of $c"
  grep -q "Xr weaksup-$c 1" weaksup.1 || echo "weaksup.1 lacks $c"
  mandoc -Tascii weaksup-$c.1 | sed 's,.\x08,,g' >$c.txt
  for o in $(weaksup help $c | grep -oE '^ +(-[a-z], )?--[a-z-]+' | grep -oE -e '--[a-z-]+'); do
    grep -q -e "^ .*$o" $c.txt || echo "weaksup-$c.1 lacks $o"
  done
done
# What pages refer to lies beside them, where mandoc does not look.
mandoc -Tlint ./*.1 | grep -v 'STYLE: referenced manual not found: Xr weaksup'
ls ./*.1 | wc -l
mandoc -Tascii -O width=78 weaksup-explain.1 | sed 's,.\x08,,g' | head -20
weaksup manual nothing; echo "exit $?"
