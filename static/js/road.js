// A bar of the roadmap dragged to another quarter fills in and sends the form that also works by keyboard.
class RoadMap extends HTMLElement {
  connectedCallback() {
    for (const bar of this.querySelectorAll("[data-form]")) bar.draggable = true;
    for (const name of ["dragstart", "dragover", "drop", "dragend"]) this.addEventListener(name, this);
  }

  handleEvent(event) {
    this[event.type](event);
  }

  dragstart(event) {
    const bar = event.target.closest("[data-form]");
    this.form = bar && document.getElementById(bar.dataset.form);
    if (this.form) event.dataTransfer.effectAllowed = "move";
  }

  dragover(event) {
    const head = this.under(event);
    this.mark(head);
    if (head) event.preventDefault(); // it may be dropped here
  }

  drop(event) {
    const head = this.under(event);
    if (!head) return;
    event.preventDefault();
    this.form.elements.quarter.value = head.dataset.quarter;
    this.form.requestSubmit();
  }

  dragend() {
    this.mark(null);
    this.form = null;
  }

  // The heading of the quarter under the pointer, where the form offers it.
  under(event) {
    const offered = new Set(Array.from(this.form?.elements.quarter.options ?? [], (option) => option.value));
    return [...this.querySelectorAll("[data-quarter]")].find((head) => {
      const { left, right } = head.getBoundingClientRect();
      return event.clientX >= left && event.clientX < right && offered.has(head.dataset.quarter);
    });
  }

  mark(head) {
    for (const one of this.querySelectorAll("[data-quarter]")) one.toggleAttribute("data-over", one === head);
  }
}

customElements.define("road-map", RoadMap);
