// Comfort only: every page works without this file.

const root = document.documentElement;

// A form that was refused: move to the summary, and from its links to the fields.
document.querySelector(".error-summary")?.focus();
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".error-summary a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  (field.closest("fieldset, .field") ?? field).scrollIntoView();
  field.focus({ preventScroll: true });
});

// A link to what is folded opens it: the short version of a lesson is one press away.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("main a[href^='#']");
  const folded = link && document.getElementById(link.hash.slice(1))?.closest("details");
  if (folded) folded.open = true;
});

// A second press of the same button within two seconds sends nothing.
const sent = new WeakMap();
document.addEventListener("submit", (event) => {
  const now = performance.now();
  if (now - (sent.get(event.target) ?? -Infinity) < 2000) event.preventDefault();
  else sent.set(event.target, now);
});

// Leave at once: the page goes blank and its place in the history is taken by the other page.
const exit = document.querySelector("[data-exit]");
const say = document.querySelector("[data-exit-status]");
const title = document.title;

function leave() {
  root.classList.add("leaving");
  document.title = "\u200b";
  location.replace(exit.href);
}

let presses = 0;
let alone = false;
let timer;

function reset() {
  presses = 0;
  if (say) say.textContent = "";
}

if (exit) {
  exit.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  // Only Shift pressed and released alone counts, three times within five seconds.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Shift") {
      if (!event.repeat) alone = true;
      return;
    }
    alone = false;
    reset();
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone) return;
    alone = false;
    clearTimeout(timer);
    timer = setTimeout(reset, 5000);
    presses += 1;
    if (presses >= 3) leave();
    else say.textContent = presses === 1 ? exit.dataset.two : exit.dataset.one;
  });
}

// Coming back from the browser's memory: nothing is blank, every form can be sent again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  root.classList.remove("leaving");
  document.title = title;
  reset();
  document.querySelectorAll("form").forEach((form) => sent.delete(form));
});

// The visitor's country, kept on this device alone: nothing of it is ever sent or fetched.
const every = (selector) => document.querySelectorAll(selector);
const offered = document.getElementById("kept-country");

function kept() {
  try {
    return JSON.parse(localStorage.getItem("country"));
  } catch {
    return null;
  }
}

function keep(value) {
  try {
    if (value) localStorage.setItem("country", value);
    else localStorage.removeItem("country");
  } catch {
    // A browser that keeps nothing: every page says the emergency number all the same.
  }
  show();
}

function fill(item, line) {
  item.hidden = !line;
  if (!line) return;
  const link = document.createElement("a");
  link.href = line.number ? `tel:${line.number.replace(/[^+\d]/g, "")}` : line.url;
  link.textContent = line.number || link.host;
  item.querySelector("[data-line]").replaceChildren(link);
}

function show() {
  const country = kept()?.country;
  const here = new Date();
  const today = new Date(here - here.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  const lines = kept()?.lines.filter((line) => line.due >= today) ?? [];
  for (const box of every("[data-kept]")) {
    box.hidden = !country;
    if (!country) continue;
    const names = new Intl.DisplayNames(root.lang, { type: "region" });
    box.querySelector("[data-kept-name]").textContent = names.of(country);
    for (const item of box.querySelectorAll("[data-kind]"))
      fill(item, lines.find((line) => line.kind === item.dataset.kind));
  }
  for (const link of every("[data-help]"))
    link.href = link.dataset.help + (country ? `${country.toLowerCase()}/` : "") + link.hash;
  for (const button of every("[data-keep] [data-forget]")) button.hidden = !country;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-keep-country], [data-forget]");
  if (!button) return;
  const keeps = button.matches("[data-keep-country]");
  keep(keeps ? offered.textContent : "");
  const status = document.querySelector("[data-kept-status]");
  if (status) status.textContent = keeps ? status.dataset.keptText : status.dataset.forgottenText;
});

// What is kept grows old: the country's own page renews it.
if (offered && kept()?.country === JSON.parse(offered.textContent).country)
  keep(offered.textContent);
show();
