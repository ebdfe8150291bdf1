/* What every page does once it is there: marks the current section, shows what needs scripts, links to comparisons. */
(function () {
  "use strict";
  const { all } = window.sitegen;

  document.addEventListener("DOMContentLoaded", () => {
    markCurrentSection();
    all("[data-needs-script]").forEach((element) => { element.hidden = false; });
    const link = document.getElementById("compare-link");
    if (link) linkComparison(link);
  });

  /* Ticked versions or models become a link to their comparison. */
  function linkComparison(link) {
    const boxes = all("[data-select]");
    function update() {
      const parameters = new URLSearchParams();
      const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
      chosen.reverse().forEach((name) => parameters.append(link.dataset.key, name));
      link.hidden = chosen.length < 2;
      link.href = link.dataset.page + "#" + parameters.toString();
      link.textContent = "Compare the " + chosen.length + " chosen";
    }
    boxes.forEach((box) => box.addEventListener("change", update));
    update();
  }

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
