// In the table of the week arrows and Enter move from cell to cell. Tab and the one save work without this.
const across = { ArrowLeft: -1, ArrowRight: 1 };
const down = { ArrowUp: -1, ArrowDown: 1, Enter: 1 };

// The cell that many rows on in the same column, past cells that cannot be typed into.
function below(cell, step) {
  const rows = [...cell.closest("tbody").rows];
  for (let at = rows.indexOf(cell.parentElement) + step; rows[at]; at += step) {
    const field = rows[at].cells[cell.cellIndex].querySelector("input:not([type=hidden])");
    if (field) return field;
  }
}

function beside(cell, step) {
  for (let at = cell; (at = step < 0 ? at.previousElementSibling : at.nextElementSibling); ) {
    const field = at.querySelector("input:not([type=hidden])");
    if (field && at.checkVisibility()) return field;
  }
}

// N leads to the notes, where it is no letter of a duration: 90 min.
const isN = (field, event) => event.key.toLowerCase() === "n" && !/mi$/i.test(field.value.slice(0, field.selectionStart));

function nextOf(field, cell, event) {
  if (event.key === "Enter") return below(cell, event.shiftKey ? -1 : 1);
  if (event.shiftKey) return undefined; // arrows that select text
  if (event.key in down) return below(cell, down[event.key]);
  if (!(event.key in across)) return undefined;
  const all = field.selectionStart === 0 && field.selectionEnd === field.value.length;
  const edge = field.selectionStart === field.selectionEnd && field.selectionEnd === (across[event.key] < 0 ? 0 : field.value.length);
  return all || edge ? beside(cell, across[event.key]) : undefined;
}

addEventListener("keydown", (event) => {
  const field = event.target;
  const cell = field.matches?.("[data-grid] input") && field.closest("td");
  if (!cell || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (bar && isN(field, event) && !document.body.hasAttribute("data-no-keys")) {
    event.preventDefault();
    (event.shiftKey || isOurs(field) ? notes.i : notes.t).focus();
    return;
  }
  const next = nextOf(field, cell, event);
  if (!next && event.key !== "Enter") return;
  event.preventDefault(); // Enter saves nothing half typed: Ctrl and Enter, or the button, do
  next?.focus();
  next?.select();
});

// On a phone a problem in the summary leads to its day.
addEventListener("click", (event) => {
  const to = event.target.closest?.(".error-summary a[href^='#c.']");
  const cell = to && document.getElementById(to.hash.slice(1))?.closest("td");
  const pick = cell && document.querySelector(`.sheet-pick input[value="${cell.dataset.day}"]`);
  if (pick) pick.checked = true;
});

// The notes of the cell that one is in stand under the table; only one that was typed is sent.
const bar = document.querySelector("[data-notes]");
const notes = Object.fromEntries([...(bar?.querySelectorAll("[data-note]") ?? [])].map((field) => [field.dataset.note, field]));
const keptIn = { t: (field) => field.title, i: (field) => field.dataset.internal ?? "" };
let noted;

// Practice time has no client who would read of it.
const isOurs = (field) => (field.closest("tr").querySelector("select")?.value ?? field.name.slice(2)).startsWith("0.");
const typedIn = (field, letter) => field.parentElement.querySelector(`input[name^='${letter}.']`);
const noteOf = (field, letter) => typedIn(field, letter)?.value ?? keptIn[letter](field);

// What a cell is called: its row, its work, its day.
function nameOf(field) {
  const [work, head] = (field.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.childNodes ?? []);
  return field.ariaLabel ?? [...work].map((one) => one.textContent).concat(head[0].textContent.trim()).join(", ");
}

function keep(field, letter, text) {
  const name = `${letter}.${field.name.replace(/^c\./, "")}`;
  const kept = typedIn(field, letter) ?? field.parentElement.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
  kept.value = text;
  if (letter === "t") field.title = text;
  field.parentElement.toggleAttribute("data-noted", ["t", "i"].some((one) => noteOf(field, one).trim()));
}

addEventListener("focusin", (event) => {
  if (!bar || !event.target.matches("[data-grid] td .input")) return;
  noted = event.target;
  bar.querySelector("[data-of]").textContent = nameOf(noted);
  bar.querySelector("[data-client]").hidden = isOurs(noted);
  for (const [letter, field] of Object.entries(notes)) {
    field.disabled = false;
    field.value = noteOf(noted, letter);
  }
});

for (const [letter, field] of Object.entries(notes)) {
  field.addEventListener("input", () => keep(noted, letter, field.value));
  field.addEventListener("keydown", (event) => {
    if (!["Enter", "Escape"].includes(event.key) || event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    noted.focus();
    noted.select();
  });
}
if (bar) bar.hidden = false;

// A key, and the link past everything, lead to the cell to begin with.
function begin() {
  const first = document.querySelector(".skip[data-first]");
  if (location.hash !== "#first" || !first) return;
  history.replaceState(null, "", location.pathname + location.search);
  document.getElementById(first.hash.slice(1))?.focus();
}
addEventListener("hashchange", begin);
begin();

if (document.querySelector("[data-grid]")) {
  import("./sums.js");
  import("./unsaved.js");
}

// Once the last empty row has its work, another one follows: as many as one save takes.
const MOST = 10;

function another(row) {
  const rows = [...row.parentElement.querySelectorAll(".sheet-new")];
  const places = rows.map((one) => one.querySelector("select").name.split(".")[1]);
  const free = [...Array(MOST).keys()].find((place) => !places.includes(String(place)));
  if (free === undefined || rows.at(-1) !== row) return;
  const next = row.cloneNode(true);
  for (const one of next.querySelectorAll("[id], [name], [for]")) {
    for (const name of ["id", "name", "for"]) {
      if (one.hasAttribute(name)) one.setAttribute(name, one.getAttribute(name).replace(/^n\.\d/, `n.${free}`));
    }
  }
  for (const one of next.querySelectorAll("[type=hidden], .sheet-fault")) one.remove();
  for (const one of next.querySelectorAll("td")) one.removeAttribute("data-noted");
  for (const one of next.querySelectorAll("input, select")) {
    for (const name of ["aria-invalid", "title", "data-unread", "aria-describedby"]) one.removeAttribute(name);
    one.ariaLabel &&= one.ariaLabel.replace(/^Another row( \(\d+\))?/, `Another row (${rows.length + 1})`);
    if (one.localName === "input") one.value = "";
    else one.selectedIndex = 0;
  }
  row.after(next);
}

addEventListener("change", (event) => {
  const row = event.target.matches?.("[name^='n.'][name$='.what']") && event.target.value && event.target.closest("tr");
  if (row) another(row);
});
