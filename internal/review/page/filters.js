const form = document.getElementById("filters");

// filter is what is asked for: the values of the fields that are filled in.
const filter = () => Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));

// selection are the people and repositories that a filter leaves, the least level that is shown, and the kind of findings that is marked.
// Permission and finding ask for what is left of the other filters, and of each other, so that they are tried until nothing more goes.
function selection({ level, finding, ...asked }) {
  const least = Math.max(1, data.levels.findIndex(({ name }) => name === level));
  let left = named(asked);
  const everybody = !level && left.people.length === data.people.length;
  const everything = !level && left.repositories.length === width;
  for (let before = Infinity; size(left) < before;) {
    before = size(left);
    if (level) left = holding(left, least);
    if (finding) left = found(left, finding, everybody, everything);
  }
  return { ...left, least, finding };
}

const size = ({ people, repositories }) => people.length + repositories.length;

// named are the people and repositories that names ask for.
function named({ person = "", group, project, repository = "" }) {
  return {
    people: places(data.people).filter((p) => answers(p, person) && (!group || data.people[p].groups.some((g) => data.groups[g].slug === group))),
    repositories: places(data.repositories).filter((r) => {
      const { slug, project: p } = data.repositories[r];
      return has(slug, repository) && (!project || data.projects[p].key === project);
    }),
  };
}

// holding are the people who have a level, or more, on one of the repositories, and the repositories on which somebody has.
function holding({ people, repositories }, least) {
  return {
    people: people.filter((p) => repositories.some((r) => levelOf(p, r) >= least)),
    repositories: repositories.filter((r) => people.some((p) => levelOf(p, r) >= least)),
  };
}

// found are the people and repositories with findings of a kind, which are about those that are left: all of them are where nobody asked for
// less. A finding about a group or the workspace counts wherever its holder is looked at; where there are no others, all repositories stay.
function found({ people, repositories }, kind, everybody, everything) {
  const placed = (finding) => finding.repository >= 0 || finding.project >= 0;
  const findings = data.findings.filter((finding) => isKind(finding, kind) &&
    (everybody || people.some((p) => holds(finding, p))) &&
    (everything || !placed(finding) || repositories.some((r) => concerns(finding, r))));
  const objects = repositories.filter((r) => findings.some((finding) => concerns(finding, r)));
  return {
    people: people.filter((p) => findings.some((finding) => holds(finding, p))),
    repositories: objects.length ? objects : repositories,
  };
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

