# SPDX-License-Identifier: MIT
# Makes a manual page from a public header, so that there is one text to keep right:
#	awk -v version=0.1.0 -f man.awk include/mp/lock.h > mp_lock.3
# The first comment after the guard is the description; a comment in front of declarations
# explains them. It knows the headers' style and no more C than that.

function text(line) {
	gsub(/\\/, "\\e", line)
	if (line ~ /^[.']/)
		line = "\\&" line
	return line
}

# The pages of the headers that this one includes, and of those that belong to it in use.
function see_also(    pages, others, count, i) {
	others["lock"] = "rlock condition value"
	others["rlock"] = "lock value array"
	others["condition"] = "lock rlock event"
	others["semaphore"] = "lock event queue"
	others["event"] = "condition barrier semaphore"
	others["barrier"] = "event condition"
	others["queue"] = "pipe pool semaphore"
	others["pipe"] = "queue process"
	others["pool"] = "process queue shared"
	others["process"] = "pool shared pipe"
	others["shared"] = "arena value process"
	others["arena"] = "shared lock"
	others["value"] = "array rlock shared"
	others["array"] = "value rlock shared"
	others["status"] = "lock pool process"
	others["checker"] = "lock pool"
	count = split(others[page], pages, " ")
	for (i = 1; i <= count; i++)
		related = related ",\n.BR mp_" pages[i] " (3)"
	return related
}

# Within comments a line that begins with a tab is an example.
function print_comment(comment,    lines, count, i, example) {
	count = split(comment, lines, "\n")
	example = 0
	for (i = 1; i <= count; i++) {
		if (lines[i] ~ /^\t/ && !example)
			print ".PP\n.nf"
		else if (lines[i] !~ /^\t/ && example)
			print ".fi"
		example = lines[i] ~ /^\t/
		if (lines[i] == "")
			print ".PP"
		else
			print text(lines[i])
	}
	if (example)
		print ".fi"
}

function flush_part() {
	if (code != "") {
		print ".PP\n.nf\n.B"
		printf "%s", code
		print ".fi"
	}
	if (comment != "") {
		print code != "" ? ".RS" : ".PP"
		print_comment(comment)
		if (code != "")
			print ".RE"
	}
	code = comment = ""
}

# The words of mp/language.h, as C has them.
function plain_words(line) {
	line = plain_word(line, "MP_ATOMIC\\(", "_Atomic(")
	return plain_word(line, "MP_ALIGNAS\\(", "_Alignas(")
}

function plain_word(line, pattern, word) {
	sub(pattern, word, line)
	return line
}

# What a reader may look for: the functions that are declared.
function note_name(line,    name) {
	if (line !~ /^[a-z_].*[ *]mp_[a-z_]+\(/ || line ~ /^typedef/)
		return
	name = line
	sub(/\(.*/, "", name)
	sub(/.*[ *]/, "", name)
	names = names == "" ? name : names ", " name
}

NR == FNR {
	note_name($0)
	next
}

FNR == 1 {
	page = FILENAME
	sub(/.*\//, "", page)
	sub(/\.h$/, "", page)
	printf ".TH MP_%s 3 \"\" \"mp %s\" \"Library mp\"\n", toupper(page), version
	print ".SH NAME"
	printf "%s \\- mp/%s.h\n", names == "" ? "mp_" page : names, page
	printf ".SH SYNOPSIS\n.B #include <mp/%s.h>\n.PP\nLink with the flags of \"pkg-config \\-\\-libs mp\".\n", page
	print ".SH DESCRIPTION"
}

# What C++ needs is of no use to a reader.
/^#ifdef __cplusplus/ { in_cpp = 1 }
in_cpp {
	if (/^#endif/)
		in_cpp = 0
	next
}

/^\/\* SPDX/ || (/^#/ && !/^#define MP_[A-Z_]+ /) { next }

/^\/\*/ {
	flush_part()
	in_comment = 1
	line = $0
	sub(/^\/\* ?/, "", line)
	if (line ~ /\*\/$/) {
		sub(/ ?\*\/$/, "", line)
		in_comment = 0
	}
	comment = line
	next
}

in_comment {
	line = $0
	if (sub(/ ?\*\/$/, "", line)) {
		in_comment = 0
		if (line ~ /^ ?\*?$/)
			next
	}
	sub(/^ \*$/, "", line)
	sub(/^ \* ?/, "", line)
	comment = comment == "" ? line : comment "\n" line
	next
}

/^$/ {
	# A struct's fields may stand apart.
	if (code == "" || code ~ /;\n$/)
		if (!in_braces)
			flush_part()
	next
}

{
	if (/{$/)
		in_braces = 1
	if (/^}/)
		in_braces = 0
	sub(/ ?MP_(MUST_USE|NO_RETURN)/, "")
	$0 = plain_words($0)
	code = code text($0) "\n"
}

END {
	flush_part()
	print ".SH SEE ALSO\n.BR mp (3)" see_also()
}
