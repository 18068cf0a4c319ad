// Runs Lighthouse on the pages that come as JSON on the standard input, each time in a new browser,
// and prints a line of JSON for each page: node lighthouse.mjs <folder of modules> <Chromium> <times> < pages.json
// A page that is perfect at once is not measured again; of any other the median of all times counts.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [modules, executablePath, times] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(`${modules}/${file}`));
const { default: lighthouse } = await load("lighthouse/core/index.js");
const { default: puppeteer } = await load(
  "puppeteer-core/lib/esm/puppeteer/puppeteer-core.js",
);

const args = ["--disable-gpu", "--disable-dev-shm-usage"];
if (process.getuid?.() === 0) args.push("--no-sandbox");
const categories = ["performance", "accessibility", "best-practices", "seo"];
const middle = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

// What Lighthouse still waits for when a browser closes is of no interest; `look` throws what is.
process.on("unhandledRejection", () => {});

async function look({ url, cookie }) {
  const browser = await puppeteer.launch({ executablePath, args, headless: true });
  try {
    const tab = await browser.newPage();
    // A cookie in a header of Lighthouse's does not reach the site: the browser must hold it.
    if (cookie) await tab.setCookie({ ...cookie, url });
    const flags = { logLevel: "silent", onlyCategories: categories, disableFullPageScreenshot: true };
    const { lhr } = await lighthouse(url, flags, undefined, tab);
    if (lhr.runtimeError) throw new Error(lhr.runtimeError.code);
    return lhr;
  } finally {
    await browser.close();
  }
}

// A busy machine makes the browser lose a page now and then: that says nothing about the page.
async function lookAgain(page, tries = 3) {
  try {
    return await look(page);
  } catch (error) {
    if (tries === 1) throw error;
    return lookAgain(page, tries - 1);
  }
}

async function measure(page) {
  const scores = Object.fromEntries(categories.map((category) => [category, []]));
  const lost = new Set();
  for (let time = 0; time < Number(times); time += 1) {
    const lhr = await lookAgain(page);
    if (lhr.finalDisplayedUrl !== page.url) lost.add(`moved to ${lhr.finalDisplayedUrl}`);
    for (const category of categories) {
      scores[category].push(Math.round(100 * lhr.categories[category].score));
      for (const { id, weight } of lhr.categories[category].auditRefs) {
        const { score } = lhr.audits[id];
        if (weight && score !== null && score < 0.9) lost.add(id);
      }
    }
    const perfect = categories.every((category) => category === "seo" || scores[category][0] === 100);
    if (time === 0 && perfect) break;
  }
  const medians = categories.map((category) => middle(scores[category]));
  console.log(JSON.stringify({ name: page.name, medians, lost: [...lost] }));
}

for (const page of JSON.parse(readFileSync(0, "utf8"))) await measure(page);
