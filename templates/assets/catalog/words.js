/* Words: each must be found somewhere in a model; the best place of each decides the order. */
(function () {
  "use strict";
  const { catalog, make } = window.sitegen;
  const { data, fold, texts, shownTags, runsOf } = catalog;
  const NOWHERE = 9, RUN_NAME = 24, ID = 8; /* letters of a run that a row shows */

  /* An alias may be written with its @. */
  const wordsOf = (text) => Array.from(new Set(fold(text).split(/\s+/).map((word) => word.replace(/^@(?=.)/, "")).filter(Boolean)));
  const isLetter = (code) => (code > 96 && code < 123) || (code > 47 && code < 58);

  /* Where a word stands in a text: 0 a whole word, 1 the start of one, 3 inside one. */
  function place(text, word) {
    let best = NOWHERE;
    for (let at = text.indexOf(word), tries = 0; at >= 0 && tries < 4 && best; at = text.indexOf(word, at + 1), tries++) {
      const starts = !isLetter(text.charCodeAt(at - 1)), ends = !isLetter(text.charCodeAt(at + word.length));
      best = Math.min(best, starts ? (ends ? 0 : 1) : 3);
    }
    return best;
  }

  /* Where a word stands in the inputs of a signature; a column of just that name comes right after a whole word of a name. */
  function placeInInputs(signature, word) {
    if (!signature.text.includes(word)) return NOWHERE;
    return signature.names.reduce((best, name) => Math.min(best, name === word ? 0.5 : place(name, word) + 1.5), NOWHERE);
  }

  /* The score of every model, less is better; -1: not found. */
  function search(words) {
    const inputs = words.map((word) => data.signatures.map((signature) => placeInInputs(signature, word)));
    const runs = words.map(runsOf), whole = runsOf(words.join(" ")); /* names of runs may have several words */
    const scores = new Float32Array(data.rows.length).fill(-1), placeOfRun = (found, row) => (found.size && found.has(row.number) ? found.get(row.number).place : NOWHERE);
    for (const row of data.rows) {
      let score = 0;
      for (let number = 0; number < words.length && score < NOWHERE * words.length; number++) {
        const best = Math.min(placeInRow(row, words[number], inputs[number][row.signature]), placeOfRun(runs[number], row));
        score += best === NOWHERE ? Infinity : best;
      }
      if (placeOfRun(whole, row) < NOWHERE) score = Math.min(score, placeOfRun(whole, row));
      if (score < Infinity) scores[row.number] = score;
    }
    return scores;
  }

  function placeInRow(row, word, found) {
    let best = found;
    if (best > 0 && row.own.includes(word)) best = Math.min(best, row.folded.includes(word) ? place(row.folded, word) : place(row.own, word) + 1);
    /* in longer texts only starts of words count: "age" must not find "messages" */
    if (best === NOWHERE && data.texts && row.more.includes(word) && place(row.more, word) < 3) best = 6;
    return best;
  }

  /* Why a model was found: [text, label] for each word that its name does not explain, such as ["age: long", "input"];
     of runs with the versions that they logged. */
  function reasons(row, words) {
    const found = new Map(), whole = runsOf(words.join(" ")).get(row.number);
    if (whole) return [reasonOfRuns(whole)];
    for (const word of words) {
      const runs = runsOf(word).get(row.number);
      if (runs && !runs.place) {
        found.set(runs, reasonOfRuns(runs));
        continue;
      }
      const exact = data.signatures[row.signature].names.indexOf(word);
      if (row.folded.includes(word) && (exact < 0 || place(row.folded, word) < 3)) continue;
      const reason = reasonOf(row, word, exact) || (runs ? reasonOfRuns(runs) : null);
      if (reason) found.set(reason[0], reason);
    }
    return Array.from(found.values());
  }

  /* The best run that was found, and how many there are beside it. */
  function reasonOfRuns({ entries: [{ text, isId, versions }, ...others] }) {
    const length = isId ? ID : RUN_NAME, letters = Array.from(text), shown = letters.length > length ? letters.slice(0, length).join("") + "…" : text;
    return [shown, "run", versions, others.length];
  }

  function reasonOf(row, word, exact) {
    const signature = data.signatures[row.signature], has = (text) => Boolean(text) && fold(text).includes(word);
    const column = exact >= 0 ? exact : signature.names.findIndex((name) => name.includes(word));
    const input = column >= 0 ? [signature.inputs[column].join(": "), "input"] : null;
    if (exact >= 0) return input;
    const group = row.aliases.find(({ names }) => names.some(has));
    if (group) return [group.names.find(has) + " → " + group.label, "alias"];
    const flavor = row.flavors.find(has);
    if (flavor) return [flavor, "flavor"];
    const tag = Object.entries(shownTags(row)).find((pair) => has(pair.join(": ")));
    if (tag) return [tag.join(": "), "tag"];
    if (input) return input;
    for (const name of ["licence", "owner", "task", "store"]) if (has(row[name])) return [row[name], name];
    return data.texts ? reasonInTexts(row, word) : null;
  }

  function reasonInTexts(row, word) {
    const labels = ["description", "card", "output", "input"];
    for (const [number, text] of texts(row).entries()) {
      const lines = number > 1 ? text.split("\n") : [text], line = lines.find((one) => place(fold(one), word) < 3);
      if (line === undefined) continue;
      const at = fold(line).indexOf(word), start = number > 1 ? 0 : Math.max(0, at - 24);
      return [(start ? "…" : "") + line.slice(start, at + 60), labels[number]];
    }
    return null;
  }

  /* A text with its words marked. Not where folding changes its length: places would be wrong. */
  function marked(text, words) {
    const low = words.length ? fold(text) : "", pieces = [];
    if (low.length !== text.length) return [text];
    for (let at = 0; ;) {
      let first = -1, size = 0;
      for (const word of words) {
        const found = low.indexOf(word, at);
        if (found >= 0 && (first < 0 || found < first || (found === first && word.length > size))) { first = found; size = word.length; }
      }
      if (first < 0) return pieces.concat(text.slice(at)).filter((piece) => piece !== "");
      pieces.push(text.slice(at, first), make("mark", {}, text.slice(first, first + size)));
      at = first + size;
    }
  }

  Object.assign(catalog, { wordsOf, search, reasons, marked });
})();
