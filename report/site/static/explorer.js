/* Draws one question of the explorer, by one breakdown. All texts reach the page as text, never as markup. */
"use strict";
(() => {
  const at = (name) => document.getElementById(`explorer-${name}`);
  const questions = JSON.parse(at("data").textContent).questions;
  const root = document.getElementById("explorer");
  const [head, body] = root.querySelectorAll("thead, tbody");

  const made = (tag, text = "", attributes = {}) => {
    const element = document.createElement(tag);
    element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const option = (value, text) => made("option", text, { value });

  // ---- the state: three choices, kept in the address after #

  const state = () => ({ q: at("question").value, by: at("by").value, sort: at("sort").value });
  const question = () => questions.find((one) => one.id === at("question").value);
  const address = () => `#${new URLSearchParams(Object.entries(state()).filter(([, value]) => value))}`;

  function offer() {
    const chosen = at("by").value;
    const tables = Object.entries(question().tables);
    at("by").replaceChildren(...tables.map(([by, table]) => option(by, table.label || "everybody")));
    if (chosen in question().tables) at("by").value = chosen;
  }

  function read() {
    const wanted = new URLSearchParams(location.hash.slice(1));
    at("question").value = wanted.get("q");
    if (!question()) at("question").value = questions[0].id;
    offer();
    const by = wanted.get("by") || "";
    if (by in question().tables) at("by").value = by;
    at("sort").value = wanted.get("sort") || "";
    if (at("sort").selectedIndex < 0) at("sort").value = "";
    draw();
  }

  function rows() {
    const found = [...question().tables[at("by").value].rows];
    const sign = { up: 1, down: -1 }[at("sort").value];
    const size = (row) => row.value ?? -sign * Infinity; // what is not shown comes last
    return sign ? found.sort((a, b) => sign * (size(a) - size(b)) || 0) : found;
  }

  // ---- what is seen

  const name = (row) => (row.group ? `${row.group}: ${row.of}` : row.of);
  const said = (row) => `${name(row)}: ${row.shown}${row.value === undefined ? "" : ` (${row.n}; ${row.interval})`}`;

  function bar(row) {
    const line = made("div", "", { class: "bar", title: said(row), tabindex: "0", role: "img", "aria-label": said(row) });
    const track = made("div", "", { class: "track" });
    if (row.value !== undefined) {
      const fill = made("div", "", { class: "fill" });
      fill.style.width = `${row.value}%`;
      track.append(fill);
      if (row.low !== undefined) {
        const spread = made("div", "", { class: "spread" });
        spread.style.left = `${row.low}%`;
        spread.style.width = `${row.high - row.low}%`;
        track.append(spread);
      }
    }
    line.append(made("span", name(row), { class: "of" }), track, made("strong", row.shown));
    return line;
  }

  const kind = (key) => (["shown", "n", "interval"].includes(key) ? { "data-kind": "number" } : {});
  const columns = () => {
    const by = question().tables[at("by").value].label;
    return [["Answer", "of"], ...(by ? [["Group", "group"]] : []), ["Percent", "shown"], ["Answers", "n"], ["Interval", "interval"]];
  };

  function draw() {
    const chosen = question(), shown = rows(), by = chosen.tables[at("by").value].label;
    at("title").textContent = chosen.label;
    const method = shown.map((row) => row.method).find(Boolean);
    at("base").textContent = [chosen.section, by && `By: ${by}`, "Percent of those who answered", method && `Interval: ${method}`]
      .filter(Boolean).join(". ") + ".";
    at("chart").replaceChildren(...shown.map(bar));
    const heads = made("tr");
    for (const [heading, key] of columns()) {
      const cell = made("th", key === "shown" ? "" : heading, { scope: "col", ...kind(key) });
      if (key === "shown") {
        const order = { up: "ascending", down: "descending" }[at("sort").value];
        cell.setAttribute("aria-sort", order || "none");
        const button = made("button", heading, { type: "button" });
        button.addEventListener("click", () => {
          at("sort").value = { "": "down", down: "up", up: "" }[at("sort").value];
          change();
          head.querySelector("button").focus();
        });
        cell.append(button);
      }
      heads.append(cell);
    }
    head.replaceChildren(heads);
    body.replaceChildren(
      ...shown.map((row) => {
        const line = made("tr", "", { "data-id": row.id });
        columns().forEach(([, key], place) => {
          line.append(place ? made("td", row[key], kind(key)) : made("th", row[key], { scope: "row" }));
        });
        return line;
      }),
    );
  }

  function change() {
    draw();
    history.replaceState(null, "", address());
    at("said").textContent = `${rows().length} rows shown.`;
  }

  // ---- what can be taken away

  function csv() {
    // A spreadsheet reads what starts with these signs as a formula.
    const quoted = (text) => `"${String(text).replace(/^[=+@-]/, "'$&").replaceAll('"', '""')}"`;
    const keys = ["id", "of", "group", "value", "low", "high", "n", "shown"];
    const lines = rows().map((row) => keys.map((key) => {
      const value = row[key] ?? "";
      return typeof value === "number" ? value : quoted(value);
    }).join(","));
    return `${keys.join(",")}\n${lines.join("\n")}\n`;
  }

  async function copy(text, what) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = made("textarea", text, { "aria-hidden": "true", class: "copied" });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    at("said").textContent = `${what} copied.`;
  }

  if (!questions.length) {
    root.replaceChildren(made("p", "No share of this study was released."));
    return;
  }
  const sections = new Map();
  for (const one of questions) {
    if (!sections.has(one.section)) sections.set(one.section, made("optgroup", "", { label: one.section }));
    sections.get(one.section).append(option(one.id, one.label));
  }
  at("question").replaceChildren(...sections.values());
  at("question").addEventListener("change", () => (offer(), change()));
  at("by").addEventListener("change", change);
  at("sort").addEventListener("change", change);
  at("form").addEventListener("submit", (event) => event.preventDefault());
  at("copy").addEventListener("click", () => copy(csv(), "Table"));
  at("link").addEventListener("click", () => copy(new URL(address(), location.href).href, "Link"));
  addEventListener("hashchange", read);
  read();
})();
