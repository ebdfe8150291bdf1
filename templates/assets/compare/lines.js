/* What differs between two texts, line by line. */
(function () {
  "use strict";
  const MAX_CELLS = 4e6; /* of the table of common lines; longer texts differ as a whole where they differ */
  const AROUND = 3; /* equal lines before and after a difference */

  const linesOf = (text) => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));

  /* The lines of both texts as [mark, line], the mark being "-", "+" or " ". */
  function differences(before, after) {
    const old = linesOf(before), next = linesOf(after);
    let start = 0, end = 0;
    while (start < old.length && start < next.length && old[start] === next[start]) start += 1;
    while (end < old.length - start && end < next.length - start && old[old.length - 1 - end] === next[next.length - 1 - end]) end += 1;
    const equal = (lines) => lines.map((line) => [" ", line]);
    const middle = between(old.slice(start, old.length - end), next.slice(start, next.length - end));
    return [...equal(old.slice(0, start)), ...middle, ...equal(old.slice(old.length - end))];
  }

  /* The longest common sequence of lines stays; the others are taken away or added. */
  function between(old, next) {
    const width = next.length + 1, found = [];
    if (old.length * next.length > MAX_CELLS) return [...old.map((line) => ["-", line]), ...next.map((line) => ["+", line])];
    const common = new Uint32Array((old.length + 1) * width);
    for (let i = old.length - 1; i >= 0; i -= 1) {
      for (let j = next.length - 1; j >= 0; j -= 1) {
        common[i * width + j] = old[i] === next[j] ? common[(i + 1) * width + j + 1] + 1 : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
      }
    }
    let i = 0, j = 0;
    while (i < old.length || j < next.length) {
      if (i < old.length && j < next.length && old[i] === next[j]) {
        found.push([" ", old[i]]);
        i += 1;
        j += 1;
      } else if (i < old.length && (j === next.length || common[(i + 1) * width + j] >= common[i * width + j + 1])) found.push(["-", old[i++]]);
      else found.push(["+", next[j++]]);
    }
    return found;
  }

  /* The differences with some lines around them; a number stands for as many equal lines that are left out. */
  function shorten(found) {
    const near = found.map((_, place) => found.slice(Math.max(0, place - AROUND), place + AROUND + 1).some(([mark]) => mark !== " "));
    const shown = [];
    found.forEach((line, place) => {
      if (near[place]) shown.push(line);
      else if (typeof shown[shown.length - 1] === "number") shown[shown.length - 1] += 1;
      else shown.push(1);
    });
    return shown;
  }

  window.sitegen.textLines = { differences, shorten };
})();
