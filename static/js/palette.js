// The palette: arrows move through what the server found, Enter opens it.
const palette = document.getElementById("palette");
const field = palette?.querySelector("#palette-q");
const items = () => [...palette.querySelectorAll(".palette-item")];
let at = 0;

function mark(to) {
  const found = items();
  if (!found.length) return;
  at = (to + found.length) % found.length;
  found.forEach((item, index) => item.setAttribute("aria-selected", index === at));
  found[at].scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", found[at].id);
}

if (palette && field) {
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(at + (event.key === "ArrowDown" ? 1 : -1));
    }
    if (event.key === "Enter" && items()[at]) {
      event.preventDefault();
      items()[at].click();
    }
  });
  palette.addEventListener("htmx:after:swap", () => mark(0));
}
