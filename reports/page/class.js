// The class page: sorting, filter and search in the table of students. Without it the table says
// the same, in one order.
"use strict";

const table = document.getElementById("students");
const body = table && table.tBodies[0];

// Each row's cells as text, read once.
const rows = body ? [...body.rows].map((row) => ({
	row,
	cells: [...row.cells].map((cell) => cell.textContent),
	shown: true,
})) : [];

function labelled(words, control) {
	const label = document.createElement("label");
	label.append(words, control);
	return label;
}

function choices(words) {
	const select = document.createElement("select");
	for (const word of words) select.add(new Option(word));
	return select;
}

function makeFilters() {
	const failed = new Set(rows.flatMap((one) => one.cells[2].split(", ").filter(Boolean)));
	const search = document.createElement("input");
	const criterion = choices(["any", "none", ...[...failed].sort()]);
	const told = document.createElement("output");
	search.type = "search";
	told.setAttribute("aria-live", "polite");
	const apply = () => {
		const wanted = search.value.trim().toLowerCase();
		const which = criterion.value;
		let count = 0;
		for (const one of rows) {
			const names = one.cells[2];
			const fits = which === "any" || (which === "none" ? names === "" : names.split(", ").includes(which));
			const shown = fits && one.cells[0].toLowerCase().includes(wanted);
			count += shown;
			if (shown !== one.shown) one.row.hidden = !shown;
			one.shown = shown;
		}
		told.textContent = `${count} of ${rows.length} submissions`;
	};
	search.addEventListener("input", apply);
	criterion.addEventListener("change", apply);
	document.getElementById("filters").append(labelled("Search a name", search), labelled("Failed", criterion), told);
	apply();
}

function compare(left, right, column) {
	if (column !== 1) return left.cells[column].localeCompare(right.cells[column]);
	const share = (one) => {
		const [points, most] = one.cells[1].split(" of ").map(Number);
		return most ? points / most : -1;
	};
	return share(left) - share(right);
}

function makeSorting() {
	[...table.tHead.rows[0].cells].forEach((head, column) => {
		const button = document.createElement("button");
		button.type = "button";
		button.textContent = head.textContent;
		head.replaceChildren(button);
		button.addEventListener("click", () => {
			const down = head.getAttribute("aria-sort") === "ascending";
			for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
			head.setAttribute("aria-sort", down ? "descending" : "ascending");
			rows.sort((left, right) => (down ? -1 : 1) * compare(left, right, column));
			body.append(...rows.map((one) => one.row));
		});
	});
}

if (table) {
	makeFilters();
	makeSorting();
}
