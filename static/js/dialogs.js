// data-open="id" opens a native <dialog>, which keeps focus in and closes on Escape; data-close closes it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  const dialog = opener && document.getElementById(opener.dataset.open);
  if (dialog) {
    event.preventDefault();
    dialog.showModal();
    dialog.querySelector("input")?.select();
  }
  if (event.target.closest("[data-close]") || event.target.matches("dialog")) {
    event.target.closest("dialog")?.close();
  }
});

// data-submit on a select or tick box sends its form when it changes.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form?.requestSubmit();
});
