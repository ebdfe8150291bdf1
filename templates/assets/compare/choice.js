/* What is compared and how it is shown: what the address of the page says. It holds the whole state: v=<version> (or
   m=<model>@<version> on the page for several models), base, only, flip, sort, chart. */
(function () {
  "use strict";
  const { state } = window.sitegen;
  const { loadModel, countOf, numberOf, columnOf } = window.sitegen.modelVersions;

  class Choice {
    /* `slug` is the model's, empty on the page for several models; `up` leads to the site's root. */
    constructor(slug, up) {
      this.slug = slug;
      this.up = up;
      this.columns = [];
      this.base = 0;
    }

    /* Read the address and load what it names. The answer is what of it was not found, or null where the address has
       changed meanwhile. */
    async read() {
      const turn = this.turn = {};
      const parameters = state.read();
      const wanted = this.slug ? parameters.getAll("v").map((name) => [this.slug, name]) : parameters.getAll("m").map(modelAndVersion);
      const models = new Map();
      for (const slug of new Set(this.slug ? [this.slug] : wanted.map(([model]) => model))) models.set(slug, await loadModel(this.up, slug));
      const { columns, lost, standard } = await this.find(wanted, models);
      if (this.turn !== turn) return null;
      this.columns = columns;
      this.default = standard;
      lost.push(...this.rebase(parameters.get("base"), wanted));
      this.only = parameters.get("only") !== "0";
      this.flip = parameters.get("flip") === "1";
      this.sort = parameters.get("sort") || "";
      this.charts = parameters.getAll("chart");
      return lost;
    }

    /* The columns of the versions that are wanted, the standard ones where the page's model has none of them, and what
       was not found. */
    async find(wanted, models) {
      const lost = [...models].filter(([, model]) => !model).map(([slug]) => slug || "a model without a name"), columns = [];
      for (const [slug, name] of wanted) {
        const model = models.get(slug), number = model ? numberOf(model, name) : -1;
        if (!model) continue;
        if (number < 0) lost.push(this.slug ? name || "a version without a name" : slug + " " + name);
        else if (!columns.some((one) => one.data.slug === slug && one.number === number)) {
          const column = await this.load(model, number);
          if (column) columns.push(column); else lost.push(name);
        }
      }
      const page = this.slug && !columns.length ? models.get(this.slug) : null;
      for (const number of page ? latest(page) : []) columns.push(await this.load(page, number));
      return { columns: columns.filter(Boolean), lost, standard: Boolean(page) };
    }

    /* A column for a version; null where its data cannot be loaded. */
    load(model, number) { return columnOf(this.up, model, number).catch(() => null); }

    /* Hold the others against the version that is asked for, else against the standard one. */
    rebase(asked, wanted) {
      const base = asked || this.standardBase();
      this.base = Math.max(0, this.columns.findIndex((one) => this.key(one) === base));
      const named = wanted.some((pair) => pair.join("@") === base || pair[1] === base);
      const lost = asked && this.columns.length && this.key(this.columns[this.base]) !== base && !named;
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

    /* Compare a version of the page's model, too, or no longer; the baseline stays. Whether it could be loaded is the
       answer. */
    async pick(model, number, on) {
      const base = this.columns[this.base] && this.columns[this.base].version;
      if (on) {
        const column = await this.load(model, number);
        if (!column) return false;
        this.columns.push(column);
      } else this.columns = this.columns.filter((one) => one.number !== number);
      this.columns.sort((a, b) => a.number - b.number);
      this.base = Math.max(0, this.columns.findIndex((one) => one.version === base));
      return true;
    }

    key(one) { return this.slug ? one.version.name : one.data.slug + "@" + one.version.name; }
    label(one) { return this.sameModel() ? one.version.label : this.model(one.data) + " " + one.version.label; }
    /* A model's name; models of one name are told apart by their addresses. */
    model(data) { return this.columns.some((one) => one.data.slug !== data.slug && one.data.name === data.name) ? data.slug : data.name; }
    sameModel() { return this.columns.every((one) => one.data.slug === this.columns[0].data.slug); }
  }

  function modelAndVersion(text) {
    const at = text.indexOf("@");
    return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
  }
  /* What is compared when the address names no version: the newest with the model's baseline or, where there is none that
     is older, with the version before. */
  function latest(model) {
    const last = countOf(model) - 1, baseline = model.baseline === null ? -1 : numberOf(model, model.baseline);
    return baseline >= 0 && baseline < last ? [baseline, last] : [last - 1, last].filter((number) => number >= 0);
  }

  window.sitegen.Choice = Choice;
})();
