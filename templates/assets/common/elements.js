/* Elements of the page: to find them, make them, and make them anew without loss of focus. */
(function () {
  "use strict";
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

  /* Run `action`, which replaces the elements in `within`; focus, selection and horizontal scroll stay as they were. */
  function steady(within, action) {
    const named = (element) => element.dataset.name || element.getAttribute("aria-label");
    const active = within.contains(document.activeElement) ? document.activeElement : null;
    const name = active && named(active);
    const range = name && active instanceof HTMLInputElement && active.type === "text" ? active.selectionStart : null;
    const scrolled = all(".wrap", within).map((element) => [named(element), element.scrollLeft]);
    action();
    const found = name && all("[data-name], [aria-label]", within).find((element) => named(element) === name);
    if (found && found !== document.activeElement) {
      found.focus({ preventScroll: true });
      if (range !== null) found.setSelectionRange(range, range);
    }
    for (const element of all(".wrap", within)) {
      const before = scrolled.find(([label]) => label === named(element));
      if (before && before[1]) element.scrollLeft = before[1];
    }
  }

  Object.assign(window.sitegen, { all, make, linkButton, steady });
})();
