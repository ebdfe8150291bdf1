/* Members of two versions matched: inputs, properties of an object, params; sitegen/analysis/compat/matching.py. */
(function () {
  "use strict";
  const { compat } = window.sitegen;

  /* Matched by name, the others by the text `alike`: a removed and an added member that no other resembles are a rename. */
  function matchMembers(old, next, alike) {
    const before = new Map(old.map((member) => [member.name, member])), after = new Map(next.map((member) => [member.name, member]));
    const unmatched = [...before.values()].filter(({ name }) => !after.has(name));
    const come = [...after.values()].filter(({ name }) => !before.has(name));
    const successors = unique(come, alike), renamed = new Map();
    for (const [key, { name }] of unique(unmatched, alike)) if (successors.has(key)) renamed.set(name, successors.get(key));
    const taken = new Set([...renamed.values()].map(({ name }) => name));
    const kept = [...before].filter(([name]) => after.has(name)).map(([name, member]) => [member, after.get(name)]);
    const order = [...after.keys()].filter((name) => before.has(name));
    return {
      kept,
      renamed: [...renamed].map(([name, other]) => [before.get(name), other]),
      removed: unmatched.filter(({ name }) => !renamed.has(name)),
      added: come.filter(({ name }) => !taken.has(name)),
      reordered: kept.some(([{ name }], place) => name !== order[place]),
    };
  }

  /* The members whose text `alike` is unique, by this text. */
  function unique(members, alike) {
    const times = new Map();
    for (const member of members) times.set(alike(member), (times.get(alike(member)) || 0) + 1);
    return new Map(members.filter((member) => times.get(alike(member)) === 1).map((member) => [alike(member), member]));
  }

  const byType = ({ type }) => JSON.stringify(type);

  Object.assign(compat, { matchMembers, byType });
})();
