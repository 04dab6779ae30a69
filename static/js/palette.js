// The palette: arrows move through what the server found, Enter opens it.
const palette = document.getElementById("palette");
const field = palette?.querySelector("#palette-q");
const items = () => [...palette.querySelectorAll(".palette-item")];
let at = 0;

function mark(to) {
  const found = items();
  field.removeAttribute("aria-activedescendant");
  if (!found.length) return;
  at = (to + found.length) % found.length;
  found.forEach((item, index) => item.setAttribute("aria-selected", index === at));
  found[at].scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", found[at].id);
}

// Whether the list answers what stands in the field now; while the server is still asked, Enter searches instead.
function answers() {
  const said = palette.querySelector("[data-answers]")?.dataset.answers;
  return said === field.value.trim().replace(/\s+/g, " ");
}

if (palette && field) {
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(at + (event.key === "ArrowDown" ? 1 : -1));
    }
    if (event.key === "Enter" && answers() && items()[at]) {
      event.preventDefault();
      items()[at].click();
    }
  });
  palette.addEventListener("click", (event) => {
    if (event.target.closest(".palette-item")) palette.close();
  });
  palette.addEventListener("htmx:after:swap", () => mark(0));
}
