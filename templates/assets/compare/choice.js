/* What is compared and how it is shown: what the address of the page says. It holds the whole state: v=<version> (or
   m=<model>@<version> on the page for several models), base, only, flip, sort, chart. */
(function () {
  "use strict";
  const { state, script, own } = window.sitegen;

  class Choice {
    /* `slug` is the model's, empty on the page for several models; `up` leads to the site's root. */
    constructor(slug, up) {
      this.slug = slug;
      this.up = up;
      this.columns = [];
      this.base = 0;
    }

    /* Read the address and load the models that it names; what of it is not there is the answer, or null where the address
       has changed meanwhile. */
    async read() {
      const turn = this.turn = {};
      const parameters = state.read();
      const wanted = this.slug ? parameters.getAll("v").map((name) => [this.slug, name]) : parameters.getAll("m").map(modelAndVersion);
      const found = new Map(), lost = [];
      for (const slug of new Set(this.slug ? [this.slug] : wanted.map(([model]) => model))) {
        found.set(slug, await this.load(slug));
        if (!found.get(slug)) lost.push(slug || "a model without a name");
      }
      if (this.turn !== turn) return null;
      lost.push(...this.choose(wanted, found), ...this.rebase(parameters.get("base"), wanted));
      this.only = parameters.get("only") !== "0";
      this.flip = parameters.get("flip") === "1";
      this.sort = parameters.get("sort") || "";
      this.charts = parameters.getAll("chart");
      return lost;
    }

    /* What the scripts know of a model; null where there is no such model. */
    async load(slug) {
      if (!/^[a-z0-9][a-z0-9._-]*$/.test(slug)) return null;
      try { await script(this.up + "models/" + slug + "/data.js"); } catch { return null; }
      return own(window.sitegenModels, slug) || null;
    }

    /* Take the versions that are wanted of the models that were found; those that are not there are the answer. */
    choose(wanted, found) {
      const lost = [];
      this.columns = [];
      for (const [slug, name] of wanted) {
        const data = found.get(slug);
        if (!data) continue;
        const place = data.versions.findIndex((version) => version.name === name);
        if (place < 0) lost.push(this.slug ? name || "a version without a name" : slug + " " + name);
        else if (!this.columns.some((one) => one.data === data && one.place === place)) {
          this.columns.push({ data, place, version: data.versions[place] });
        }
      }
      this.default = Boolean(this.slug && found.get(this.slug) && !this.columns.length);
      if (this.default) this.columns = latest(found.get(this.slug));
      return lost;
    }

    /* Hold the others against the version that is asked for, else against the standard one. */
    rebase(asked, wanted) {
      const base = asked || this.standardBase();
      this.base = Math.max(0, this.columns.findIndex((one) => this.key(one) === base));
      const told = wanted.some((pair) => pair.join("@") === base || pair[1] === base);
      const lost = asked && this.columns.length && this.key(this.columns[this.base]) !== base && !told;
      return lost ? ["the baseline " + base] : [];
    }
    standardBase() {
      const data = this.columns[0] && this.columns[0].data;
      if (this.default && data) return this.columns[0].version.name;
      if (!data || !this.columns.some((one) => one.version.name === data.baseline)) return "";
      return this.slug ? data.baseline : data.slug + "@" + data.baseline;
    }

    /* Put the state into the address: a link opens exactly this comparison. */
    keep() {
      const parameters = new URLSearchParams();
      for (const one of this.columns) parameters.append(this.slug ? "v" : "m", this.key(one));
      if (this.columns[this.base]) parameters.set("base", this.key(this.columns[this.base]));
      if (!this.only) parameters.set("only", "0");
      if (this.flip) parameters.set("flip", "1");
      if (this.sort) parameters.set("sort", this.sort);
      for (const chart of this.charts) parameters.append("chart", chart);
      state.write(parameters);
    }

    /* Compare a version of the page's model, too, or no longer; the baseline stays. */
    pick(data, place, on) {
      const base = this.columns[this.base] && this.columns[this.base].version;
      if (on) this.columns.push({ data, place, version: data.versions[place] });
      else this.columns = this.columns.filter((one) => one.place !== place);
      this.columns.sort((a, b) => a.place - b.place);
      this.base = Math.max(0, this.columns.findIndex((one) => one.version === base));
    }

    key(one) { return this.slug ? one.version.name : one.data.slug + "@" + one.version.name; }
    label(one) { return this.sameModel() ? one.version.label : this.model(one.data) + " " + one.version.label; }
    /* A model's name; models of one name are told apart by their addresses. */
    model(data) { return this.columns.some((one) => one.data !== data && one.data.name === data.name) ? data.slug : data.name; }
    sameModel() { return this.columns.every((one) => one.data === this.columns[0].data); }
  }

  function modelAndVersion(text) {
    const at = text.indexOf("@");
    return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
  }
  /* What is compared when the address names no version: the newest with the model's baseline or, where there is none that
     is older, with the version before. */
  function latest(data) {
    const last = data.versions.length - 1, baseline = data.versions.findIndex((version) => version.name === data.baseline);
    const places = baseline >= 0 && baseline < last ? [baseline, last] : [last - 1, last].filter((place) => place >= 0);
    return places.map((place) => ({ data, version: data.versions[place], place }));
  }

  window.sitegen.Choice = Choice;
})();
