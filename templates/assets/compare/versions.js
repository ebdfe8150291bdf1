/* The versions of a model, wherever their data lies: data.js has the newest, and the names of all others, whose data is
   loaded when they are chosen. */
(function () {
  "use strict";
  const { script, own } = window.sitegen;

  /* The data of a model, null where there is no such model; `up` leads to the root of the site. */
  async function loadModel(up, slug) {
    if (!/^[a-z0-9][a-z0-9._-]*$/.test(slug)) return null;
    try { await script(up + "models/" + slug + "/data.js"); } catch { return null; }
    return own(window.sitegenModels, slug) || null;
  }

  const countOf = ({ start, versions }) => start + versions.length;
  const nameAt = (model, number) => (number < model.start ? model.older.names[number] : model.versions[number - model.start].name);
  const aliasesAt = (model, number) => (number < model.start ? own(model.older.aliases, String(number)) || [] : model.versions[number - model.start].aliases);
  function labelAt({ start, older, versions }, number) {
    if (number >= start) return versions[number - start].label;
    return older.labels ? older.labels[number] : "v" + older.names[number];
  }

  /* The number of a version among all of its model, by its name; -1 where it has no such version. */
  function numberOf(model, name) {
    const newest = model.versions.findIndex((version) => version.name === name);
    return newest < 0 ? model.older.names.indexOf(name) : model.start + newest;
  }

  /* What is compared of a version: the data that has its values, its place there, and its number in the model. */
  async function columnOf(up, model, number) {
    const data = number < model.start ? await loadPart(up, model, 1 + Math.floor(number / model.older.part)) : model;
    const place = number - data.start;
    return { data, place, number, version: data.versions[place] };
  }

  async function loadPart(up, model, part) {
    await script(up + "models/" + model.slug + "/compare/versions-" + part + ".js");
    const data = own(window.sitegenVersions, model.slug + "/" + part), { name, slug, main, baseline } = model;
    return Object.assign(data, { part, name, slug, main, baseline });
  }

  /* The histories of the versions in a file, by key. */
  async function loadSteps(up, { slug, part }) {
    await script(up + "models/" + slug + (part ? "/compare/steps-" + part + ".js" : "/steps.js"));
    return own(window.sitegenSteps, part ? slug + "/" + part : slug);
  }

  const TEXT_PART = 100; /* versions in a file of texts, as in sitegen/site/script_data.py */

  /* The texts of a version by name: {text, cut}; `cut`: only its beginning is there. */
  async function loadTexts(up, { data, number }) {
    const part = 1 + Math.floor(number / TEXT_PART), key = data.slug + "/" + part;
    if (!data.texts) await script(up + "models/" + data.slug + "/compare/texts-" + part + ".js");
    const { start = 0, texts, cut, named } = data.texts || own(window.sitegenTexts, key);
    return new Map(Object.entries(named[number - start]).map(([name, place]) => [name, { text: texts[place], cut: cut.includes(place) }]));
  }

  window.sitegen.modelVersions = { loadModel, countOf, nameAt, labelAt, aliasesAt, numberOf, columnOf, loadSteps, loadTexts };
})();
