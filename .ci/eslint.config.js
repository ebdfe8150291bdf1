/* The rules that the scripts of pages keep. All are classic scripts: modules do not load from file://. */
"use strict";
const js = require("@eslint/js");
const globals = require("globals");

const MARKUP = "Texts from a registry are never parsed as markup: use make() or textContent.";
const markup = [
  "AssignmentExpression[left.property.name=/^(inner|outer)HTML$/]",
  "CallExpression[callee.property.name=/^(insertAdjacentHTML|write|writeln)$/][callee.object.name='document']",
  "CallExpression[callee.property.name='insertAdjacentHTML']",
];

module.exports = [
  js.configs.recommended,
  {
    files: ["**/*.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "script", globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "array-callback-return": "error",
      "eqeqeq": "error",
      "max-lines": ["error", 300],
      "no-control-regex": "off", // control characters are meant
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-restricted-syntax": ["error", ...markup.map((selector) => ({ selector, message: MARKUP }))],
      "no-shadow": "error",
      "no-throw-literal": "error",
      "no-var": "error",
      "no-warning-comments": ["error", { terms: ["@ts-nocheck", "@ts-ignore"], location: "anywhere" }],
      "prefer-const": "error",
      "semi": "error",
      "strict": ["error", "function"],
    },
  },
];
