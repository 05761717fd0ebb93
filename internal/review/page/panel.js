const panel = document.getElementById("panel");
let opener = null; // what had the focus before the panel opened

const badge = (level) => {
  const { name, letter, look } = data.levels[level];
  return element("span", { className: `cell ${look}`, title: name }, letter);
};
const link = (text, open) => element("button", { type: "button", className: "link", onclick: open }, text);
const facts = (...pairs) => {
  const list = element("dl");
  for (const [name, value] of pairs) if (value) list.append(element("dt", {}, name), element("dd", {}, value));
  return list;
};

// reasons are what findings say, as a list, which is folded up where it would hide the rest.
function reasons(findings) {
  if (!findings.length) return "";
  const list = element("ul", { className: "reasons" });
  for (const finding of findings) list.append(element("li", {}, finding.reason));
  return element("details", { open: findings.length <= 2 }, element("summary", {}, plural(findings.length, "finding", "findings")), list);
}

// open shows the panel with a title.
function open(name, ...content) {
  if (panel.hidden) opener = document.activeElement;
  const title = element("h3", { id: "panel-title", tabIndex: -1 }, name);
  const close = element("button", { type: "button", className: "close", ariaLabel: "Close", onclick: shut }, "×");
  panel.replaceChildren(element("div", { className: "panel-top" }, title, close), ...content.filter((child) => child !== ""));
  panel.hidden = false;
  panel.scrollTop = 0;
  title.focus({ preventScroll: true });
  reveal(); // the panel has taken room from the matrix
}

function shut() {
  if (panel.hidden) return;
  panel.hidden = true;
  matrix.draw({ invalid_viewport: true });
  opener?.focus?.({ preventScroll: true });
}

// openCell shows what a person may do on a repository, and why.
function openCell(person, repository) {
  const { name } = data.people[person];
  const { slug, project } = data.repositories[repository];
  const level = levelOf(person, repository);
  const paths = element("ol", { className: "paths" });
  for (const { text, decides } of pathsOf(person, repository)) {
    paths.append(element("li", { className: decides ? "decides" : "" }, text, decides ? element("span", { className: "mark" }, "decides") : ""));
  }
  open(`${name} on ${slug}`,
    element("p", { className: "effective" }, badge(level), level ? data.levels[level].name : "No access"),
    facts(["Project", data.projects[project]?.key], ["Repository", slug]),
    level ? element("div", {}, element("h4", {}, plural(paths.children.length, "path", "paths")), paths) : "",
    reasons(findingsAt(person, repository)),
    element("p", {}, link(`Everything that ${name} has`, () => openPerson(person))),
    element("p", {}, link(`Everybody who has access to ${slug}`, () => openRepository(repository))),
  );
}

// rows lists access: the level, a link and the first path of each, which decides.
function rows(items) {
  const list = element("ul", { className: "rows" });
  for (const { text, person, repository } of items) {
    list.append(element("li", {}, badge(levelOf(person, repository)), element("div", {},
      link(text, () => openCell(person, repository)),
      element("small", {}, pathsOf(person, repository)[0].text))));
  }
  return list;
}

// byLevel lists access under a heading for each level, the highest first.
function byLevel(items, one, many) {
  return places(data.levels).slice(1).reverse().flatMap((level) => {
    const some = items.filter(({ person, repository }) => levelOf(person, repository) === level);
    return some.length ? [element("h4", {}, `${data.levels[level].name}: ${plural(some.length, one, many)}`), rows(some)] : [];
  });
}

function openPerson(person) {
  const { name, nickname, id, account, role, groups } = data.people[person];
  const items = places(data.repositories).filter((r) => levelOf(person, r)).map((r) => ({ text: data.repositories[r].slug, person, repository: r }));
  open(name,
    facts(["Nickname", nickname], ["Role", role || "not in the workspace"], ["Groups", groups.map((g) => data.groups[g].name).join(", ")],
      ["User id", id], ["Account id", account]),
    reasons(findingsOf[person]),
    ...byLevel(items, "repository", "repositories"),
    items.length ? "" : element("p", {}, "No access to any of these repositories."),
  );
}

function openRepository(repository) {
  const { slug, project, public: everybody } = data.repositories[repository];
  const items = places(data.people).filter((p) => levelOf(p, repository)).map((p) => ({ text: data.people[p].name, person: p, repository }));
  const { key = "", name = "" } = data.projects[project] ?? {};
  open(slug,
    facts(["Project", `${key} ${name}`.trim()], ["Visible to", everybody ? "everybody: it is public" : "those below"]),
    reasons(data.findings.filter((finding) => concerns(finding, repository))),
    ...byLevel(items, "person", "people"),
    items.length ? "" : element("p", {}, "Nobody has access to it."),
  );
}

