/* What the pages with a studio share: where its scripts lie, and when to load them. */
(function () {
  "use strict";
  const { script, own } = window.sitegen;

  /* What a studio in `place` needs to know; the attributes of the place tell where its scripts lie. */
  function chartContext(place, data, places, changed) {
    const { vega, charts, steps } = place.dataset;
    const histories = async () => {
      await script(steps);
      return own(window.sitegenSteps, data.slug);
    };
    return { data, places, changed, vega, charts, steps: histories };
  }

  /* Do something once, when an element is about to come into view. */
  function whenSeen(element, action) {
    if (!window.IntersectionObserver) {
      action();
      return;
    }
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      action();
    }, { rootMargin: "200px" });
    observer.observe(element);
  }

  Object.assign(window.sitegen, { chartContext, whenSeen });
})();
