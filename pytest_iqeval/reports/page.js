// The table of questions: its data, order and chips; page_rows.js, page_question.js and
// page_events.js follow. What is shown is the affair of page_filters.js.
const OVERSCAN = 12; // rows kept above and below the sight
const PRINTED = 1000; // rows that go to paper
const KEPT = 8; // unpacked chunks
const EDGE = 700; // characters of a long text next to what matters
const OUTCOMES = ["correct", "incorrect", "unparsed", "truncated", "refused", "error"];

const [table, body, detail, trouble] = ["table", "rows", "detail", "trouble"].map($);

let languages; // benchmark → language
let starts; // first row of each chunk
let asked; // node id → its rows, where questions were asked more than once
let frames; // promise of what the prompts have beside the questions' own texts
let active = 0; // position in `order` that has the keyboard
let open = -1; // row that is open
let sorting = { column: null, down: false };
const inSight = new Map(); // position → its <tr>
const chunks = new Map(); // chunk → promise of its rows, latest last

const nodeId = (row) => `iqeval/${value("benchmark", row)}::${value("subset", row)}::${columns.id[row]}`;
const label = (row) => columns.id[row] + (asked ? ` #${columns.repeat[row] + 1}` : "");
const address = (row) => nodeId(row) + (columns.repeat[row] ? `#${columns.repeat[row] + 1}` : "");
const language = (row) => (Object.hasOwn(languages, value("benchmark", row)) ? languages[value("benchmark", row)] : "");

async function unpack(id) {
  const bytes = Uint8Array.from(atob($(id).textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

async function details(row) {
  let chunk = starts.length - 1;
  while (starts[chunk] > row) chunk -= 1;
  const rows = chunks.get(chunk) ?? unpack(`chunk-${chunk}`);
  chunks.delete(chunk);
  chunks.set(chunk, rows);
  if (chunks.size > KEPT) chunks.delete(chunks.keys().next().value);
  return (await rows)[row - starts[chunk]];
}

/** All texts of each row, from all chunks. */
async function wholeTexts() {
  const all = columns.id.map(() => "");
  for (let chunk = 0; chunk < starts.length; chunk += 1) {
    let rows = [];
    try {
      rows = await unpack(`chunk-${chunk}`);
    } catch {
      // damaged: opening one of its questions says so
    }
    rows.forEach((f, at) => {
      const reply = f.before === null ? null : f.before + f.span + f.after;
      const texts = [f.question, ...f.choices, reply, f.reasoning, f.note, f.explanation];
      all[starts[chunk] + at] = texts.filter(Boolean).join("\n");
    });
  }
  return all;
}

/** Show what the filters leave, as it is sorted. */
function drawOrder() {
  sort();
  active = Math.max(0, order.indexOf(open));
  table.setAttribute("aria-rowcount", String(order.length + 1));
  renew();
  // Who is deep in the table gets to the first of what is left, not to its end.
  if (body.getBoundingClientRect().top < 0) go(active, false);
}

function sort() {
  if (sorting.column === null) return;
  const name = sorting.column;
  const sign = sorting.down ? -1 : 1;
  const collator = new Intl.Collator(undefined, { numeric: true });
  const key = values[name] ? (row) => value(name, row) : (row) => columns[name][row];
  const compare = name === "latency" ? (a, z) => a - z : collator.compare;
  order.sort((a, z) => {
    const [one, other] = [key(a), key(z)];
    // What is not there comes last, whichever way.
    if (one === null || other === null) return (one === null) - (other === null) || a - z;
    return sign * compare(one, other) || a - z;
  });
}

function sortBy(column) {
  if (sorting.column !== column) sorting = { column, down: false };
  else if (!sorting.down) sorting.down = true;
  else sorting = { column: null, down: false };
  for (const head of table.tHead.querySelectorAll("[data-column]")) {
    const here = head.dataset.column === sorting.column;
    const way = sorting.down ? "descending" : "ascending";
    if (here) head.parentNode.setAttribute("aria-sort", way);
    else head.parentNode.removeAttribute("aria-sort");
  }
  refilter();
}

function chips() {
  chipsOf("outcome", "outcomes", OUTCOMES, (name) => `o-${name}`, (name) => [el("i"), `${word(name)} `]);
  if (columns.cut.includes(1)) chip("cut", 1, "outcomes", "", cutSign(), ` ${words.cut} `).id = "only-cut";
  changeChips();
  if (values.change.some(Boolean)) table.classList.add("compared");
}

/** What became of a question since the baseline; nothing where it is as it was. */
function change(row) {
  const name = value("change", row);
  return name ? el("span", `f-${name}`, changeSign(name), el("span", "word", ` ${word(`change_${name}`)}`)) : null;
}

/** A mark on what the length limit cut; it crosses the outcomes, so it has no colour of theirs. */
function cutSign(title) {
  const sign = el("span", "cut", "✂\ufe0e"); // as text, not as an emoji
  if (title) {
    sign.title = title;
    sign.setAttribute("role", "img");
    sign.setAttribute("aria-label", title);
  } else {
    sign.setAttribute("aria-hidden", "true");
  }
  return sign;
}
