// Single letters act only outside fields, and can be switched off under one's own name (WCAG 2.1.4).
const PLACES = { t: "/today", c: "/clients", e: "/engagements", d: "/deliverables", s: "/time", f: "/time/grid#first", p: "/practice", w: "/workload" };
let first = { key: "", at: 0 };

const after = (key) => first.key === key && Date.now() - first.at < 900;

function move(step) {
  const links = [...document.querySelectorAll("[data-keys] .title-link")];
  const next = Math.max(0, Math.min(links.length - 1, links.indexOf(document.activeElement) + step));
  links[next]?.focus();
}

addEventListener("keydown", (event) => {
  const palette = document.getElementById("palette");
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && palette) {
    event.preventDefault();
    palette.showModal();
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    event.target.closest?.("form")?.requestSubmit();
    return;
  }
  if (document.body.hasAttribute("data-no-keys") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, textarea, select, dialog")) return;
  if (after("g") && PLACES[event.key]) location.assign(PLACES[event.key]);
  else if (after("n") && event.key === "e") location.assign("/engagements/new");
  else if (event.key === "/") {
    const field = document.querySelector("main input[type=search]");
    if (field || palette) { event.preventDefault(); field ? field.focus() : palette.showModal(); }
  } else if (event.key === "l") {
    const field = document.getElementById("typed-line");
    event.preventDefault();
    if (field) field.focus(); else location.assign("/today#typed");
  } else if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
  first = { key: event.key, at: Date.now() };
});
