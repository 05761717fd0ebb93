const matrix = document.querySelector("regular-table");
const rowHeight = 26; // pixels, as page.css has both
const columnWidth = 28;

// shown is what the matrix shows, and cursor is the cell that the keyboard is at; -1 is the header.
let shown = { people: [], repositories: [], least: 1, finding: "any" };
let cursor = { x: 0, y: 0 };

const shownLevel = (person, repository) => {
  const level = levelOf(person, repository);
  return level >= shown.least ? level : 0;
};

matrix.setDataListener(async (x0, y0, x1, y1) => {
  const people = shown.people.slice(y0, y1);
  const repositories = shown.repositories.slice(x0, x1);
  return {
    num_rows: shown.people.length,
    num_columns: shown.repositories.length,
    merge_headers: "column", // two people may have one name
    row_headers: people.map((p) => [data.people[p].name]),
    column_headers: repositories.map((r) => [data.projects[data.repositories[r].project].key, data.repositories[r].slug]),
    data: repositories.map((r) => people.map((p) => data.levels[shownLevel(p, r)].letter)),
  };
});

matrix.addStyleListener(() => {
  const table = matrix.querySelector("table");
  table.setAttribute("role", "grid");
  table.setAttribute("aria-label", "People and what they may do on repositories");
  table.setAttribute("aria-rowcount", shown.people.length + 2);
  table.setAttribute("aria-colcount", shown.repositories.length + 1);
  table.tabIndex = 0;
  matrix.tabIndex = -1;
  for (const cell of table.querySelectorAll("td, th")) style(cell, place(cell));
  const at = table.querySelector(".cursor");
  if (at) table.setAttribute("aria-activedescendant", at.id);
  else table.removeAttribute("aria-activedescendant");
});

// place is where a cell of the table is: x and y among what is shown, -1 for headers, and the person and repository that it is about.
function place(cell) {
  const meta = matrix.getMeta(cell);
  const x = meta?.type === "body" || meta?.type === "column_header" ? meta.x : -1;
  const y = meta?.type === "body" || meta?.type === "row_header" ? meta.y : -1;
  const project = meta?.type === "column_header" && meta.column_header_y === 0;
  return { x, y, project, person: shown.people[y], repository: shown.repositories[x] };
}

function style(cell, { x, y, project, person, repository }) {
  const here = !project && x === cursor.x && y === cursor.y && (x >= 0 || y >= 0);
  cell.classList.toggle("cursor", here);
  if (here) cell.id = "cursor";
  else cell.removeAttribute("id");
  cell.setAttribute("aria-colindex", x + 2);
  if (x > 0) cell.classList.toggle("first", data.repositories[shown.repositories[x - 1]].project !== data.repositories[repository].project);
  if (cell.tagName === "TH") {
    cell.title = title(x, y, project, person, repository);
    cell.classList.toggle("project", project);
    cell.classList.toggle("repository", x >= 0 && !project);
    cell.classList.toggle("outsider", y >= 0 && data.people[person].role === "");
    return;
  }
  const level = shownLevel(person, repository);
  const found = findingsAt(person, repository).some((finding) => isKind(finding, shown.finding));
  for (const { look } of data.levels) cell.classList.toggle(look, look === data.levels[level].look);
  cell.classList.toggle("found", found);
  cell.title = `${data.people[person].name} on ${data.repositories[repository].slug}: ${level ? data.levels[level].name : "nothing shown"}${found ? ", with a finding" : ""}`;
  cell.setAttribute("aria-label", cell.title);
}

function title(x, y, project, person, repository) {
  if (x < 0) return y < 0 ? "" : `${data.people[person].name}: everything that this person has`;
  const { key, name } = data.projects[data.repositories[repository].project];
  return project ? `Project ${key} ${name}: show it alone` : `${data.repositories[repository].slug} in project ${key}: everybody who has access`;
}

// fit makes the matrix as large as what it shows, where the window has room for it, and its header as high as the longest slug.
function fit(empty) {
  const longest = Math.max(0, ...shown.repositories.map((r) => data.repositories[r].slug.length));
  const header = Math.min(150, 16 + 7 * longest);
  const box = matrix.parentElement.style;
  box.setProperty("--header", `${header}px`);
  box.height = empty ? "" : `min(76vh, ${header + 27 + shown.people.length * rowHeight + 18}px)`;
  box.maxWidth = empty ? "" : `max(480px, ${240 + shown.repositories.length * columnWidth}px)`;
  matrix.resetAutoSize({ row_height: true });
}

// measure draws one row of all columns at once, out of sight. The library learns the width of a column when it draws it, and takes it for 60
// pixels before, so that the end of the matrix would come nearer while one scrolls to it.
async function measure() {
  shown = { ...shown, people: [0], repositories: places(data.repositories) };
  fit(false);
  matrix.style.cssText = `visibility: hidden; width: ${400 + width * columnWidth}px`;
  await matrix.draw({ invalid_viewport: true });
  matrix.style.cssText = "";
}

// show draws a selection.
async function show(selected) {
  const empty = !selected.people.length || !selected.repositories.length;
  shown = selected;
  cursor = { x: Math.min(cursor.x, shown.repositories.length - 1), y: Math.min(cursor.y, shown.people.length - 1) };
  document.querySelector(".empty").hidden = !empty;
  matrix.hidden = empty;
  fit(empty);
  if (empty) return;
  matrix.scrollTop = 0;
  matrix.scrollLeft = 0;
  await matrix.draw({ invalid_viewport: true });
}

// reveal scrolls to the cursor, where it cannot be seen, as far as is needed.
async function reveal() {
  await matrix.draw({ invalid_viewport: true });
  const columns = Math.max(1, Math.floor((matrix.clientWidth - matrix.querySelector("tbody th").offsetWidth) / columnWidth));
  const rows = Math.max(1, Math.floor((matrix.clientHeight - matrix.querySelector("thead").offsetHeight) / rowHeight));
  const first = place(matrix.querySelector("tbody td"));
  const nearest = (at, from, many) => (at < 0 ? from : Math.max(Math.min(at, from), at - many + 1));
  const x = nearest(cursor.x, first.x, columns);
  const y = nearest(cursor.y, first.y, rows);
  if (x !== first.x || y !== first.y) await matrix.scrollToCell(x, y);
  await matrix.draw({ invalid_viewport: true });
}

const steps = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
  PageUp: [0, -15], PageDown: [0, 15], Home: [-Infinity, 0], End: [Infinity, 0],
};

// move moves the cursor as a key says, and tells whether the key does.
function move(event) {
  const step = steps[event.key];
  if (!step || event.altKey || event.metaKey) return false;
  const clamp = (value, many) => Math.max(-1, Math.min(many - 1, value));
  const next = { x: clamp(cursor.x + step[0], shown.repositories.length), y: clamp(cursor.y + step[1], shown.people.length) };
  if (next.x < 0 && next.y < 0) return true;
  cursor = next;
  reveal();
  return true;
}

