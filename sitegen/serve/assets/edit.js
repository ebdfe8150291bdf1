/* Adds a form to the page of a model or version of the directory layout: description, aliases, tags. */
(async function () {
  "use strict";
  const OWN = "/~sitegen/";
  const page = decodeURIComponent(location.pathname).slice(1).replace(/\/$/, "/index.html");
  const address = OWN + "edit?" + new URLSearchParams({ page });
  if (!(await (await fetch(address)).json()).editable) return; /* the page is of no such model */

  function make(tag, properties, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  const host = make("div", { id: "sitegen-edit" });
  const root = host.attachShadow({ mode: "open" });
  const open = make("button", { type: "button", textContent: "Edit", className: "open" });
  const dialog = make("dialog", {});
  dialog.setAttribute("aria-label", "Edit");
  root.append(make("link", { rel: "stylesheet", href: OWN + "live.css" }), make("div", { className: "edit" }, open, dialog));
  document.body.append(host);

  let facts = null;
  open.addEventListener("click", async () => {
    window.sitegenLive.setBusy(true); /* before the form is there: to load the page anew would take it away */
    const answer = await fetch(address).catch(() => null);
    if (!answer) return window.sitegenLive.setBusy(false); /* the server has gone */
    facts = await answer.json();
    if (facts.problem) facts = { description: "", aliases: null, tags: {}, problem: facts.problem };
    fill();
    dialog.showModal();
  });
  dialog.addEventListener("close", () => window.sitegenLive.setBusy(false));

  const problem = make("p", { className: "wrong", role: "alert" });
  const description = make("textarea", { rows: 3 });
  const aliases = make("div", {});
  const tags = make("div", {});

  /* A row of inputs with a button that takes it away. */
  function row(list, values, labels) {
    const inputs = values.map((value, number) => {
      const input = make(list === tags && number ? "textarea" : "input", { value, rows: 1 });
      input.setAttribute("aria-label", labels[number]);
      return input;
    });
    const remove = make("button", { type: "button", textContent: "Remove" });
    remove.setAttribute("aria-label", ("Remove " + values[0]).trim());
    const whole = make("div", { className: "row" }, ...inputs, remove);
    remove.addEventListener("click", () => {
      const near = whole.nextElementSibling || whole.previousElementSibling;
      const next = near ? near.querySelector("button") : list.nextElementSibling; /* the button that adds */
      whole.remove();
      next.focus();
    });
    list.append(whole);
    return inputs[0];
  }
  const aliasRow = (name) => row(aliases, [name], ["Alias"]);
  const tagRow = (key, value) => row(tags, [key, value], ["Tag", "Value"]);
  const more = (text, add) => {
    const button = make("button", { type: "button", textContent: text });
    button.addEventListener("click", () => add("", "").focus());
    return button;
  };

  function fill() {
    problem.textContent = facts.problem || "";
    description.value = facts.description;
    aliases.replaceChildren();
    tags.replaceChildren();
    (facts.aliases || []).forEach(aliasRow);
    Object.entries(facts.tags).sort().forEach(([key, value]) => tagRow(key, value));
    const cancel = make("button", { type: "button", textContent: "Cancel" });
    cancel.addEventListener("click", () => dialog.close());
    const parts = [make("label", {}, make("span", { textContent: "Description" }), description)];
    if (facts.aliases) parts.push(group("Aliases", aliases, more("Add an alias", aliasRow)));
    parts.push(group("Tags", tags, more("Add a tag", tagRow)), problem);
    const save = make("button", { type: "submit", textContent: "Save to the files", disabled: Boolean(facts.problem) });
    const form = make("form", {}, ...parts, make("p", { className: "ends" }, save, cancel));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send();
    });
    dialog.replaceChildren(form);
  }

  function group(title, list, button) {
    return make("fieldset", {}, make("legend", { textContent: title }), list, button);
  }

  const inputsOf = (each) => Array.from(each.querySelectorAll("input, textarea"));
  const values = (list) => Array.from(list.children).map((each) => inputsOf(each).map((input) => input.value));

  async function send() {
    const rows = values(tags).filter(([key, value]) => key || value);
    const keys = rows.map(([key]) => key);
    const twice = keys.find((key, number) => keys.indexOf(key) !== number);
    if (twice !== undefined) {
      problem.textContent = "the tag " + twice + " is there twice";
      return;
    }
    const body = {
      page,
      digest: facts.digest,
      description: description.value,
      aliases: facts.aliases && values(aliases).map(([name]) => name).filter(Boolean),
      tags: Object.fromEntries(rows),
    };
    const headers = { "Content-Type": "application/json", "X-Sitegen-Token": facts.token };
    try {
      const answer = await fetch(OWN + "edit", { method: "POST", headers, body: JSON.stringify(body) });
      if (answer.status === 413) problem.textContent = "this is more than can be saved here";
      else problem.textContent = answer.ok ? "" : (await answer.json()).message;
      if (answer.ok) dialog.close();
    } catch {
      problem.textContent = "the server does not answer";
    }
  }
})();
