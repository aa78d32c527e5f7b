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
	code = code text($0) "\n"
}

END {
	flush_part()
	print ".SH SEE ALSO\n.BR mp_pool (3),\n.BR mp_lock (3),\n.BR mp_process (3)"
}
