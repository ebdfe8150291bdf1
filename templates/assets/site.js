/* The script of every page: theme, current section, and the few things that the other scripts share. */
(function () {
  "use strict";
  const root = document.documentElement;
  const THEMES = ["auto", "light", "dark"];

  function stored(value) {
    try {
      if (value === undefined) return localStorage.getItem("theme");
      localStorage.setItem("theme", value);
    } catch (error) { /* some browsers keep nothing for file:// */ }
    return null;
  }
  let theme = THEMES.includes(stored()) ? stored() : "auto";
  function applyTheme() {
    if (theme === "auto") root.removeAttribute("data-theme"); else root.setAttribute("data-theme", theme);
  }
  applyTheme(); /* before the first paint */

  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));

  /* An element; texts become text nodes, so nothing from a registry is ever parsed as markup. */
  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return element;
  }

  /* A button that looks like a link, for what takes nobody to another place. */
  const linkButton = (text, onclick, attributes) => make("button", { type: "button", class: "link", ...attributes, onclick }, text);

  /* The page's state lives behind the #, as key=value pairs; a plain #name is a place on the page. */
  const state = {
    read() {
      const text = location.hash.slice(1);
      return new URLSearchParams(text.includes("=") ? text : "");
    },
    write(parameters) {
      const text = parameters.toString();
      const address = text ? "#" + text : location.pathname + location.search;
      try { history.replaceState(null, "", address); } catch (error) { location.hash = text; }
    },
  };

  const loading = {};
  function script(address) {
    loading[address] = loading[address] || new Promise((resolve, reject) => {
      const element = make("script", { src: address });
      element.onload = () => resolve();
      element.onerror = () => {
        delete loading[address]; /* the next who asks for it tries again */
        reject(new Error(address + " could not be loaded"));
      };
      document.head.append(element);
    });
    return loading[address];
  }

  /* Do something that makes the elements in `within` anew, and leave who works there by keyboard where they were. */
  function steady(within, action) {
    const named = (element) => element.dataset.name || element.getAttribute("aria-label");
    const active = within.contains(document.activeElement) ? document.activeElement : null;
    const name = active && named(active);
    const range = name && active.tagName === "INPUT" && active.type === "text" ? active.selectionStart : null;
    const scrolled = all(".wrap", within).map((element) => [named(element), element.scrollLeft]);
    action();
    const found = name && all("[data-name], [aria-label]", within).find((element) => named(element) === name);
    if (found && found !== document.activeElement) {
      found.focus({ preventScroll: true });
      if (range !== null) found.setSelectionRange(range, range);
    }
    for (const element of all(".wrap", within)) {
      const before = scrolled.find(([name]) => name === named(element));
      if (before && before[1]) element.scrollLeft = before[1];
    }
  }

  /* Values by key, where keys come from a registry or an address: no key means what objects inherit. */
  const own = (object, key) => (object && Object.hasOwn(object, key) ? object[key] : undefined);

  const listeners = [];
  window.sitegen = { all, make, linkButton, state, script, steady, own, onTheme: (listener) => listeners.push(listener) };

  document.addEventListener("DOMContentLoaded", () => {
    themeButton();
    currentSection();
    all("[data-needs-script]").forEach((element) => { element.hidden = false; });
    const link = document.getElementById("compare-link");
    if (link) selection(link);
  });

  /* Ticked versions or models become a link to their comparison. */
  function selection(link) {
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

  function themeButton() {
    const button = document.querySelector("[data-theme-toggle]");
    if (!button) return;
    const label = button.querySelector("span");
    button.hidden = false;
    label.textContent = theme;
    button.addEventListener("click", () => {
      theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
      stored(theme);
      applyTheme();
      label.textContent = theme;
      listeners.forEach((listener) => listener());
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => listeners.forEach((listener) => listener()));
  }

  function currentSection() {
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
