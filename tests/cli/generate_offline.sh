# A replay needs no network: it is played where there is none, and where the first socket would be
# the program's end, with a server named that could be asked. Skipped where neither can be had.
. "$(realpath "$SAMPLES/../tests")/support/planted_task.sh"
sockets="$SAMPLES/../tests/support/no_sockets.py"
ways=
! unshare -rn true 2>/dev/null || ways=lonely
! python3 "$sockets" true 2>/dev/null || ways="$ways filtered"
if [ -z "$ways" ]; then
  echo "skipped: no namespace without a network (unshare -rn), and no libseccomp"
  exit 77
fi
lonely() { unshare -rn "$@"; }
filtered() { python3 "$sockets" "$@"; }

planted_task recorded 300 200 2
cat >model.sh <<'END'
#!/bin/sh
cat >/dev/null
case $WEAKSUP_CHAT_SEED in
0) printf '```rules\nclicks SPAM /click/\nfamily HAM /mother|dinner/\nwrong SPAM /song/\n```\n' ;;
*) printf '```lua\nfunction lf.wins(x) if has(x.text, { "win" }) then return SPAM end end\n```\n' ;;
esac
END
chmod +x model.sh
for way in $ways; do cp -r recorded $way; cp -r recorded ${way}_again; done
(cd recorded && weaksup generate lfs --model m --cmd ../model.sh --record ../kept --rounds 2 --quiet)
find recorded/lfs recorded/generated -type f | sort
for way in $ways; do
  for copy in $way ${way}_again; do
    (cd $copy && $way weaksup generate lfs --model m --cmd 'touch ../asked' --replay ../kept \
      --rounds 2 --quiet) || echo "$copy: exit $?"
    for part in lfs generated; do diff -r recorded/$part $copy/$part; done
  done
done
ls asked 2>&1
