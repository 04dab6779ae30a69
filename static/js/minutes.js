// Minutes of a meeting. Without script the box for one line is sent with them; with script it is kept on its own, while the
// minutes stay as they are typed. A line that is still in the box when the minutes are saved goes with them all the same.
const part = () => {
  for (const one of document.querySelectorAll(".line-box [form=minutes]")) one.removeAttribute("form");
};
part();
document.addEventListener("htmx:after:swap", part);
document.addEventListener("submit", (event) => {
  const line = document.querySelector(".line-box #line");
  if (event.target.id === "minutes" && line?.value.trim()) line.setAttribute("form", "minutes");
});
