/* The model's page: a studio over all versions, opened by a button or by an address that holds charts. */
(function () {
  "use strict";
  const { make, state, script, own, notLoaded } = window.sitegen;

  document.addEventListener("DOMContentLoaded", () => {
    const place = document.querySelector("[data-studio=model]");
    if (place) offer(place, document.getElementById("open-studio"));
  });

  function offer(place, button) {
    let making = null; /* one studio, however often it is asked for while the data is on its way */
    const open = async (texts) => {
      button.hidden = true;
      place.hidden = false;
      making = making || made(place);
      const studio = await making, opened = Boolean(studio) && await studio.open(texts);
      if (!studio) making = null;
      button.hidden = opened;
      document.getElementById("plot").hidden = opened;
      window.sitegen.openStudio = studio;
      return opened;
    };
    const openWanted = () => {
      const wanted = state.read().getAll("chart");
      if (wanted.length) open(wanted);
    };
    button.hidden = false;
    button.addEventListener("click", async () => {
      if (await open([])) place.querySelector("select").focus();
      else button.focus();
    });
    window.addEventListener("hashchange", openWanted);
    openWanted();
  }

  /* The studio in its place; null, and a word about it, where the model's data cannot be loaded. */
  async function made(place) {
    try {
      await script(place.dataset.data);
    } catch {
      place.replaceChildren(make("p", { class: "soft", role: "status" }, notLoaded));
      return null;
    }
    place.replaceChildren();
    const data = own(window.sitegenModels, place.dataset.model);
    const all = () => data.versions.map((_, number) => number);
    return window.sitegen.studio(place, window.sitegen.chartContext(place, data, all, keep));
  }

  function keep(charts) {
    const parameters = new URLSearchParams();
    charts.forEach((chart) => parameters.append("chart", chart));
    state.replace((name) => name === "chart", parameters);
  }
})();
