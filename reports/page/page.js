// The player of a witness, and buttons that copy. Without it the page says the same, at once.
"use strict";

function element(name, attributes, ...children) {
	const made = document.createElement(name);
	for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
	made.append(...children);
	return made;
}

function rungWords(ladder, rung) {
	if (rung.kind === "fold") return `${rung.count} steps are left out: ${rung.deed}`;
	if (rung.kind === "loop") return `The last ${rung.period} steps come ${rung.count} times more`;
	const value = rung.value === undefined ? "" : ` = ${rung.value}`;
	return `${ladder.tasks[rung.task].name}: ${rung.deed}${value}`;
}

// What is in memory, who holds what and where each task is, after the first `count` rungs.
function stateAfter(ladder, count) {
	const state = { memory: new Map(), holding: new Map(), places: new Map() };
	for (const rung of ladder.rungs.slice(0, count)) {
		for (const left of rung.memory || []) state.memory.set(left.object, left.value);
		for (const left of rung.holding || []) state.holding.set(left.task, left.held);
		if (rung.kind === "fold" || rung.kind === "loop") continue;
		if (rung.object && rung.value !== undefined) state.memory.set(rung.object, rung.value);
		if (rung.kind !== "wait") state.holding.set(rung.task, rung.held);
		if (rung.line) state.places.set(rung.task, { file: rung.file, line: rung.line });
	}
	return state;
}

class Player {
	constructor(witness, ladder) {
		this.witness = witness;
		this.ladder = ladder;
		this.count = 0;
		this.rungs = [...witness.querySelectorAll(".w-rung")];
		this.build();
		this.show();
	}

	button(words, move) {
		const made = element("button", { type: "button" }, words);
		made.addEventListener("click", () => this.go(move()));
		return made;
	}

	build() {
		const last = this.ladder.rungs.length;
		const wrong = this.ladder.rungs.findIndex((rung) => rung.decisive) + 1;
		this.first = this.button("Start again", () => 0);
		this.back = this.button("Back", () => this.count - 1);
		this.next = this.button("Next step", () => this.count + 1);
		this.wrong = this.button("Where it goes wrong", () => wrong || last);
		this.says = element("output", { "aria-live": "polite" });
		this.listing = element("div", { class: "listing", tabindex: "0", role: "region", "aria-label": "Source, with the line of each task" });
		this.memory = element("tbody");
		this.holding = element("tbody");
		const side = element("div", {},
			element("table", {}, element("caption", {}, "Shared memory"), this.memory),
			element("table", {}, element("caption", {}, "Locks"), this.holding));
		side.firstChild.hidden = !this.ladder.rungs.some((one) => one.object && one.value !== undefined);
		const player = element("div", { class: "player", role: "group", "aria-label": "Player of the witness" },
			element("div", { class: "buttons" }, this.first, this.back, this.next, this.wrong),
			this.says, element("div", { class: "panels" }, this.listing, side));
		player.addEventListener("keydown", (event) => {
			if (event.target.closest(".listing")) return;
			const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
			if (!move) return;
			event.preventDefault();
			this.go(this.count + move);
		});
		this.rungs.forEach((rung) => rung.addEventListener("click", () => this.go(Number(rung.dataset.rung) + 1)));
		this.witness.querySelector(".picture").before(player);
	}

	go(count) {
		this.count = Math.max(0, Math.min(count, this.ladder.rungs.length));
		this.show();
	}

	show() {
		const rung = this.ladder.rungs[this.count - 1];
		const state = stateAfter(this.ladder, this.count);
		this.first.disabled = this.back.disabled = this.count === 0;
		this.next.disabled = this.count === this.ladder.rungs.length;
		this.says.textContent = rung
			? `${rungWords(this.ladder, rung)}${rung.note ? `: ${rung.note}` : ""}`
			: "Go through the steps with the buttons or the arrow keys.";
		this.showPicture();
		this.showMemory(state, rung);
		this.showLocks(state, rung);
		this.showSource(state, rung);
	}

	showPicture() {
		this.witness.classList.toggle("stepping", this.count > 0);
		this.rungs.forEach((drawn) => {
			const at = Number(drawn.dataset.rung) + 1;
			drawn.classList.toggle("w-now", at === this.count);
			drawn.classList.toggle("w-later", at > this.count);
		});
	}

	row(name, value, changed) {
		return element("tr", changed ? { class: "changed" } : {}, element("th", { scope: "row" }, name), element("td", {}, value));
	}

	showMemory(state, rung) {
		const objects = new Set();
		for (const one of this.ladder.rungs) if (one.object && one.value !== undefined) objects.add(one.object);
		this.memory.replaceChildren(...[...objects].map((object) =>
			this.row(object, state.memory.get(object) ?? "not seen yet", rung && rung.object === object && rung.kind !== "read")));
	}

	showLocks(state, rung) {
		this.holding.replaceChildren(...this.ladder.tasks.map((task, at) =>
			this.row(task.name, state.holding.get(at) || "holds none",
				rung && rung.task === at && (rung.kind === "lock" || rung.kind === "unlock"))));
	}

	showSource(state, rung) {
		const file = (rung && rung.file) || (this.file ?? (this.ladder.rungs.find((one) => one.file) || {}).file);
		const source = [...document.querySelectorAll(".source")].find((one) => one.dataset.file === file);
		this.listing.hidden = !source;
		if (!source) return;
		if (this.file !== file) this.listing.replaceChildren(...[...source.querySelectorAll(".line")].map((line) => {
			const copy = line.cloneNode(true);
			copy.removeAttribute("id");
			return copy;
		}));
		this.file = file;
		let here = null;
		for (const line of this.listing.children) {
			const number = Number(line.dataset.line);
			const tasks = [...state.places].filter(([, place]) => place.file === file && place.line === number)
				.map(([task]) => this.ladder.tasks[task].name);
			const now = Boolean(rung) && rung.file === file && rung.line === number;
			line.dataset.tasks = tasks.join(" ") + (tasks.length ? " \u25b6" : "");
			line.classList.toggle("here", now);
			if (now) here = line;
		}
		if (here) this.listing.scrollTop = here.offsetTop - this.listing.offsetTop - this.listing.clientHeight / 2;
	}
}

for (const witness of document.querySelectorAll(".witness"))
	new Player(witness, JSON.parse(witness.querySelector("script").textContent));

for (const command of document.querySelectorAll(".command")) {
	const button = element("button", { type: "button" }, "Copy");
	button.addEventListener("click", async () => {
		await navigator.clipboard.writeText(command.querySelector("code").textContent);
		button.textContent = "Copied";
	});
	if (navigator.clipboard) command.append(button);
}
