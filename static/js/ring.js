// The ring and its list point at each other.
for (const name of ["mouseover", "mouseout", "focusin", "focusout"]) {
  document.addEventListener(name, (event) => {
    const part = event.target.closest?.("[data-area]");
    if (!part) return;
    const on = name === "mouseover" || name === "focusin";
    for (const other of document.querySelectorAll(`[data-area="${part.dataset.area}"]`)) other.toggleAttribute("data-active", on);
  });
}
