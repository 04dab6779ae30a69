// Everything works without script; these modules add keys, the palette, and small comforts.
import "./answers.js";
import "./dialogs.js";
import "./keys.js";
import "./log-line.js";
import "./minutes.js";
import "./palette.js";
import "./passkeys.js";
import "./review.js";
import "./ring.js";
import "./sheet.js";
import "./timer.js";
import "./upload.js";
import "./waiting.js";

// Focus goes to the summary of what was wrong, first on load and after htmx put a part in place.
const focusProblem = (root) => root.querySelector("[data-focus]")?.focus();
focusProblem(document);
document.addEventListener("htmx:after:swap", (event) => focusProblem(event.target.parentElement ?? document));

// On a phone the tabs scroll sideways: the page that is open is among those one sees.
const tab = document.querySelector(".tabs [aria-current]");
const strip = tab?.closest(".tabs");
if (strip && strip.scrollWidth > strip.clientWidth) strip.scrollLeft = tab.offsetLeft - strip.offsetLeft - (strip.clientWidth - tab.offsetWidth) / 2;

// Where a picture scrolls sideways, today is in sight.
for (const dot of document.querySelectorAll(".chart-wrap .chart-dot")) {
  const wrap = dot.closest(".chart-wrap");
  if (wrap.scrollWidth > wrap.clientWidth) wrap.scrollLeft += dot.getBoundingClientRect().left - wrap.getBoundingClientRect().left - 0.4 * wrap.clientWidth;
}
