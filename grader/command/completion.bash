# Completion of interlock's commands and options in bash, asked from the program itself.
_interlock() {
	local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} words
	if [ "$COMP_CWORD" -eq 1 ]; then
		words="help $(interlock --help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p')"
	elif [ "$command" = help ]; then
		words=$(interlock --help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p')
	elif [ "${word#-}" != "$word" ]; then
		words=$(interlock "$command" --help 2>/dev/null | grep -oE -- '--[a-z][a-z-]*' | sort -u)
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o filenames -F _interlock interlock
