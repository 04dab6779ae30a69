// The line that logs time: arrows repeat the lines of before, and what is offered goes into the line at once.
const line = document.getElementById("typed-line");
let at = -1;
let typed = "";

function put(text) {
  line.value = text;
  line.focus();
  line.setSelectionRange(text.length, text.length);
  line.dispatchEvent(new Event("input", { bubbles: true }));
}

line?.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
  const before = [...document.querySelectorAll("#typed-before [data-line], .lines-before [data-line]")].map((one) => one.dataset.line);
  const to = at + (event.key === "ArrowUp" ? 1 : -1);
  if (to < -1 || to >= before.length) return;
  event.preventDefault();
  if (at < 0) typed = line.value;
  at = to;
  put(at < 0 ? typed : before[at]);
});

document.addEventListener("click", (event) => {
  const offered = event.target.closest?.("[data-line]");
  if (!offered || !line || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  at = -1;
  put(offered.dataset.line);
});
