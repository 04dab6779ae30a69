// Answers save themselves one by one. What could not be saved stays as it is typed, and says so beside it.
const stateOf = (event) => (event.target instanceof Element ? event.target.closest(".ask-one") : null)?.querySelector(".ask-state");

const say = (state, words) => {
  let line = state.querySelector(".ask-trouble");
  if (!line) {
    line = document.createElement("p");
    line.className = "ask-trouble field-error";
    state.append(line);
  }
  state.toggleAttribute("data-unsaved", true);
  line.textContent = words;
};

document.addEventListener("htmx:before:request", (event) => {
  const state = stateOf(event);
  if (state) state.toggleAttribute("aria-busy", true);
});

document.addEventListener("htmx:after:swap", (event) => {
  const state = stateOf(event);
  if (!state) return;
  state.removeAttribute("aria-busy");
  state.removeAttribute("data-unsaved");
});

for (const name of ["htmx:error", "htmx:response:error"]) {
  document.addEventListener(name, (event) => {
    const state = stateOf(event);
    const status = event.detail?.ctx?.response?.status;
    if (!state || status === 409 || status === 422) return; // those say themselves what is the matter
    state.removeAttribute("aria-busy");
    say(state, "Not saved. It stands here as you gave it: tap it again when the connection is back, or press Save.");
  });
}
