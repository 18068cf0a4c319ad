// What is asked of a page beyond axe: a table of looks, each of which returns a list of findings.
// `looking.py` calls them by name; `test_planted_defects.py` plants what each of them must find.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const shown = (one) => one.checkVisibility();
  const hidden = (one) => one.closest(".visually-hidden");
  const short = (one) => one.outerHTML.replace(/\s+/g, " ").slice(0, 160);
  const said = (one) => (one?.textContent ?? "").replace(/\s+/g, " ").trim();
  const by = (one, name) => (one.getAttribute(name) ?? "").split(/\s+/).filter(Boolean);
  const CONTROL = "input:not([type=hidden]), select, textarea";
  const REACH = `a[href], button, ${CONTROL}, summary, [tabindex='0']`;
  const reached = () => all(REACH).filter((one) => shown(one) && !one.disabled && one.tabIndex >= 0);

  // Small words that tell a language in the same script from the others.
  const WORDS = {
    en: "the and of you your is are this that with for not have what was be to it they their",
    fr: "le les des vous votre est et une pour dans pas qui sur ce cette avec ne du au aux",
    de: "der das und ist nicht sie ihr ihre den dem mit für ein eine auf wird zu sich oder",
    it: "il lo gli della che non per con una sono di nel questo questa è delle",
    es: "el los las una para por su es se del al y está este esta sus",
  };
  const words = Object.fromEntries(
    Object.entries(WORDS).map(([code, list]) => [code, new Set(list.split(" "))]),
  );
  const SCRIPT = { ru: "Cyrillic", ar: "Arabic", hy: "Armenian", ka: "Georgian", he: "Hebrew" };
  const RTL = new Set(["ar", "he", "fa", "ur"]);

  // Every text that is seen or spoken, with the element that says its language.
  function texts() {
    const isLent = document.querySelector("main [lang], main[lang]"); // then a title has no mark for it
    const found = isLent ? [] : [[document.title, document.documentElement]];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      if (!parent.matches("script, style, noscript") && shown(parent))
        found.push([walker.currentNode.data, parent]);
    }
    for (const one of all("[aria-label], [alt]"))
      found.push([one.getAttribute("aria-label") ?? one.alt, one]);
    return found.filter(([text]) => /\p{L}/u.test(text));
  }
  const languageOf = (one) => one.closest("[lang]")?.lang.split("-")[0] ?? "";
  const isName = (one) => one.closest("bdi, .code, .brand");

  function isForeign(text, language) {
    const letters = text.match(/\p{L}/gu) ?? [];
    const script = new RegExp(`\\p{Script=${SCRIPT[language] ?? "Latin"}}`, "u");
    const several = (text.match(/\p{L}{2,}/gu) ?? []).length >= 3;
    if (several && letters.filter((one) => script.test(one)).length * 3 < letters.length) return true;
    if (!words[language]) return false;
    const tokens = [...new Set(text.toLowerCase().match(/\p{L}+/gu))];
    const score = (code) => tokens.filter((token) => words[code].has(token)).length;
    return score(language) === 0 && Object.keys(words).some((code) => score(code) >= 3);
  }

  function nameOf(one) {
    const labels = by(one, "aria-labelledby").map((id) => said(document.getElementById(id)));
    return [one.getAttribute("aria-label"), ...labels, ...[...(one.labels ?? [])].map(said)]
      .filter(Boolean).join(" ");
  }
  const describedBy = (one) =>
    [one, one.closest("fieldset")].filter(Boolean)
      .flatMap((each) => by(each, "aria-describedby"))
      .map((id) => said(document.getElementById(id))).join(" ").trim();

  const isClear = (colour) => /transparent|, 0\)$/.test(colour);
  const isRinged = (one) => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
      && !isClear(style.outlineColor);
  };
  const isPart = (hit, one) => hit && (one.contains(hit) || hit.contains(one)
    || hit.closest("label")?.control === one || (one.closest(".choice")?.contains(hit) ?? false));

  return {
    structure({ language, direction }) {
      const found = [];
      const root = document.documentElement;
      if (all("h1").length !== 1) found.push(`h1: there are ${all("h1").length}`);
      if (root.lang !== language) found.push(`lang: ${root.lang}`);
      if (root.dir !== direction) found.push(`dir: ${root.dir}`);
      if (!document.querySelector(REACH)?.matches("a.skip[href='#main']"))
        found.push("skip link: it is not the first stop of the Tab key");
      if (all("[tabindex]").some((one) => one.tabIndex > 0)) found.push("tabindex: greater than 0");
      const exit = document.querySelector("header a.exit[rel~=noreferrer]");
      if (!exit?.checkVisibility()) found.push("quick exit: missing");
      if (!/\d{3}/.test(document.querySelector(".footer-danger strong")?.innerText))
        found.push("footer: no number to call");
      if (!document.querySelector(`footer a[href='/${language}/support/']`))
        found.push("footer: no help");
      if (document.querySelector("meta[http-equiv=refresh]")) found.push("timer: the page refreshes");
      let last = 0;
      for (const one of all("h1, h2, h3, h4, h5, h6").filter(shown)) {
        const level = Number(one.localName[1]);
        if (last && level > last + 1) found.push(`heading: h${last} is followed by ${short(one)}`);
        last = level;
      }
      return found;
    },

    ids() {
      const ids = all("[id]").map((one) => one.id);
      const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
      const found = twice.map((id) => `id: ${id} twice`);
      for (const name of ["for", "aria-labelledby", "aria-describedby", "aria-controls", "form"])
        for (const one of all(`[${name}]`))
          found.push(...by(one, name).filter((id) => !ids.includes(id))
            .map((id) => `id: no ${id} for ${short(one)}`));
      for (const one of all("a[href^='#']"))
        if (!ids.includes(decodeURIComponent(one.hash.slice(1)))) found.push(`dead link: ${short(one)}`);
      return found;
    },

    language() {
      const found = all("body [lang]").filter((one) => one.dir !== (RTL.has(one.lang) ? "rtl" : "ltr"))
        .map((one) => `dir: missing or wrong at ${short(one)}`);
      found.push(...all("a[hreflang]").filter((one) => one.lang !== one.hreflang)
        .map((one) => `lang: a link to another language is not in it, ${short(one)}`));
      for (const [text, one] of texts())
        if (!isName(one) && isForeign(text, languageOf(one)))
          found.push(`lang: not ${languageOf(one)}: ${text.trim().slice(0, 80)}`);
      return found;
    },

    forms() {
      const found = [];
      for (const form of all("form[method=post]"))
        if (!form.querySelector("[name=csrfmiddlewaretoken]")) found.push(`form: no token, ${short(form)}`);
      for (const one of all(CONTROL).filter(shown)) {
        if (!nameOf(one)) found.push(`label: missing, ${short(one)}`);
        if (/^(email|password)$/.test(one.type) && !one.autocomplete)
          found.push(`purpose: no autocomplete, ${short(one)}`);
        if (one.placeholder) found.push(`label: a placeholder, ${short(one)}`);
        const paste = new ClipboardEvent("paste", { bubbles: true, cancelable: true });
        if (!one.dispatchEvent(paste)) found.push(`paste: refused, ${short(one)}`);
      }
      for (const one of all("progress, meter"))
        if (!nameOf(one)) found.push(`label: missing, ${short(one)}`);
      return found;
    },

    errors() {
      const found = [];
      const summary = document.querySelector(".error-summary");
      if (summary) {
        if (!document.activeElement.closest(".error-summary"))
          found.push("error summary: it has not got the focus");
        if (summary.getAttribute("role") !== "alert") found.push("error summary: it is no alert");
        const before = document.createRange();
        before.setStart(document.querySelector("main"), 0);
        before.setEndBefore(summary);
        const head = before.cloneContents();
        head.querySelector(".messages")?.remove();
        if (said(head))
          found.push("error summary: it is not the first thing in main");
      }
      for (const link of all(".error-summary a[href^='#']")) {
        const target = document.getElementById(link.hash.slice(1));
        const group = target?.closest("fieldset");
        if (!target?.matches(CONTROL) || (group && group.querySelector(CONTROL) !== target))
          found.push(`error link: it leads to no first control, ${short(link)}`);
        else if (!describedBy(target).includes(said(link)))
          found.push(`error link: the field says something else, ${short(link)}`);
      }
      const bad = getComputedStyle(document.documentElement).getPropertyValue("--bad").trim();
      const probe = document.body.appendChild(document.createElement("i"));
      probe.style.color = bad;
      const colour = getComputedStyle(probe).color;
      probe.remove();
      for (const one of all(CONTROL).filter(shown)) {
        const looks = [one, one.closest(".field, .choice, fieldset")].filter(Boolean)
          .some((each) => getComputedStyle(each).borderInlineStartColor === colour
            && parseFloat(getComputedStyle(each).borderInlineStartWidth));
        if ((looks || one.ariaInvalid === "true") && !describedBy(one))
          found.push(`error: said by colour alone, ${short(one)}`);
      }
      const prefix = said(document.querySelector(".error .visually-hidden"));
      if (summary && prefix && !document.title.replace(/\s/g, " ").startsWith(prefix))
        found.push(`error: the title does not say so, ${document.title}`);
      if (all(".error").some((one) => !one.querySelector(".visually-hidden")))
        found.push("error: at a field it does not say that it is one");
      return found;
    },

    content() {
      const found = all("[draggable=true]")
        .filter((one) => !one.matches("a, img") && !one.querySelector("select, button, input"))
        .map((one) => `dragging: nothing else moves ${short(one)}`);
      for (const one of all("video, audio")) {
        if (one.autoplay || !one.controls) found.push(`media: it plays by itself, ${short(one)}`);
        if (one.matches("video") && !one.querySelector("track[kind=captions]"))
          found.push(`media: no captions, ${short(one)}`);
      }
      for (const one of all("table")) {
        const region = one.closest(".table-region[tabindex='0']");
        if (!region || !nameOf(region)) found.push(`table: in no region that has a name, ${short(one)}`);
        if (!one.caption || all("th:not([scope])", one).length)
          found.push(`table: no caption, or a heading of nothing, ${short(one)}`);
      }
      for (const one of all(".chart"))
        if (!one.parentElement.closest("figure, section, main").querySelector("table"))
          found.push(`chart: no table, ${short(one)}`);
      found.push(...all("img:not([alt])").map((one) => `picture: no text, ${short(one)}`));
      found.push(...all("body [title]").map((one) => `hover: text in a title, ${short(one)}`));
      found.push(...all("[accesskey]").map((one) => `shortcut: ${short(one)}`));
      for (const one of all("a[aria-label], button[aria-label], summary[aria-label]"))
        if (!one.ariaLabel.includes(said(one))) found.push(`name: without its label, ${short(one)}`);
      found.push(...all("a[target=_blank]").map((one) => `window: a new one, ${short(one)}`));
      return found;
    },

    // A link within a line of text may be as low as the line (WCAG 2.5.8), a choice is as big as its label.
    targets() {
      return all("a[href], button, input, select, textarea, summary")
        .filter((one) => one.type !== "hidden" && !one.closest(".skip, .visually-hidden"))
        .filter((one) => shown(one) && getComputedStyle(one).display !== "inline")
        .map((one) => [one, (/^(radio|checkbox)$/.test(one.type) && one.labels[0]) || one])
        .map(([one, area]) => [one, area.getBoundingClientRect()])
        .filter(([one, box]) => box.width
          && (box.width < 24 || box.height < (one.matches("a, summary") && !one.matches(".button") ? 24 : 44)))
        .map(([one, box]) => `target: ${Math.round(box.width)} x ${Math.round(box.height)} ${short(one)}`);
    },

    overflow() {
      const excess = document.documentElement.scrollWidth - innerWidth;
      if (excess <= 0) return [];
      const wide = all("body *").filter((one) => {
        const box = one.getBoundingClientRect();
        return !one.closest(".table-region") && (box.right > innerWidth + 1 || box.left < -1);
      });
      return [`scrolling: ${excess} px too wide, ${wide.length ? short(wide.at(-1)) : ""}`];
    },

    clipping() {
      return all("body *").filter((one) => {
        if (hidden(one) || one.closest(".skip, svg, .table-region") || !said(one) || !shown(one)) return false;
        if (!one.clientWidth || one.matches("progress")) return false;
        const style = getComputedStyle(one);
        const cut = /hidden|clip/.test(style.overflowX + style.overflowY);
        const own = one.matches(".button, button, label, legend, summary, h1, h2, h3, .exit");
        return (cut && one.scrollHeight > one.clientHeight + 1)
          || ((cut || own) && one.scrollWidth > one.clientWidth + 1);
      }).map((one) => `clipped: ${short(one)}`);
    },

    // Every stop has a ring, and nothing lies over it even where it stood under the bar before.
    focus() {
      const found = [];
      // What somebody opened may lie over the rest: Escape takes it away (WCAG 2.4.11).
      const isOpened = (hit) => hit?.closest("[popover]:popover-open");
      for (const one of reached()) {
        document.activeElement.blur();
        scrollTo(0, scrollY + one.getBoundingClientRect().top);
        one.focus();
        if (document.activeElement !== one) continue;
        if (one.closest(".skip")) continue; // it moves into sight: the journeys see it
        const near = [one, ...(one.labels ?? [])];
        if (!near.some(isRinged)) found.push(`focus: no ring, ${short(one)}`);
        const box = (near.find((each) => each.matches(".choice label")) ?? one).getClientRects()[0];
        if (!box) continue;
        const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
        const middle = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
        const isLow = box.height < innerHeight / 2; // of what is higher, a part may be in sight
        for (const y of isLow ? [box.top + 3, middle, box.bottom - 3] : [middle])
          if (y > 0 && y < innerHeight && !isOpened(document.elementFromPoint(x, y))
            && !isPart(document.elementFromPoint(x, y), one)) {
            found.push(`focus: covered, ${short(one)}`);
            break;
          }
      }
      scrollTo(0, 0);
      return found;
    },

    // Neither focus nor a choice leads anywhere.
    async change() {
      const found = [];
      const stop = (event) => {
        found.push(`change: it leads to ${event.destination.url}`);
        event.preventDefault();
      };
      navigation.addEventListener("navigate", stop);
      for (const one of all(CONTROL).filter(shown))
        for (const kind of ["focus", "input", "change", "blur"])
          one.dispatchEvent(new Event(kind, { bubbles: true }));
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      navigation.removeEventListener("navigate", stop);
      return found;
    },

    motion() {
      return document.getAnimations()
        .filter((one) => one.playState === "running" && one.effect.getComputedTiming().endTime > 5000)
        .map((one) => `motion: it does not end, ${short(one.effect.target)}`);
    },

    // In a page that runs from right to left: what has Latin letters says so, arrows are turned.
    mirroring() {
      const found = [];
      for (const [text, one] of texts()) {
        if (text === document.title || one.ariaLabel === text) continue; // they take no marks
        const near = one.closest("[dir], bdi, .brand");
        const isOwn = near === document.documentElement;
        if (isOwn && /\p{Script=Latin}/u.test(text)) found.push(`left in Latin: ${text.trim().slice(0, 80)}`);
      }
      for (const one of all("svg.icon").filter(shown)) {
        const turned = new DOMMatrix(getComputedStyle(one).transform).a < 0;
        const directional = /#(next|back)$/.test(one.querySelector("use").getAttribute("href"));
        if (turned !== directional) found.push(`icon: it points the wrong way, ${short(one)}`);
      }
      return found;
    },
  };
})()
