"use strict";
(() => {
  const setting = JSON.parse(document.getElementById("setting").textContent);
  const every = (selector, from = document) => [...from.querySelectorAll(selector)];
  const say = (key, values = {}) => setting.words[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const comma = setting.tongue === "zh" ? "、" : ", ";
  const OWN = "~", FEW = 8;

  function make(tag, attributes = {}, ...content) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...content);
    return made;
  }

  function named(values) {
    const first = values.slice(0, FEW).join(comma), more = values.length - FEW;
    return more > 0 ? say("pg_more", { names: first, count: more }) : first;
  }

  // ---- switches: one for the page, one in each section that has something to choose
  const keys = setting.switches.map((one) => one.key);
  const sections = [];
  let memory = {};
  try { memory = JSON.parse(sessionStorage.getItem(location.pathname) ?? "{}"); } catch { /* no memory */ }

  function remember() {
    const chosen = Object.fromEntries(sections.map((one) => [one.node.id, one.chosen]));
    try { sessionStorage.setItem(location.pathname, JSON.stringify(chosen)); } catch { /* no memory */ }
  }

  function selector(switching, values, first) {
    const options = [...first, ["", say("pg_all")], ...values.map((value) => [value, value])];
    const select = make("select", {}, ...options.map(([value, words]) => make("option", { value }, words)));
    return [make("label", {}, switching.label, " ", select), select];
  }

  function open(node) {
    every("details.others", node).forEach((rest) => {
      rest.replaceWith(...every(":scope > figure", rest));
    });
    const figures = every("figure.chart", node);
    const tables = every("table", node);
    const one = { node, figures, tables, chosen: {}, selects: {}, first: {} };
    const bar = make("div", { class: "switch", role: "group", "aria-label": say("pg_here") });
    for (const switching of setting.switches) {
      const key = switching.key;
      const charted = new Set(figures.map((figure) => figure.dataset[key]).filter(Boolean));
      const cut = tables.filter((table) => table.hasAttribute("data-cut-" + key));
      if (charted.size < 2 && !cut.length) continue;
      const rows = cut.flatMap((table) => every("tbody tr", table).map((row) => row.dataset[key]));
      const there = new Set([...charted, ...rows]);
      const [label, select] = selector(switching, switching.values.filter((value) => there.has(value)), []);
      one.selects[key] = select;
      one.first[key] = charted.size > 1 ? figures.find((figure) => figure.dataset[key]).dataset[key] : "";
      select.addEventListener("change", () => { one.chosen[key] = select.value; show(one); follow(); });
      bar.append(label);
    }
    if (!Object.keys(one.selects).length) return one;
    one.chosen = { ...one.first };
    one.state = make("p", { class: "state", role: "status" });
    node.querySelector("h2").after(bar, one.state);
    return one;
  }

  const fits = (node, chosen, key) => !chosen[key] || !node.dataset[key] || node.dataset[key] === chosen[key];

  function show(one) {
    for (const [key, select] of Object.entries(one.selects)) {
      if (![...select.options].some((option) => option.value === one.chosen[key])) {
        select.append(make("option", { value: one.chosen[key] }, one.chosen[key]));
      }
      select.value = one.chosen[key];
    }
    const asked = Object.keys(one.selects);
    one.figures.forEach((figure) => { figure.hidden = !asked.every((key) => fits(figure, one.chosen, key)); });
    for (const table of one.tables) {
      const cuts = asked.filter((key) => table.hasAttribute("data-cut-" + key));
      const rows = every("tbody tr", table);
      rows.forEach((row) => { row.hidden = !cuts.every((key) => fits(row, one.chosen, key)); });
      const left = rows.filter((row) => !row.hidden).length;
      count(table, left, rows.length, cuts.map((key) => one.chosen[key]).filter(Boolean));
    }
    tell(one, asked);
  }

  function count(table, left, all, chosen) {
    const caption = table.caption;
    caption.querySelector(".state")?.remove();
    if (left === all) return;
    const words = say(left ? "pg_rows" : "pg_no_rows", { shown: left, all, chosen: chosen.join(comma) });
    caption.append(make("span", { class: "state" }, " · " + words));
  }

  function tell(one, asked) {
    if (!one.state) return;
    const lines = [];
    const labelled = one.figures.filter((figure) => asked.some((key) => figure.dataset[key]));
    const chosen = asked.map((key) => one.chosen[key]).filter(Boolean).join(comma);
    if (labelled.length && labelled.every((figure) => figure.hidden)) lines.push(say("pg_none", { chosen }));
    for (const key of asked) {
      if (!one.chosen[key]) continue;
      const rest = [...one.selects[key].options].map((option) => option.value)
        .filter((value) => value && value !== one.chosen[key]);
      lines.push(say("pg_shown", { chosen: one.chosen[key], rest: named(rest) }));
    }
    one.state.textContent = lines.join(setting.tongue === "zh" ? "" : " ");
  }

  const whole = {};
  function follow() {
    for (const [key, select] of Object.entries(whole)) {
      const found = new Set(sections.filter((one) => key in one.selects).map((one) => one.chosen[key]));
      select.value = found.size === 1 ? [...found][0] : OWN;
      highlight(key, select.value);
    }
    remember();
  }

  function highlight(key, value) {
    every(`table:not([data-cut-${key}]) tr[data-${key}]`).forEach((row) => {
      row.classList.toggle("chosen", value !== "" && row.dataset[key] === value);
    });
  }

  function switches() {
    every("main > section").forEach((node) => sections.push(open(node)));
    const bar = make("div", { class: "switch", role: "group", "aria-label": say("pg_whole") }, make("strong", {}, say("pg_whole")));
    for (const switching of setting.switches) {
      const key = switching.key, own = sections.filter((one) => key in one.selects);
      if (!own.length) continue;
      const values = switching.values.filter((value) => own.some((one) => [...one.selects[key].options].some((o) => o.value === value)));
      const [label, select] = selector(switching, values, [[OWN, say("pg_own")]]);
      whole[key] = select;
      select.addEventListener("change", () => {
        own.forEach((one) => { one.chosen[key] = select.value === OWN ? one.first[key] : select.value; show(one); });
        follow();
        if (select.value !== OWN) return;
        remember();
      });
      bar.append(label);
    }
    if (Object.keys(whole).length) document.querySelector("nav").append(bar);
    for (const one of sections) {
      for (const key of Object.keys(one.selects)) {
        const before = memory[one.node.id]?.[key];
        if (before !== undefined && [...one.selects[key].options].some((option) => option.value === before)) one.chosen[key] = before;
      }
      show(one);
    }
    follow();
  }

  // ---- tables: sorted by their heads, copied, and written as CSV
  function value(cell) {
    const text = cell.textContent.trim().replace(/\u2212/g, "-").replace(/(\d),(?=\d{3})/g, "$1");
    const found = text.match(/^[<>\[]?\s*([+-]?\d+(\.\d+)?)/);
    return found ? Number(found[1]) - (text.startsWith("<") ? 1e-9 : 0) : null;
  }

  function sortable(table) {
    const body = table.tBodies[0], before = [...body.rows];
    if (before.length < 3) return;
    [...table.tHead.rows[0].cells].forEach((head, place) => {
      const words = head.textContent;
      if (!words.trim()) return;
      // no <button>: Chromium does not repeat a head that holds one on the next printed page
      const button = make("span", { role: "button", tabindex: 0, title: say("pg_sort", { column: words }) }, words);
      head.replaceChildren(button);
      button.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        button.click();
      });
      button.addEventListener("click", () => {
        const numbers = head.classList.contains("n");
        const next = { ascending: "descending", descending: "" }[head.getAttribute("aria-sort")] ?? "ascending";
        every("th[aria-sort]", table.tHead).forEach((one) => one.removeAttribute("aria-sort"));
        if (next) head.setAttribute("aria-sort", next);
        body.append(...(next ? ordered(before, place, numbers, next) : before));
      });
    });
  }

  function ordered(rows, place, numbers, way) {
    const sign = way === "ascending" ? 1 : -1;
    const pairs = rows.map((row) => [numbers ? value(row.cells[place]) : row.cells[place].textContent, row]);
    return pairs.sort(([a], [b]) => {
      if (a === null || b === null) return (a === null) - (b === null);
      return sign * (numbers ? a - b : a.localeCompare(b, document.documentElement.lang, { numeric: true }));
    }).map(([, row]) => row);
  }

  const seen = (table) => [...table.tHead.rows, ...table.tBodies[0].rows].filter((row) => !row.hidden)
    .map((row) => [...row.cells].map((cell) => cell.textContent.trim()));

  function quoted(cell) {
    if (cell === null) return "";
    const text = cell === true ? "True" : cell === false ? "False" : String(cell);
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }

  const csv = (rows) => rows.map((row) => row.map(quoted).join(",") + "\n").join("");

  function full(name) {
    const columns = Object.entries(JSON.parse(document.getElementById("data-" + name).textContent));
    const length = columns.length ? columns[0][1].length : 0;
    const rows = Array.from({ length }, (_, at) => columns.map(([, cells]) => cells[at]));
    return [columns.map(([head]) => head), ...rows];
  }

  function save(file, text) {
    const link = make("a", { download: file, href: URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" })) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  async function copy(text) {
    try { await navigator.clipboard.writeText(text); return true; } catch { /* the older way */ }
    const area = make("textarea", { "aria-label": say("pg_copy"), style: "position:fixed;opacity:0" }, text);
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }

  function tools(sheet) {
    const table = sheet.querySelector("table"), name = sheet.dataset.source;
    const bar = make("div", { class: "tools" }), told = make("span", { role: "status" });
    const label = (words) => ({ type: "button", "aria-label": words + ": " + table.caption.firstChild.textContent.trim() });
    const copying = make("button", label(say("pg_copy")), say("pg_copy"));
    copying.addEventListener("click", async () => {
      const done = await copy(seen(table).map((row) => row.join("\t")).join("\n"));
      told.textContent = say(done ? "pg_copied" : "pg_not_copied");
      setTimeout(() => { told.textContent = ""; copying.focus(); }, 2500);
    });
    const file = (name ?? "table") + ".csv";
    const saving = make("button", label(say("pg_file", { file })), say("pg_file", { file }));
    saving.title = name ? "" : say("pg_file_seen");
    if (name) saving.addEventListener("pointerenter", () => {
      saving.title ||= say("pg_file_full", { file, rows: full(name).length - 1 });
    });
    saving.addEventListener("click", () => save(file, csv(name ? full(name) : seen(table))));
    bar.append(copying, saving, told);
    sheet.append(bar);
  }

  // ---- charts: the value of a mark under the pointer or the keyboard
  const bubble = make("div", { class: "bubble", role: "tooltip", id: "bubble", hidden: "" });

  function point(mark) {
    bubble.textContent = mark.getAttribute("aria-label");
    bubble.hidden = false;
    const box = mark.getBoundingClientRect(), own = bubble.getBoundingClientRect();
    const left = Math.min(Math.max(4, box.left + box.width / 2 - own.width / 2), innerWidth - own.width - 4);
    const above = box.top - own.height - 6;
    bubble.style.left = left + "px";
    bubble.style.top = (above > 4 ? above : Math.min(box.bottom + 6, innerHeight - own.height - 4)) + "px";
  }

  const leave = () => { bubble.hidden = true; };

  function nearest(marks, x, y) {
    let found = null, least = 18;
    for (const mark of marks) {
      const box = mark.getBoundingClientRect();
      const far = Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
      if (far < least) { found = mark; least = far; }
    }
    return found;
  }

  function marks(drawn) {
    const all = every(".tip", drawn);
    if (!all.length) return;
    drawn.setAttribute("role", "group");
    drawn.setAttribute("aria-roledescription", say("pg_marks"));
    all.forEach((mark, at) => {
      const title = mark.querySelector("title");
      mark.setAttribute("aria-label", title.textContent);
      title.remove();
      mark.setAttribute("role", "img");
      mark.setAttribute("tabindex", at ? -1 : 0);
    });
    drawn.addEventListener("pointermove", (event) => {
      const mark = event.target.closest(".tip") ?? nearest(all, event.clientX, event.clientY);
      if (mark) point(mark); else leave();
    });
    drawn.addEventListener("pointerleave", leave);
    drawn.addEventListener("focusin", (event) => { const mark = event.target.closest(".tip"); if (mark) point(mark); });
    drawn.addEventListener("focusout", leave);
    drawn.addEventListener("keydown", (event) => step(event, all));
  }

  function step(event, all) {
    const at = all.indexOf(event.target.closest(".tip"));
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const next = all[Math.min(Math.max(to, 0), all.length - 1)];
    all[at].setAttribute("tabindex", -1);
    next.setAttribute("tabindex", 0);
    next.focus();
  }

  // ---- contents: where the reader is
  function place() {
    const links = new Map(every("nav a").map((link) => [link.hash.slice(1), link]));
    const nodes = every("main > section");
    let asked = false;
    const mark = () => {
      asked = false;
      const end = innerHeight + scrollY >= document.documentElement.scrollHeight - 4;
      const here = end && scrollY > 0 ? nodes.at(-1) : nodes.filter((node) => node.getBoundingClientRect().top < innerHeight / 3).at(-1) ?? nodes[0];
      links.forEach((link, key) => {
        if (key === here.id) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
      });
    };
    addEventListener("scroll", () => { if (!asked) { asked = true; requestAnimationFrame(mark); } }, { passive: true });
    mark();
  }

  function fit() {
    every(".wide").forEach((wide) => {
      if (wide.scrollWidth > wide.clientWidth + 1) wide.setAttribute("tabindex", 0); else wide.removeAttribute("tabindex");
    });
  }

  document.documentElement.classList.add("js");
  document.body.append(bubble);
  switches();
  every("table").forEach(sortable);
  every(".sheet").forEach(tools);
  every(".drawn").forEach(marks);
  place();
  if (innerWidth < 1024) document.querySelector("nav details").open = false;
  fit();
  addEventListener("resize", fit);
  every("details").forEach((one) => one.addEventListener("toggle", fit));
  addEventListener("keydown", (event) => { if (event.key === "Escape") leave(); });
  addEventListener("scroll", leave, { passive: true });
  let closed = [];
  addEventListener("beforeprint", () => { closed = every("details.fold:not([open])"); closed.forEach((one) => { one.open = true; }); });
  addEventListener("afterprint", () => { closed.forEach((one) => { one.open = false; }); });
})();
