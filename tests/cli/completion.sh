# Completion, asked of the shells themselves; fish and zsh where they are installed.
mkdir lfs; touch data.jsonl
cat >ask.bash <<'END'
eval "$(weaksup completion bash)"
ask() {
  COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
  _weaksup
  echo "$*: $(printf '%s\n' "${COMPREPLY[@]}" | sort | tr '\n' ' ')"
}
ask weaksup ap
ask weaksup fit --rec
ask weaksup fit --recipe = p
ask weaksup fit --label-model ''
ask weaksup fit l
ask weaksup fit --data d
ask weaksup fit -j ''
ask weaksup predict --json
ask weaksup help insp
ask weaksup completion ''
END
bash ask.bash
weaksup completion tcsh; echo "exit $?"

have() { command -v $1 >/dev/null 2>&1; }
fish_asks() {
  fish -c "weaksup completion fish | source; complete -C '$1'" | cut -f 1 | sort | tr '\n' ' '
}
if have fish; then
  [ "$(fish_asks 'weaksup ap')" = 'apply ' ] || echo "fish: $(fish_asks 'weaksup ap')"
  [ "$(fish_asks 'weaksup fit --recipe ')" = 'auto plain ' ] || echo "fish: recipe"
  [ "$(fish_asks 'weaksup fit --rec')" = '--recipe ' ] || echo "fish: --rec"
  [ "$(fish_asks 'weaksup fit l')" = 'lfs/ ' ] || echo "fish: LFS: $(fish_asks 'weaksup fit l')"
fi
# zsh completes only what is typed into a terminal: one of its own.
cat >ask.zsh <<'END'
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PS1=; autoload -Uz compinit; compinit -u -D; source ./_weaksup; echo rea""dy'
zpty -r -m shell line '*ready*'
zpty -w -n shell $'weaksup fit --recipe pl\t'
zpty -r -m shell line '*plain*'
print -r -- $line
zpty -d shell
END
if have zsh; then
  weaksup completion zsh >_weaksup
  zsh -n _weaksup || echo "zsh: no script"
  timeout 20 zsh -f ask.zsh | grep -q 'plain' || echo "zsh: --recipe"
fi
