const printLimit = 2000;

// printed is what stands on paper in place of the matrix, whose cells nobody could scroll there: what is shown, as a list. More findings are
// listed, too.
function printed() {
  const more = document.querySelector(".more");
  for (let listed = 0; more && !more.hidden && listed < printLimit; listed += findingsStep) more.click();
  const names = Object.entries(filter()).map(([name, value]) => `${name}: ${value}`).join(", ");
  const body = element("tbody");
  for (const p of shown.people) {
    for (const r of shown.repositories) {
      const level = shownLevel(p, r);
      if (!level || body.rows.length >= printLimit) continue;
      const paths = pathsOf(p, r).map(({ text }) => text).join("; ");
      body.append(element("tr", {}, ...[data.people[p].name, data.repositories[r].slug, data.levels[level].name, paths].map((text) => element("td", {}, text))));
    }
  }
  const rest = count(shown) - body.rows.length;
  document.getElementById("print").replaceChildren(
    element("p", {}, `${describe(shown)}${names ? ` (${names})` : ""}.`),
    element("table", {},
      element("thead", {}, element("tr", {}, ...["Person", "Repository", "Permission", "Paths"].map((name) => element("th", { scope: "col" }, name)))), body),
    rest ? element("p", {}, `${rest.toLocaleString("en")} more are not printed: filter first, or use the table as CSV.`) : "",
  );
}

window.addEventListener("beforeprint", printed);
window.addEventListener("afterprint", () => document.getElementById("print").replaceChildren());

