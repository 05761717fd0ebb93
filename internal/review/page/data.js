// The data comes from the program that wrote this page. What people may do, and why, is all in there: nothing of it is worked out here.
const data = JSON.parse(document.getElementById("data").textContent);
const width = data.repositories.length;
const places = (list) => Array.from(list, (_, place) => place);

// sets are, person by person, the places in data.sets of what the person has on each repository.
const sets = new Uint32Array(data.people.length * width);
data.rows.forEach((runs, person) => {
  let at = person * width;
  for (let i = 0; i < runs.length; i += 2) {
    sets.fill(runs[i], at, at + runs[i + 1]);
    at += runs[i + 1];
  }
});

const levelOf = (person, repository) => data.sets[sets[person * width + repository]][0];

// pathsOf are all paths from a person to a repository, in words; those that decide give as much as the person has.
function pathsOf(person, repository) {
  const [, deciding, ...paths] = data.sets[sets[person * width + repository]];
  return paths.map((path, i) => ({ text: data.paths[path], decides: i < deciding }));
}

// holds tells whether what a finding is about is held by a person, directly or through a group. Who holds it is "" where everybody does.
function holds(finding, person) {
  if (finding.person >= 0) return finding.person === person;
  if (finding.group >= 0) return data.people[person].groups.includes(finding.group);
  return finding.who === "";
}

// concerns tells whether a finding is about a repository or its project.
function concerns(finding, repository) {
  if (finding.repository >= 0) return finding.repository === repository;
  return finding.project >= 0 && finding.project === data.repositories[repository].project;
}

// findingsOf are, for each person, the findings about what the person holds.
const findingsOf = data.people.map(() => []);
for (const finding of data.findings) {
  if (finding.person >= 0) findingsOf[finding.person].push(finding);
  else if (finding.group >= 0) places(data.people).forEach((p) => holds(finding, p) && findingsOf[p].push(finding));
}

const findingsAt = (person, repository) => findingsOf[person].filter((finding) => concerns(finding, repository));

// answers tells whether a person is meant by a text: a part of a name or of an id, in whatever case.
function answers(person, text) {
  const { name, nickname, id, account } = data.people[person];
  return [name, nickname, id, account].some((word) => has(word, text));
}

const has = (text, part) => text.toLowerCase().includes(part.trim().toLowerCase());

// isKind tells whether a finding is of a kind; every one is of any.
const isKind = (finding, kind = "any") => kind === "any" || data.kinds[finding.kind].kind === kind;

// element makes an element. Texts are only ever set as texts: names are chosen by others.
function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== ""));
  return made;
}

const plural = (count, one, many) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

