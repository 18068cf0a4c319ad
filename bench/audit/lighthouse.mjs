// Runs Lighthouse on the pages that come as JSON on the standard input, in one browser, and prints a
// line of JSON for each: node lighthouse.mjs <folder of modules> <Chromium> <times> < pages.json
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [modules, executablePath, times] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(`${modules}/${file}`));
const { default: lighthouse } = await load("lighthouse/core/index.js");
const { default: puppeteer } = await load(
  "puppeteer-core/lib/esm/puppeteer/puppeteer-core.js",
);

const args = ["--disable-gpu"];
if (process.getuid?.() === 0) args.push("--no-sandbox");
const browser = await puppeteer.launch({ executablePath, args, headless: true });
const categories = ["performance", "accessibility", "best-practices", "seo"];
const middle = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

// A busy machine makes the browser lose a page now and then: that says nothing about the page.
async function look(tab, url) {
  for (let tries = 1; ; tries += 1) {
    const flags = { logLevel: "silent", onlyCategories: categories };
    const { lhr } = await lighthouse(url, flags, undefined, tab);
    if (!lhr.runtimeError || tries === 3) return lhr;
  }
}

for (const { name, url, cookie } of JSON.parse(readFileSync(0, "utf8"))) {
  const scores = Object.fromEntries(categories.map((category) => [category, []]));
  const lost = new Set();
  // A cookie in a header of Lighthouse's does not reach the site: the browser must hold it.
  const context = await browser.createBrowserContext();
  const tab = await context.newPage();
  if (cookie) await tab.setCookie({ ...cookie, url });
  for (let time = 0; time < Number(times); time += 1) {
    const lhr = await look(tab, url);
    if (lhr.runtimeError) lost.add(lhr.runtimeError.code);
    if (lhr.finalDisplayedUrl !== url) lost.add(`moved to ${lhr.finalDisplayedUrl}`);
    for (const category of categories) {
      scores[category].push(Math.round(100 * (lhr.categories[category].score ?? 0)));
      for (const { id, weight } of lhr.categories[category].auditRefs) {
        const { score } = lhr.audits[id];
        if (weight && score !== null && score < 0.9) lost.add(id);
      }
    }
  }
  await context.close();
  const medians = categories.map((category) => middle(scores[category]));
  console.log(JSON.stringify({ name, medians, lost: [...lost] }));
}
await browser.close();
