/* The runs of all versions, found by the beginning of their name or id. sitegen/site/run_scripts.py says in which files
   they are: a search loads the file for the first letters of a word. */
(function () {
  "use strict";
  const { catalog, script, columns } = window.sitegen;
  const { data, parts, fold } = catalog;
  const FIRST = 2, LEAST = 3, LEAST_OF_ID = 6; /* letters: of the name of a file, and to find a name or an id */
  const IS_ID = /^[0-9a-f]{32}$/, EXACT = 0, START = 5;
  const files = new Map(), found = new Map(); /* entries by file, and runs by word */

  window.sitegenCatalog.runs = (number, { file, runs }) => {
    const { start } = parts[number];
    files.set(nameOf(file, number), runs.map(([place, text, versions]) => ({ row: start + place, text, folded: fold(text), isId: IS_ID.test(text), versions })));
    found.clear();
  };

  const nameOf = (file, number) => "runs-" + file + "-" + (number + 1);
  const firstOf = (word) => Array.from(word).slice(0, FIRST).join("");
  const namesOf = (word) => (word.length < LEAST ? [] : parts.flatMap(({ index }, number) => (index.run_files ? [nameOf(columns.fileOf("runs", firstOf(word), index.run_files), number)] : [])));
  const missing = (words) => words.flatMap(namesOf).filter((name) => !files.has(name));
  const hasRuns = (words) => !missing(words).length;
  const loadRuns = (words) => Promise.all(missing(words).map((name) => script(data.base + name + ".js")));

  function placeOf({ folded, isId }, word) {
    if (folded === word) return EXACT;
    return folded.startsWith(word) && (!isId || word.length >= LEAST_OF_ID) ? START : -1;
  }

  /* By number of a row: how well a word fits the runs of the model, and the runs, best first. */
  function runsOf(word) {
    const known = found.get(word);
    if (known) return known;
    const runs = new Map();
    for (const entry of namesOf(word).flatMap((name) => files.get(name) || [])) {
      const place = placeOf(entry, word), others = runs.get(entry.row);
      if (place < 0) continue;
      if (!others) runs.set(entry.row, { place, entries: [entry] });
      else if (place < others.place) runs.set(entry.row, { place, entries: [entry, ...others.entries] });
      else others.entries.push(entry);
    }
    if (found.size > 50) found.clear();
    return found.set(word, runs).get(word);
  }

  Object.assign(catalog, { hasRuns, loadRuns, runsOf });
})();
