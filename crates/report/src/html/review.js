
"use strict";
(function () {
  const byId = function (id) { return document.getElementById(id); };
  const each = function (list, act) { Array.prototype.forEach.call(list, act); };
  // A wait that keeps typing fluent.
  const later = function (act) {
    let timer = 0;
    return function () { clearTimeout(timer); timer = setTimeout(act, 80); };
  };

  // Light and dark.
  const theme = byId("theme");
  const prefers = matchMedia("(prefers-color-scheme: dark)");
  const dark = function () {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : prefers.matches;
  };
  const label = function () { theme.textContent = dark() ? "Light theme" : "Dark theme"; };
  theme.hidden = false;
  label();
  prefers.addEventListener("change", label);
  theme.addEventListener("click", function () {
    document.documentElement.dataset.theme = dark() ? "light" : "dark";
    label();
  });

  // Findings: filters and groups.
  const form = byId("finding-filters");
  if (form) {
    const groups = byId("groups");
    const count = byId("finding-count");
    const findings = Array.from(groups.querySelectorAll(".finding"));
    const words = new Map();
    const textOf = function (finding) {
      if (!words.has(finding)) { words.set(finding, finding.textContent.toLowerCase()); }
      return words.get(finding);
    };
    const field = function (name) { return form.elements[name] ? form.elements[name].value : ""; };
    const ticked = function (name) { return Boolean(form.elements[name] && form.elements[name].checked); };
    const keyOf = { "": "check", area: "areaTitle", severity: "severityTitle", file: "path" };
    let grouped = "";
    const regroup = function (by) {
      if (by === grouped) { return; }
      grouped = by;
      const sections = new Map();
      const rank = by === "severity" ? function (a, b) { return b.dataset.severity - a.dataset.severity; } : function () { return 0; };
      findings.slice().sort(rank).forEach(function (finding) {
        const key = finding.dataset[keyOf[by]];
        if (!sections.has(key)) {
          const section = document.createElement("section");
          section.className = "group";
          const head = document.createElement("h3");
          head.textContent = key;
          section.append(head);
          sections.set(key, section);
        }
        sections.get(key).append(finding);
      });
      groups.replaceChildren.apply(groups, Array.from(sections.values()));
    };
    const filter = function () {
      regroup(field("group"));
      const text = field("text").toLowerCase().split(/\s+/).filter(Boolean);
      const path = field("path").toLowerCase();
      const area = field("area"), cwe = field("cwe"), change = field("change");
      const severity = Number(field("severity") || 0), confidence = Number(field("confidence") || 0);
      const shown = { counted: true, test: ticked("test"), suppressed: ticked("suppressed") };
      let number = 0;
      findings.forEach(function (finding) {
        const data = finding.dataset;
        const fits = shown[data.state] && (!area || data.area === area) && Number(data.severity) >= severity &&
          Number(data.confidence) >= confidence && (!cwe || data.cwe.split(" ").includes(cwe)) && (!change || data.change === change) &&
          (!path || data.path.toLowerCase().includes(path)) && text.every(function (word) { return textOf(finding).includes(word); });
        finding.hidden = !fits;
        number += fits ? 1 : 0;
      });
      each(groups.children, function (group) { group.hidden = !group.querySelector(".finding:not([hidden])"); });
      count.textContent = number + " of " + findings.length + " findings shown";
    };
    form.hidden = false;
    form.addEventListener("input", later(filter));
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.addEventListener("reset", function () { setTimeout(filter); });
    const openAll = byId("open-all");
    openAll.addEventListener("click", function () {
      const open = openAll.textContent === "Open all";
      findings.forEach(function (finding) { finding.querySelector("details").open = open; });
      openAll.textContent = open ? "Close all" : "Open all";
    });
    each(document.querySelectorAll("[data-show-area]"), function (link) {
      link.addEventListener("click", function () {
        form.reset();
        form.elements.area.value = link.dataset.showArea;
        setTimeout(filter);
      });
    });
    const follow = function () {
      const target = location.hash.startsWith("#f-") ? byId(location.hash.slice(1)) : null;
      if (target) {
        target.hidden = false;
        target.parentElement.hidden = false;
        target.querySelector("details").open = true;
        target.scrollIntoView();
      }
    };
    filter();
    follow();
    addEventListener("hashchange", follow);
    // A closed finding would be missing on paper.
    let opened = [];
    addEventListener("beforeprint", function () {
      opened = Array.from(document.querySelectorAll("details:not([open])"));
      opened.forEach(function (details) { details.open = true; });
    });
    addEventListener("afterprint", function () { opened.forEach(function (details) { details.open = false; }); });
  }

  // The attack surface.
  const surfaceForm = byId("surface-filters");
  if (surfaceForm) {
    const lines = Array.from(document.querySelectorAll("table.surface > tbody > tr"));
    const surfaceCount = byId("surface-count");
    const sift = function () {
      const text = surfaceForm.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
      const bare = surfaceForm.elements.bare.checked;
      let number = 0;
      lines.forEach(function (line) {
        const content = line.textContent.toLowerCase();
        const fits = (!bare || line.className === "bare") && text.every(function (word) { return content.includes(word); });
        line.hidden = !fits;
        number += fits ? 1 : 0;
      });
      if (text.length || bare) {
        each(document.querySelectorAll("#surface details"), function (details) {
          details.open = Boolean(details.querySelector("tbody > tr:not([hidden])"));
        });
      }
      surfaceCount.textContent = number + " of " + lines.length + " entry points shown";
    };
    surfaceForm.hidden = false;
    surfaceForm.addEventListener("input", later(sift));
    surfaceForm.addEventListener("submit", function (event) { event.preventDefault(); });
    surfaceForm.addEventListener("reset", function () { setTimeout(sift); });
    sift();
  }

  // The ledger: only the rows in sight are made.
  const view = byId("ledger-view");
  view.hidden = false;
  const WIDTH = 10, HEIGHT = 44;
  const ledger = JSON.parse(byId("ledger-data").textContent);
  const texts = ledger.texts, rows = ledger.rows, lower = [];
  const total = rows.length / WIDTH;
  const ledgerForm = byId("ledger-filters"), body = byId("ledger-rows"), table = byId("ledger-table"), detail = byId("ledger-detail");
  const cell = function (row, column) { return texts[rows[row * WIDTH + column]]; };
  const low = function (number) {
    if (lower[number] === undefined) { lower[number] = texts[number].toLowerCase(); }
    return lower[number];
  };
  let found = [], at = -1, made = new Map();
  const space = document.createElement("div");
  space.setAttribute("role", "presentation");
  body.append(space);
  const element = function (name, className, text) {
    const made = document.createElement(name);
    if (className) { made.className = className; }
    made.textContent = text;
    return made;
  };
  const two = function (first, second) {
    const both = element("span", "", "");
    both.setAttribute("role", "cell");
    both.append(first, second);
    return both;
  };
  const flags = function (row) {
    const bits = rows[row * WIDTH + 9];
    return (bits & 1 ? ", in test code" : "") + (bits & 2 ? ", suppressed" : "");
  };
  const reason = function (row) {
    const more = cell(row, 7);
    return cell(row, 6) + (more ? ": " + more : "");
  };
  const outcome = function (row) { return cell(row, 2).replace("-", " "); };
  const make = function (position) {
    const row = found[position];
    const line = element("div", "row", "");
    line.setAttribute("role", "row");
    line.setAttribute("aria-rowindex", String(position + 2));
    line.append(
      two(element("span", "", cell(row, 0) + ":" + rows[row * WIDTH + 1]), element("span", "sub", cell(row, 8))),
      two(element("span", "o " + cell(row, 2), outcome(row) + flags(row)), element("span", "sub", reason(row))),
      two(element("span", "", cell(row, 4)), element("span", "sub", cell(row, 5))));
    line.style.top = position * HEIGHT + "px";
    line.addEventListener("click", function () { move(position); });
    return line;
  };
  const draw = function () {
    const first = Math.max(0, Math.floor(body.scrollTop / HEIGHT) - 8);
    const last = Math.min(found.length, Math.ceil((body.scrollTop + body.clientHeight) / HEIGHT) + 8);
    made.forEach(function (line, position) {
      if (position < first || position >= last) { line.remove(); made.delete(position); }
    });
    for (let position = first; position < last; position += 1) {
      if (!made.has(position)) {
        const line = make(position);
        made.set(position, line);
        body.append(line);
      }
      made.get(position).classList.toggle("at", position === at);
    }
  };
  const move = function (position) {
    at = Math.max(0, Math.min(found.length - 1, position));
    const top = at * HEIGHT;
    if (top < body.scrollTop) { body.scrollTop = top; }
    if (top + HEIGHT > body.scrollTop + body.clientHeight) { body.scrollTop = top + HEIGHT - body.clientHeight; }
    draw();
    show();
  };
  const show = function () {
    const row = found[at];
    if (row === undefined) { return; }
    const list = document.createElement("dl");
    [["place", cell(row, 0) + ":" + rows[row * WIDTH + 1]], ["function", cell(row, 8)], ["area", cell(row, 3)], ["what", cell(row, 4)],
      ["API", cell(row, 5)], ["outcome", outcome(row) + flags(row)], ["reason", reason(row)]].forEach(function (pair) {
      list.append(element("dt", "", pair[0]), element("dd", "", pair[1]));
    });
    detail.replaceChildren(list);
  };
  const search = function () {
    const fields = ledgerForm.elements;
    const text = fields.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const tests = fields.tests.checked;
    const only = [[2, fields.outcome.value], [3, fields.area.value], [4, fields.noun.value]].filter(function (pair) { return pair[1]; });
    // Each word is looked for once in each text, not in each row.
    const hits = text.map(function (word) { return texts.map(function (_, number) { return low(number).includes(word); }); });
    found = [];
    for (let row = 0; row < total; row += 1) {
      const start = row * WIDTH;
      if (!tests && rows[start + 9] & 1) { continue; }
      if (!only.every(function (pair) { return texts[rows[start + pair[0]]] === pair[1]; })) { continue; }
      if (!hits.every(function (hit) {
        return hit[rows[start]] || hit[rows[start + 4]] || hit[rows[start + 5]] || hit[rows[start + 6]] || hit[rows[start + 7]] || hit[rows[start + 8]];
      })) { continue; }
      found.push(row);
    }
    at = -1;
    made.forEach(function (line) { line.remove(); });
    made = new Map();
    space.style.height = found.length * HEIGHT + "px";
    table.setAttribute("aria-rowcount", String(found.length + 1));
    body.scrollTop = 0;
    detail.replaceChildren();
    byId("ledger-count").textContent = found.length + " of " + total + " sites shown";
    draw();
  };
  ledgerForm.addEventListener("input", later(search));
  ledgerForm.addEventListener("submit", function (event) { event.preventDefault(); });
  ledgerForm.addEventListener("reset", function () { setTimeout(search); });
  body.addEventListener("scroll", draw, { passive: true });
  addEventListener("resize", draw);
  body.addEventListener("keydown", function (event) {
    const page = Math.max(1, Math.floor(body.clientHeight / HEIGHT) - 1);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: found.length - 1 }[event.key];
    if (to !== undefined && found.length) { event.preventDefault(); move(to); }
  });
  search();
}());
