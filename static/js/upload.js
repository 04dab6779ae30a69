// Files go up one by one with their progress: chosen in the field, or dropped on it. Each that is refused says why beside
// the field and keeps nothing; the others are there. Without script the same form sends them all at once.
const formOf = (event) => (event.target instanceof Element ? event.target.closest("form[data-upload]") : null);

const line = (state, file) => {
  const row = document.createElement("p");
  row.className = "upload-one";
  const name = document.createElement("span");
  name.textContent = file.name;
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", `Sent of ${file.name}`);
  row.append(name, bar);
  state.append(row);
  return { row, bar };
};

const refuse = (row, words) => {
  row.className = "field-error";
  row.textContent = words;
};

// Each file is a press of its own: the key of the form with its place behind it, so that a retry is the same press.
const send = (form, file, place, bar) => new Promise((resolve) => {
  const sent = new FormData();
  for (const field of form.querySelectorAll("input[type=hidden]")) sent.set(field.name, field.name === "once" ? `${field.value}-${place}` : field.value);
  sent.set("uploads", file, file.name);
  const call = new XMLHttpRequest();
  call.open("POST", form.action);
  call.setRequestHeader("HX-Request-Type", "partial");
  call.upload.addEventListener("progress", (event) => { if (event.lengthComputable) bar.value = Math.round(100 * event.loaded / event.total); });
  call.addEventListener("load", () => resolve(call));
  call.addEventListener("error", () => resolve(null));
  call.send(sent);
});

const said = (call, page) => {
  const errors = [...page.querySelectorAll("[data-upload] .field-error")].map((one) => one.textContent.replace(/^\s*Error:\s*/, "").trim());
  if (errors.length) return errors.join(" ");
  const title = page.querySelector("h1, h2, b, p");
  return title?.textContent.trim() || "Not received. Choose it again.";
};

const take = async (form, files) => {
  const state = form.querySelector(".upload-state");
  const target = form.dataset.upload;
  const refused = [];
  let last = null;
  form.setAttribute("aria-busy", "true");
  state.replaceChildren();
  for (const [place, file] of files.entries()) {
    const { row, bar } = line(state, file);
    const call = await send(form, file, place, bar);
    const page = call && new DOMParser().parseFromString(call.responseText, "text/html");
    const part = page?.querySelector(target);
    if (call && call.status < 400 && part) {
      last = part;
      row.lastChild.replaceWith(" added");
    } else {
      const words = call ? said(call, page) : `${file.name} was not received: the line was cut. Choose it again.`;
      refuse(row, words);
      refused.push(row);
    }
  }
  form.removeAttribute("aria-busy");
  if (last) {
    const here = document.querySelector(target);
    const held = here.contains(document.activeElement);
    here.replaceWith(document.adoptNode(last));
    if (held) document.querySelector(`${target} input[type=file]`)?.focus(); // by keyboard one goes on where one was
    globalThis.htmx?.process?.(document.querySelector(target));
  }
  const now = document.querySelector(`${target} .upload-state`) ?? state;
  if (refused.length) now.replaceChildren(...refused);
  else now.textContent = files.length === 1 ? "Added." : `${files.length} files added.`;
  document.querySelector(`${target} form[data-upload]`)?.reset();
};

document.addEventListener("submit", (event) => {
  const form = formOf(event);
  const files = form ? [...form.querySelector("input[type=file]").files] : [];
  if (!files.length) return; // the server says what is missing
  event.preventDefault();
  take(form, files);
});

for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const form = formOf(event);
    if (!form || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    form.toggleAttribute("data-over", name === "dragover");
    if (name === "drop" && event.dataTransfer.files.length) take(form, [...event.dataTransfer.files]);
  });
}
