// What is typed into the week's table is not lost: leaving is asked about, and Save waits for a connection.
const form = document.querySelector(".sheet-form");
const lost = form.querySelector("[data-lost]");
const PATIENCE = 10_000;
let isSent = false;

const isTyped = () => form.querySelector("input[name^='t.'], input[name^='i.']") !== null || [...form.querySelectorAll("td .input")].some((field) => field.value !== field.defaultValue);

addEventListener("beforeunload", (event) => {
  if (!isSent && isTyped()) event.preventDefault();
});
addEventListener("pageshow", () => { isSent = false; });

// A device may think that it is online when it is not: the house is asked.
const isReached = async () => navigator.onLine && fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) }).then(({ status }) => ![502, 503, 504].includes(status), () => false);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  lost.hidden = await isReached();
  if (!lost.hidden) return;
  isSent = true;
  form.submit(); // past this listener; pressed twice it is the same press
});
