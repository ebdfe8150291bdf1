/* The model's page: a studio over all versions, opened by a button or by an address that holds charts. */
(function () {
  "use strict";
  const { state, script, own } = window.sitegen;

  document.addEventListener("DOMContentLoaded", () => {
    const place = document.querySelector("[data-studio=model]");
    if (place) offer(place, document.getElementById("open-studio"));
  });

  function offer(place, button) {
    let studio = null;
    const open = async (texts) => {
      button.hidden = true;
      place.hidden = false;
      studio = studio || await made(place);
      await studio.open(texts);
      document.getElementById("plot").hidden = true;
      window.sitegen.openStudio = studio;
    };
    const openWanted = () => {
      const wanted = state.read().getAll("chart");
      if (wanted.length) open(wanted);
    };
    button.hidden = false;
    button.addEventListener("click", async () => {
      await open([]);
      place.querySelector("select").focus();
    });
    window.addEventListener("hashchange", openWanted);
    openWanted();
  }

  async function made(place) {
    await script(place.dataset.data);
    const data = own(window.sitegenModels, place.dataset.model);
    const all = () => data.versions.map((_, number) => number);
    return window.sitegen.studio(place, window.sitegen.chartContext(place, data, all, keep));
  }

  function keep(charts) {
    const parameters = new URLSearchParams();
    charts.forEach((chart) => parameters.append("chart", chart));
    state.write(parameters);
  }
})();
