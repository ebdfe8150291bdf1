/* One classic script without dependencies. Every page reads complete without it. */
(function () {
  "use strict";
  var root = document.documentElement, THEMES = ["auto", "light", "dark"];
  function stored(value) {
    try {
      if (value === undefined) return localStorage.getItem("theme");
      localStorage.setItem("theme", value);
    } catch (error) { /* no storage from file:// in some browsers */ }
    return null;
  }
  var theme = THEMES.indexOf(stored()) > 0 ? stored() : "auto";
  function apply() {
    if (theme === "auto") root.removeAttribute("data-theme"); else root.setAttribute("data-theme", theme);
  }
  apply(); /* before the first paint */
  document.addEventListener("DOMContentLoaded", function () {
    themeButton();
    currentSection();
  });
  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }
  function themeButton() {
    var button = document.querySelector("[data-theme-toggle]");
    if (!button) return;
    var label = button.querySelector("span");
    button.hidden = false;
    label.textContent = theme;
    button.addEventListener("click", function () {
      theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
      stored(theme);
      apply();
      label.textContent = theme;
    });
  }
  function currentSection() {
    var links = all(".toc a");
    if (!links.length || !window.IntersectionObserver) return;
    var observer = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (!entry.isIntersecting) return;
        links.forEach(function (link) {
          if (link.getAttribute("href") === "#" + entry.target.id) link.setAttribute("aria-current", "true");
          else link.removeAttribute("aria-current");
        });
      });
    }, { rootMargin: "-8% 0px -80% 0px" });
    links.forEach(function (link) {
      var section = document.getElementById(link.getAttribute("href").slice(1));
      if (section) observer.observe(section);
    });
  }
})();
