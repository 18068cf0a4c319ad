// Comfort only: without this file every page says the same, in all languages one after the other.
"use strict";

const root = document.documentElement;
const SEPARATORS = /[\s\u200b\-\u2010-\u2014_.]/gu;
const LIKE_OTHERS = { O: "0", I: "1", L: "1" };
const CODE = /^[0-9A-HJKMNP-TV-Z]{26}$/;

function wanted(offered) {
  const asked = [new URLSearchParams(location.search).get("lang"), location.hash.slice(1)];
  const known = [...asked, ...navigator.languages].map((code) => (code ?? "").split("-")[0]);
  return known.find((code) => offered.includes(code)) ?? offered[0];
}

function choose(code) {
  const section = document.getElementById(code);
  root.dataset.shown = root.lang = code;
  root.dir = section.dir;
  document.title = document.title.replace(/^.*(?= – )/su, section.dataset.title);
  for (const link of document.querySelectorAll("[data-choose]"))
    link.toggleAttribute("aria-current", link.dataset.choose === code);
  for (const link of document.querySelectorAll("[data-keep]")) link.search = `?lang=${code}`;
}

function normalised(code) {
  return code.toUpperCase().replace(SEPARATORS, "").replace(/[OIL]/g, (sign) => LIKE_OTHERS[sign]);
}

function words(name) {
  const plain = name.normalize("NFKD").toUpperCase().toLowerCase().replaceAll("ς", "σ");
  return plain.normalize("NFKD").replace(/\p{Mn}/gu, "").match(/[\p{L}\p{N}_]+/gu) ?? [];
}

async function digest(word, { salt, rounds }) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(word), "PBKDF2", false, ["deriveBits"]);
  const grains = Uint8Array.from(salt.match(/../g), (pair) => parseInt(pair, 16));
  const how = { name: "PBKDF2", hash: "SHA-256", salt: grains, iterations: Number(rounds) };
  const bits = new Uint8Array(await crypto.subtle.deriveBits(how, key, 128));
  return Array.from(bits, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function isOn(name, main) {
  const known = main.dataset.digests.split(" ");
  const typed = await Promise.all(words(name).map((word) => digest(word, main.dataset)));
  return typed.length > 0 && typed.every((found) => known.includes(found));
}

function compare(form, main) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const found = await isOn(form.querySelector("input").value, main);
    form.querySelector("[data-found]").hidden = !found;
    form.querySelector("[data-not-found]").hidden = found;
  });
}

function lookUp(form) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const code = normalised(form.querySelector("input").value);
    form.querySelector("[data-wrong]").hidden = CODE.test(code);
    if (CODE.test(code)) location.assign(`${code}/?lang=${root.lang}`);
  });
}

function today() {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
}

document.addEventListener("DOMContentLoaded", () => {
  const main = document.getElementById("main");
  const links = [...document.querySelectorAll("[data-choose]")];
  choose(wanted(links.map((link) => link.dataset.choose)));
  for (const link of links)
    link.addEventListener("click", (event) => {
      event.preventDefault();
      choose(link.dataset.choose);
    });
  for (const box of document.querySelectorAll("[data-last]")) {
    if (box.dataset.last >= today()) continue;
    box.classList.remove("verification-valid");
    box.querySelector("[data-past]").hidden = false;
  }
  for (const form of document.querySelectorAll("[data-codes]")) lookUp(form);
  for (const hint of document.querySelectorAll("[data-scriptless]")) hint.hidden = true;
  // Browsers offer this on https:// and on the machine itself only.
  if (globalThis.crypto?.subtle)
    for (const form of document.querySelectorAll("[data-surnames]")) compare(form, main);
});
