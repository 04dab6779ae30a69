// <review-form data-suggested="amber">: what is asked only of some colours shows when one of them is chosen.
const ORDER = ["red", "amber", "grey", "green"];

customElements.define("review-form", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", () => this.show());
    this.show();
    if (this.hasAttribute("data-write") && matchMedia("(min-width: 56rem)").matches && !document.querySelector("[data-focus]")) {
      this.querySelector("textarea")?.focus({ preventScroll: true });
    }
  }

  show() {
    const said = this.querySelector("input[name=rag]:checked")?.value;
    const needed = { red: said === "red", better: ORDER.indexOf(said) > ORDER.indexOf(this.dataset.suggested) };
    for (const part of this.querySelectorAll("[data-when]")) {
      part.hidden = !needed[part.dataset.when] && !part.querySelector("[data-invalid]");
    }
  }
});
