let drawn = null; // the address that is shown

// update shows what the filters ask for.
async function update() {
  drawn = toHash();
  for (const field of form.elements) {
    field.classList.toggle("set", Boolean(field.name && field.value));
    if (field.selectedOptions) field.title = field.value && field.selectedOptions[0].text; // which may be longer than the field
  }
  const selected = selection(filter());
  document.getElementById("shown").textContent = describe(selected);
  listFindings(filter().finding);
  await show(selected);
}

function filtered() {
  history.replaceState(null, "", toHash() === "#" ? location.pathname + location.search : toHash());
  update();
}

form.addEventListener("input", filtered);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(filtered)); // the fields are empty only after the event
window.addEventListener("resize", () => matrix.draw({ invalid_viewport: true }));
window.addEventListener("hashchange", () => {
  if (location.hash === drawn) return;
  fromHash();
  update();
  document.getElementById("matrix-title").scrollIntoView();
});

for (const jump of document.querySelectorAll("[data-jump]")) {
  jump.addEventListener("click", (event) => {
    event.preventDefault(); // the address holds the filter
    const target = document.querySelector(jump.hash);
    target.scrollIntoView();
    target.focus({ preventScroll: true });
  });
}

// choose opens what a cell of the matrix is about.
function choose({ project, person, repository }) {
  if (project) {
    form.elements.project.value = data.projects[data.repositories[repository].project].key;
    filtered();
  } else if (person !== undefined && repository !== undefined) openCell(person, repository);
  else if (person !== undefined) openPerson(person);
  else if (repository !== undefined) openRepository(repository);
}

matrix.addEventListener("click", (event) => {
  const cell = event.target.closest("td, th");
  if (!cell) return;
  const at = place(cell);
  if (!at.project && (at.x >= 0 || at.y >= 0)) cursor = { x: at.x, y: at.y };
  choose(at);
});

matrix.addEventListener("keydown", (event) => {
  if (event.key === "Enter" || event.key === " ") choose({ person: shown.people[cursor.y], repository: shown.repositories[cursor.x] });
  else if (!move(event)) return;
  event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") shut();
});

const themes = ["system", "light", "dark"];
document.getElementById("theme").addEventListener("click", (event) => {
  const root = document.documentElement;
  const next = themes[(themes.indexOf(root.dataset.theme ?? "system") + 1) % themes.length];
  root.dataset.theme = next;
  event.target.textContent = `Theme: ${next}`;
});

fromHash();
if (data.people.length && width) await measure();
update();
