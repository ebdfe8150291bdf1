/* The choice of the address that code is written for. Without this script the code has the first address.

   <input type="radio" data-code-choice hidden data-python='"models:/m/1"' data-shell="models:/m/1" data-need="..." data-source="registry">
   <span data-code-need></span> <var data-code-address="python"></var>   in code: what the address needs, and the address
   <div data-code-source="registry">                                     code for one kind of address */
(function () {
  "use strict";
  const { all } = window.sitegen;

  document.addEventListener("DOMContentLoaded", () => {
    all("[data-code-choice]").forEach((element) => { element.hidden = false; });
    const choices = all("input[data-code-choice]");
    choices.forEach((choice) => choice.addEventListener("change", () => show(choice)));
    const first = choices.find((choice) => choice.checked);
    if (first && first !== choices[0]) show(first); /* the browser kept the choice of an earlier visit */
  });

  function show(choice) {
    all("[data-code-source]").forEach((block) => { block.hidden = block.dataset.codeSource !== choice.dataset.source; });
    all("[data-code-address]").forEach((place) => { place.textContent = choice.dataset[place.dataset.codeAddress]; });
    all("[data-code-need]").forEach((place) => { place.textContent = choice.dataset.need; });
  }
})();
