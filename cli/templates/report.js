// Sorting and filtering. The page says everything without it: what needs it is hidden until it runs.
(function () {
  "use strict";
  const find = (id) => document.getElementById(id);
  const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));

  // --- sorting the table of labeling functions ---

  const table = find("lf-table");
  const rows = all("tbody tr", table);
  rows.forEach((row, i) => { row.place = i; });

  const valueOf = (cell, number) => {
    const text = cell.dataset.v !== undefined ? cell.dataset.v : cell.textContent.trim();
    if (!number) return text.toLowerCase();
    return text === "" ? NaN : Number(text);
  };

  // What has no value stands last in either direction.
  const compare = (a, b, number, down) => {
    const missing = number ? Number.isNaN(a.value) - Number.isNaN(b.value)
                           : (a.value === "") - (b.value === "");
    if (missing) return missing;
    const order = number ? a.value - b.value : a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
    return (down ? -order : order) || a.row.place - b.row.place;
  };

  const sortBy = (head, column) => {
    const number = head.dataset.sort === "n";
    const before = head.getAttribute("aria-sort");
    const down = before ? before === "ascending" : number && column > 0;
    const items = rows.map((row) => ({ row, value: valueOf(row.cells[column], number) }));
    items.sort((a, b) => compare(a, b, number, down));
    for (const item of items) table.tBodies[0].append(item.row);
    for (const other of all("thead th", table)) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
  };

  all("thead th", table).forEach((head, column) => {
    if (!head.dataset.sort) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sortBy(head, column));
  });

  // --- filtering ---

  const bySpaces = (count, of, what) => count === of ? of + " " + what : count + " of " + of + " " + what;

  const filterRows = () => {
    const name = find("lf-name").value.toLowerCase();
    const wanted = find("lf-class").value;
    const marked = find("lf-marked").checked;
    let shown = 0;
    for (const row of rows) {
      const fits = row.cells[1].textContent.toLowerCase().includes(name) &&
        (!wanted || row.cells[2].dataset.classes.includes(" " + wanted + " ")) &&
        (!marked || row.cells[row.cells.length - 1].textContent.trim() !== "");
      row.hidden = !fits;
      shown += fits;
    }
    find("lf-count").value = bySpaces(shown, rows.length, "labeling functions");
  };

  const kinds = all(".kind");
  const examples = all(".ex");

  const filterExamples = () => {
    const kind = find("ex-kind").value, label = find("ex-label").value;
    const lf = find("ex-lf").value, text = find("ex-text").value.toLowerCase();
    const open = !label && !lf && !text;
    let shown = 0;
    for (const section of kinds) {
      let here = 0;
      for (const item of all(".ex", section)) {
        const fits = (!kind || section.dataset.kind === kind) &&
          (!label || item.dataset.label === label) &&
          (!lf || item.dataset.lfs.includes(" " + lf + " ")) &&
          (!text || item.querySelector(".said").textContent.toLowerCase().includes(text));
        item.hidden = !fits;
        here += fits;
      }
      section.hidden = kind ? section.dataset.kind !== kind : !open && here === 0;
      shown += here;
    }
    find("ex-count").value = bySpaces(shown, examples.length, "records");
  };

  const prepare = (form, filter) => {
    form.hidden = false;
    form.addEventListener("input", filter);
    form.addEventListener("change", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    filter();
  };
  prepare(find("lf-tools"), filterRows);
  prepare(find("ex-tools"), filterExamples);

  // A link to what a filter hides shows it again.
  window.addEventListener("hashchange", () => {
    const target = find(location.hash.slice(1));
    if (!target || !target.closest("[hidden]")) return;
    find("lf-tools").reset();
    find("ex-tools").reset();
    filterRows();
    filterExamples();
    target.scrollIntoView();
  });

  // On paper all figures are there.
  window.addEventListener("beforeprint", () => {
    for (const item of all("details")) item.open = true;
  });
})();
