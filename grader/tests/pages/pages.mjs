// Opens pages in Chromium and looks for what a person would miss: usage: pages.mjs FOLDER, in
// which are class/index.html, class/NAME/page.html and pictures.html. Says what is wrong, one
// line each, and exits with 1 then.
import { readFileSync, readdirSync, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.cwd(), "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const folder = resolve(process.argv[2]);
const faults = [];
let where = "";
function expect(holds, what) {
	if (!holds) faults.push(`${where}: ${what}`);
}

// A page at 390 pixels that is watched for errors and requests.
async function open(context, path) {
	const page = await context.newPage();
	const url = pathToFileURL(path).href;
	where = path.slice(folder.length + 1);
	page.on("console", (message) => expect(!["error", "warning"].includes(message.type()), message.text()));
	page.on("pageerror", (error) => expect(false, error.message));
	page.on("request", (request) => expect(request.url() === url || request.url().startsWith("data:"), `asks for ${request.url()}`));
	await page.goto(url);
	const width = await page.evaluate(() => document.documentElement.scrollWidth);
	expect(width <= 390, `is ${width} pixels wide`);
	return page;
}

async function expectAccessible(page) {
	await page.evaluate(axe);
	const found = await page.evaluate(() => window.axe.run());
	for (const violation of found.violations)
		expect(!["serious", "critical"].includes(violation.impact),
			`axe: ${violation.id}: ${violation.nodes[0].html.slice(0, 200)} ${violation.nodes[0].failureSummary}`);
}

// Forward to the end by button, back by key: each step is said, and the last state is the first.
async function stepThrough(page) {
	const steps = await page.locator(".witness script").first().evaluate((data) => JSON.parse(data.textContent).rungs.length);
	const said = page.locator(".player output").first();
	const next = page.getByRole("button", { name: "Next step" }).first();
	const memory = page.locator(".player table").first();
	const before = await memory.innerText();
	const seen = new Set();
	for (let i = 0; i < steps; i++) {
		await next.click();
		seen.add(await page.locator(".w-now").first().getAttribute("data-rung"));
		expect((await said.innerText()).length > 5, `says nothing of step ${i + 1}`);
	}
	expect(seen.size === steps, `shows ${seen.size} of ${steps} steps`);
	expect(await next.isDisabled(), "goes on behind the end");
	const back = page.getByRole("button", { name: "Back" }).first();
	await back.focus();
	for (let i = 0; i < steps; i++) await page.locator(".player").first().press("ArrowLeft");
	expect(await memory.innerText() === before, "does not come back to where it began");
	await page.getByRole("button", { name: "Where it goes wrong" }).first().click();
	expect(await page.locator(".w-now .w-dot-wrong, .w-now .w-note").count() > 0, "does not show where it goes wrong");
}

// What the script knows stands in the page without it, too.
async function expectWhole(context, path) {
	const page = await open(context, path);
	const text = await page.locator("body").innerText();
	const all = await page.locator(".witness script").evaluateAll((data) => data.map((one) => JSON.parse(one.textContent)));
	for (const rung of all.flatMap((ladder) => ladder.rungs)) {
		for (const words of [rung.deed, rung.value, rung.note])
			expect(!words || text.includes(words), `without scripts it lacks '${words}'`);
	}
	expect(await page.locator(".player").count() === 0, "has a player without scripts");
	await page.close();
}

async function tryClass(context) {
	const page = await open(context, join(folder, "class", "index.html"));
	const rows = page.locator("#students tbody tr");
	const visible = page.locator("#students tbody tr:visible");
	const all = await rows.count();
	const failed = await page.getByLabel("Failed").locator("option").allInnerTexts();
	expect(all === await visible.count() && all > 2, "does not show all at first");
	await page.getByLabel("Failed").selectOption(failed[2]);
	const some = await visible.count();
	expect(some > 0 && some < all, `filters ${some} of ${all}`);
	for (const row of await visible.allInnerTexts()) expect(row.includes(failed[2]), `shows '${row}'`);
	await page.getByLabel("Failed").selectOption("any");
	const name = await rows.first().locator("th").innerText();
	await page.getByLabel("Search").fill(name.toUpperCase());
	expect(await visible.count() >= 1 && await visible.count() < all, "does not find a name");
	await page.getByLabel("Search").fill("");
	await page.getByRole("button", { name: "Points" }).click();
	const points = (await page.locator("#students tbody tr td:nth-child(2)").allInnerTexts())
		.map((text) => text.split(" of ").map(Number)).map(([got, most]) => (most ? got / most : -1));
	expect(points.every((one, at) => at === 0 || points[at - 1] <= one), `sorts ${points}`);
	await expectAccessible(page);
	for (const link of await page.locator("#students a").evaluateAll((links) => links.map((one) => one.href)))
		expect(existsSync(decodeURI(new URL(link).pathname)), `links to ${link}, which is not there`);
	await page.close();
}

// No text of a drawing lies on another.
async function tryPictures(context) {
	const page = await context.newPage();
	where = "pictures.html";
	await page.goto(pathToFileURL(join(folder, "pictures.html")).href);
	const overlaps = await page.evaluate(() => [...document.querySelectorAll("svg")].flatMap((picture, at) => {
		const size = picture.viewBox.baseVal;
		const boxes = [...picture.querySelectorAll("text")].map((text) => ({ words: text.textContent, box: text.getBBox() }));
		const faults = boxes.filter(({ box }) => box.x < 0 || box.x + box.width > size.width || box.y + box.height > size.height)
			.map(({ words }) => `picture ${at}: '${words}' is over the edge`);
		boxes.forEach(({ words, box }, i) => boxes.slice(i + 1).forEach((other) => {
			const wide = Math.min(box.x + box.width, other.box.x + other.box.width) - Math.max(box.x, other.box.x);
			const high = Math.min(box.y + box.height, other.box.y + other.box.height) - Math.max(box.y, other.box.y);
			if (wide > 1 && high > 1) faults.push(`picture ${at}: '${words}' lies on '${other.words}'`);
		}));
		return faults;
	}));
	for (const fault of overlaps.slice(0, 10)) expect(false, fault);
	await page.close();
}

const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
	// The pages are our own, and root has no sandbox there.
	args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
const size = { viewport: { width: 390, height: 800 } };
const light = await browser.newContext({ ...size, colorScheme: "light" });
const dark = await browser.newContext({ ...size, colorScheme: "dark" });
const bare = await browser.newContext({ ...size, javaScriptEnabled: false });
try {
	// Two of them are enough for what takes long: one by day, one in the dark.
	let witnesses = 0;
	for (const name of readdirSync(join(folder, "class")).sort()) {
		const path = join(folder, "class", name, "page.html");
		if (!existsSync(path)) continue;
		const page = await open(witnesses ? dark : light, path);
		if (await page.locator(".witness").count()) {
			if (witnesses === 0) await stepThrough(page);
			await expectAccessible(page);
			witnesses++;
		}
		await page.close();
		await expectWhole(bare, path);
	}
	expect(witnesses > 1, "the class has no two witnesses");
	await tryClass(light);
	await tryPictures(light);
} finally {
	await browser.close();
}
for (const fault of faults) console.log(fault);
process.exit(faults.length ? 1 : 0);
