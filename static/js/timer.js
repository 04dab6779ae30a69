// A timer that runs says how long: the page knows since when, and counts on.
const running = document.querySelector("[data-ran]");
const opened = Date.now();

function count() {
  const minutes = Math.floor((Number(running.dataset.ran) + (Date.now() - opened) / 1000) / 60);
  running.textContent = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

if (running) setInterval(count, 5000);
