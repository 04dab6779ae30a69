// Everything works without script; these modules add keys, the palette, and small comforts.
import "./answers.js";
import "./dialogs.js";
import "./keys.js";
import "./palette.js";
import "./review.js";
import "./ring.js";

// Focus goes to the summary of what was wrong, first on load and after htmx put a part in place.
const focusProblem = (root) => root.querySelector("[data-focus]")?.focus();
focusProblem(document);
document.addEventListener("htmx:after:swap", (event) => focusProblem(event.target.parentElement ?? document));

// On a phone the tabs scroll sideways: the page that is open is among those one sees.
const tab = document.querySelector(".tabs [aria-current]");
const strip = tab?.closest(".tabs");
if (strip && strip.scrollWidth > strip.clientWidth) strip.scrollLeft = tab.offsetLeft - strip.offsetLeft - (strip.clientWidth - tab.offsetWidth) / 2;
