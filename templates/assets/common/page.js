/* What every page does once it is there: marks the current section, and shows what needs scripts. */
(function () {
  "use strict";
  const { all } = window.sitegen;

  document.addEventListener("DOMContentLoaded", () => {
    markCurrentSection();
    all("[data-needs-script]").forEach((element) => { element.hidden = false; });
  });

  /* The key / leads to the search box of a page that has one. */
  document.addEventListener("keydown", (event) => {
    const { target, key, ctrlKey, metaKey, altKey } = event, box = document.querySelector(".searchbox input");
    if (key !== "/" || ctrlKey || metaKey || altKey || !(box instanceof HTMLInputElement)) return;
    if (target instanceof Element && target.matches("input:not([type=checkbox]), select, textarea, [contenteditable]")) return;
    event.preventDefault();
    box.focus();
    box.select();
  });

  function markCurrentSection() {
    const links = all(".toc a");
    if (!links.length || !window.IntersectionObserver) return;
    const observer = new IntersectionObserver((entries) => {
      const seen = entries.find((entry) => entry.isIntersecting);
      if (!seen) return;
      links.forEach((link) => {
        if (link.getAttribute("href") === "#" + seen.target.id) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      });
    }, { rootMargin: "-8% 0px -80% 0px" });
    links.forEach((link) => {
      const section = document.getElementById(link.getAttribute("href").slice(1));
      if (section) observer.observe(section);
    });
  }
})();
