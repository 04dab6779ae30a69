// In the review run one begins to write at once, where the sentence is in sight anyway.
const form = document.querySelector("form[data-write]");
if (form && matchMedia("(min-width: 56rem)").matches && !document.querySelector("[data-focus]")) {
  form.querySelector("textarea")?.focus({ preventScroll: true });
}
