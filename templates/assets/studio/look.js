/* How charts look: the colours and letters of the page. */
(function () {
  "use strict";

  const HUES = ["#b5832a", "#3f8f6b", "#8a63b8", "#c2698a"]; /* of series, beside the colours of the page; the alarm is for what breaks alone */

  function pageColours() {
    const style = getComputedStyle(document.documentElement);
    const names = ["paper", "ink", "soft", "rule", "accent", "mark"];
    return Object.fromEntries(names.map((name) => [name, style.getPropertyValue("--" + name).trim()]));
  }

  function look({ paper, ink, soft, rule, accent, mark }) {
    const font = getComputedStyle(document.body).fontFamily;
    const fonts = { labelFont: font, titleFont: font, labelFontSize: 12, titleFontSize: 12 };
    const text = { ...fonts, labelColor: soft, titleColor: soft, titleFontWeight: 400 };
    const ramp = [rule, accent];
    return {
      background: paper, font, view: { stroke: null }, padding: 4,
      title: { color: ink, font, fontSize: 14, fontWeight: 600, anchor: "start", offset: 12 },
      axis: { ...text, grid: false, gridColor: rule, domainColor: soft, tickColor: soft, labelLimit: 140 },
      legend: { ...text, orient: "bottom", labelColor: ink, symbolStrokeWidth: 2, columns: 4, labelLimit: 180 },
      header: text,
      range: { category: [accent, ...HUES, ink, mark], heatmap: ramp, ramp },
      mark: { invalid: "show" }, /* versions without a value to colour or size by; Vega-Lite would leave them out */
      scale: { invalid: { color: { value: soft }, size: { value: 30 } } },
      text: { color: ink, font, fontSize: 12 },
      line: { color: accent, strokeWidth: 1.6 },
      point: { color: accent },
      bar: { color: accent },
      rule: { color: soft },
      rect: { color: accent },
      boxplot: { box: { color: accent }, median: { color: paper } },
    };
  }

  window.sitegen.chartLook = { pageColours, look };
})();
