const findingsStep = 100;

// calling is what finds a person and nobody else: the name, or an id where the name finds others, too.
function calling(person) {
  const { name, id, account } = data.people[person];
  return places(data.people).filter((other) => answers(other, name)).length === 1 ? name : id || account;
}

// where is the address that shows a finding in the matrix.
function where(finding) {
  const wanted = new URLSearchParams();
  if (finding.person >= 0) wanted.set("person", calling(finding.person));
  if (finding.group >= 0) wanted.set("group", data.groups[finding.group].slug);
  if (finding.project >= 0) wanted.set("project", data.projects[finding.project].key);
  if (finding.repository >= 0) wanted.set("repository", data.repositories[finding.repository].slug);
  return `#${wanted}`;
}

// listFindings lists what is to be looked at, of one kind or of all.
function listFindings(kind) {
  const findings = data.findings.filter((finding) => isKind(finding, kind));
  const body = element("tbody");
  const table = element("table", { className: "findings" },
    element("caption", {}, `${plural(findings.length, "finding", "findings")}${findings.length < data.findings.length ? ` of ${data.findings.length.toLocaleString("en")}` : ""}`),
    element("thead", {}, element("tr", {}, ...["Kind", "About", "Who", "Permission", "Why", ""].map((name) => element("th", { scope: "col" }, name)))),
    body);
  const more = element("button", { type: "button", className: "more" });
  more.onclick = () => {
    for (const f of findings.slice(body.rows.length, body.rows.length + findingsStep)) {
      const shows = where(f) === "#" ? "" : element("a", { href: where(f), ariaLabel: `Show in the matrix: ${f.reason}` }, "Show");
      const cells = [data.kinds[f.kind].name, f.about, f.who || "everybody", f.permission, f.reason, shows];
      body.append(element("tr", {}, ...cells.map((content) => element("td", {}, content))));
    }
    const rest = findings.length - body.rows.length;
    more.hidden = rest === 0;
    more.textContent = `Show ${Math.min(rest, findingsStep)} more of ${rest}`;
  };
  more.onclick();
  document.getElementById("findings").replaceChildren(...(findings.length ? [table, more] : [element("p", {}, "Nothing to look at.")]));
}

