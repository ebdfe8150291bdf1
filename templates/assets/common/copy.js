/* Buttons that copy. An element with `data-copy` gets one: it copies the attribute, or the text of the code in it. */
(function () {
  "use strict";
  const { make, all } = window.sitegen;
  const WAIT = 1500; /* milliseconds until the button says "copy" again */

  document.addEventListener("DOMContentLoaded", () => all("[data-copy]").forEach(addButton));

  function addButton(element) {
    const said = make("span", { class: "vh", role: "status" });
    const button = make("button", { type: "button", class: "copy link", "aria-label": label(element) }, "copy");
    button.addEventListener("click", async () => {
      const done = await copyText(element.dataset.copy || element.querySelector("code").textContent);
      button.textContent = done ? "copied" : "not copied";
      said.textContent = done ? "Copied" : "Not copied";
      setTimeout(() => {
        button.textContent = "copy";
        said.textContent = "";
      }, WAIT);
    });
    if (element.matches("code")) (element.closest("label") || element).after(" ", button, said);
    else element.append(button, said);
  }

  function label(element) {
    const code = element.querySelector("[aria-label]");
    return `Copy ${code ? code.getAttribute("aria-label") : element.dataset.copy}`;
  }

  /* The clipboard where the browser allows it; else, as on pages without https, the older command. */
  async function copyText(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const field = make("textarea", { class: "vh", "aria-hidden": "true" });
      field.value = text;
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      return done;
    }
  }

  Object.assign(window.sitegen, { copyText, addCopy: addButton });
})();
