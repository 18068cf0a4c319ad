// Runs Lighthouse on pages given as JSON on the standard input, in one browser, and prints a line of
// JSON for each: node lighthouse.mjs <folder of node_modules> <Chromium> <times> < pages.json
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [modules, chromePath, times] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(`${modules}/${file}`));
const { default: lighthouse } = await load("lighthouse/core/index.js");
const { launch } = await load("chrome-launcher/dist/index.js");

const flags = ["--headless=new", "--disable-gpu"];
if (process.getuid?.() === 0) flags.push("--no-sandbox");
const chrome = await launch({ chromePath, chromeFlags: flags });
const categories = ["performance", "accessibility", "best-practices", "seo"];
const middle = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

for (const page of JSON.parse(readFileSync(0, "utf8"))) {
  const scores = Object.fromEntries(categories.map((category) => [category, []]));
  const lost = new Set();
  for (let time = 0; time < Number(times); time += 1) {
    const { lhr } = await lighthouse(page.url, {
      port: chrome.port,
      logLevel: "silent",
      output: "json",
      onlyCategories: categories,
      extraHeaders: page.cookie ? { Cookie: page.cookie } : {},
    });
    if (lhr.runtimeError) lost.add(lhr.runtimeError.code);
    for (const category of categories) {
      scores[category].push(Math.round(100 * (lhr.categories[category].score ?? 0)));
      for (const { id, weight } of lhr.categories[category].auditRefs) {
        const { score } = lhr.audits[id];
        if (weight && score !== null && score < 0.9) lost.add(id);
      }
    }
  }
  const medians = categories.map((category) => middle(scores[category]));
  console.log(JSON.stringify({ name: page.name, medians, lost: [...lost] }));
}
await chrome.kill();
