# Commands and options of tillsight, as the program itself lists them in its help.
_tillsight() {
  local word=${COMP_WORDS[COMP_CWORD]} path=() each help
  for each in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $each == [a-z]* ]] && path+=("$each") || break
  done
  help=$(tillsight "${path[@]}" --help 2>/dev/null) || return 0
  if [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(grep -oE -- '--[a-z][a-z-]*' <<<"$help" | sort -u)" -- "$word")
  else
    mapfile -t COMPREPLY < <(compgen -W "$(awk '/^Subcommands:/ { on = 1; next } on && NF { print $1 }' <<<"$help")" -- "$word")
  fi
}
complete -o default -F _tillsight tillsight
