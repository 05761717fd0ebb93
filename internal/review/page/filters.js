const form = document.getElementById("filters");

// filter is what is asked for: the values of the fields that are filled in.
const filter = () => Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));

// selection are the people and repositories that a filter leaves, and the least level that is shown.
function selection({ person = "", group, project, repository = "", level, finding }) {
  const findings = data.findings.filter((f) => finding === "any" || data.kinds[f.kind].kind === finding);
  const has = (text, part) => text.toLowerCase().includes(part.toLowerCase());
  const found = (list, touches) => new Set(places(list).filter((place) => findings.some((f) => touches(f, place))));
  let people = places(data.people).filter((p) => {
    const { name, nickname, id, account, groups } = data.people[p];
    return [name, nickname, id, account].some((text) => has(text, person)) && (!group || groups.some((g) => data.groups[g].slug === group));
  });
  let repositories = places(data.repositories).filter((r) => {
    const { slug, project: p } = data.repositories[r];
    return has(slug, repository) && (!project || data.projects[p].key === project);
  });
  if (finding) {
    const holders = found(data.people, holds);
    const objects = found(data.repositories, concerns);
    people = people.filter((p) => holders.has(p));
    if (objects.size) repositories = repositories.filter((r) => objects.has(r));
  }
  const least = Math.max(1, data.levels.indexOf(level));
  if (level) {
    const all = people;
    people = people.filter((p) => repositories.some((r) => levelOf(p, r) >= least));
    repositories = repositories.filter((r) => all.some((p) => levelOf(p, r) >= least));
  }
  return { people, repositories, least };
}

// count is how much access there is in a selection.
function count({ people, repositories, least }) {
  let cells = 0;
  for (const p of people) for (const r of repositories) if (levelOf(p, r) >= least) cells++;
  return cells;
}

// describe says what is shown of all that there is.
function describe(selected) {
  const part = (some, all, one, many) => (some === all ? plural(all, one, many) : `${some.toLocaleString("en")} of ${plural(all, one, many)}`);
  const { people, repositories } = selected;
  return `${part(people.length, data.people.length, "person", "people")} × ` +
    `${part(repositories.length, width, "repository", "repositories")}: ${plural(count(selected), "permission", "permissions")}`;
}

// The filter is in the address, so that what is shown can be linked.
const toHash = () => `#${new URLSearchParams(filter())}`;

function fromHash() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  for (const field of form.elements) if (field.name) field.value = wanted.get(field.name) ?? "";
}

