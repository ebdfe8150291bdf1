/* The theme of the page: automatic, light or dark. Comes first: it is set before the first paint. */
(function () {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js"); /* styles of what needs scripts, from the first paint on */
  const THEMES = ["auto", "light", "dark"];
  const listeners = [];

  function read() {
    try { return localStorage.getItem("theme"); } catch { return null; /* some browsers store nothing for file:// */ }
  }
  function store(value) {
    try { localStorage.setItem("theme", value); } catch { /* the same: the theme holds for this page */ }
  }

  let theme = THEMES.includes(read()) ? read() : "auto";
  function applyTheme() {
    if (theme === "auto") root.removeAttribute("data-theme"); else root.setAttribute("data-theme", theme);
  }
  applyTheme();

  function showButton() {
    const button = document.querySelector("[data-theme-toggle]");
    if (!(button instanceof HTMLElement)) return;
    const label = button.querySelector("span");
    button.hidden = false;
    label.textContent = theme;
    button.addEventListener("click", () => {
      theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
      store(theme);
      applyTheme();
      label.textContent = theme;
      listeners.forEach((listener) => listener());
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => listeners.forEach((listener) => listener()));
  }
  document.addEventListener("DOMContentLoaded", showButton);
  document.addEventListener("DOMContentLoaded", () => root.classList.add("ready")); /* styles of what would move while it loads */

  /* The object that all scripts share: this one comes first, the others add to it. */
  window.sitegen = /** @type {any} */ ({ onTheme: (listener) => listeners.push(listener) });
})();
