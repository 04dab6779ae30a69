// In the review run one begins to write at once, where it is in sight anyway, or no keyboard of a screen comes up.
const form = document.querySelector("form[data-write]");
if (form && matchMedia("(min-width: 56rem), (pointer: fine)").matches && !document.querySelector("[data-focus]")) {
  form.querySelector("textarea")?.focus({ preventScroll: true });
}
