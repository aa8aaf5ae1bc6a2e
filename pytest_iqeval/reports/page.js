// The table of questions: its data, small parts, filters and order.
// Whatever a model or a data set wrote becomes a text node, never markup. The page's script is
// this file, page_rows.js, page_question.js and page_events.js, one after the other in one block.
const OVERSCAN = 12; // rows kept above and below the sight
const PRINTED = 1000; // rows that go to paper
const KEPT = 8; // unpacked chunks
const EDGE = 700; // characters of a long text next to what matters

const $ = (id) => document.getElementById(id);
const [table, body, detail, trouble] = ["table", "rows", "detail", "trouble"].map($);
const [benchmark, subset, search, deep] = ["benchmark", "subset", "search", "deep"].map($);

let words; // our words in the page's language
let languages; // benchmark → language
let values; // the few values of benchmark, subset, outcome, rule, change
let columns; // one array a column
let starts; // first row of each chunk
let signs; // what became of a question since the baseline → its sign
let order = []; // the rows that pass the filters, as they are sorted
let haystack; // what is searched, a text a row; made by the first search
let replies; // whole questions and replies, a text a row, once somebody wants to search them
let asked; // node id → its rows, where questions were asked more than once
let frames; // promise of what the prompts have beside the questions' own texts
let active = 0; // position in `order` that has the keyboard
let open = -1; // row that is open
let sorting = { column: null, down: false };
// What chips choose by: `chosen` numbers of the column are shown, all where none is chosen.
const facets = ["outcome", "cut", "change"].map((column) => ({ column, chosen: new Set(), chips: new Map() }));
const inSight = new Map(); // position → its <tr>
const chunks = new Map(); // chunk → promise of its rows, latest last

// --- small parts -------------------------------------------------------------------------

function el(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children.filter((c) => c !== null && c !== undefined));
  return made;
}

function button(label, act, className) {
  const made = el("button", className, label);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

const fill = (template, facts) => template.replace(/\{(\w+)\}/g, (_, key) => facts[key]);
const number = (n) => n.toLocaleString("en-US");
const seconds = (s) => (s === null ? "–" : `${s.toFixed(s < 10 ? 2 : s < 100 ? 1 : 0)} s`);
const fold = (text) => text.normalize("NFKC").toLowerCase();
const value = (column, row) => values[column][columns[column][row]];
const word = (key) => (Object.hasOwn(words, key) ? words[key] : key);
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

// --- filters and order -------------------------------------------------------------------

function refilter() {
  const wanted = fold(search.value).split(/\s+/).filter(Boolean);
  if (wanted.length && !haystack) {
    haystack = columns.id.map((id, row) => fold([id, columns.question[row], columns.got[row] ?? ""].join("\n")));
  }
  const only = (select, column) => (select.value === "" ? -1 : values[column].indexOf(select.value));
  const [b, s] = [only(benchmark, "benchmark"), only(subset, "subset")];
  const found = (row, w) => haystack[row].includes(w) || (deep.checked && replies && replies[row].includes(w));
  for (const facet of facets) facet.counts = new Map();
  order = [];
  for (let row = 0; row < columns.id.length; row += 1) {
    if (b >= 0 && columns.benchmark[row] !== b) continue;
    if (s >= 0 && columns.subset[row] !== s) continue;
    if (!wanted.every((w) => found(row, w))) continue;
    const barring = facets.filter(({ column, chosen }) => chosen.size && !chosen.has(columns[column][row]));
    if (!barring.length) order.push(row);
    // Each chip counts what it would show beside the other filters.
    for (const facet of facets) {
      if (barring.length > 1 || (barring.length && barring[0] !== facet)) continue;
      const at = columns[facet.column][row];
      facet.counts.set(at, (facet.counts.get(at) ?? 0) + 1);
    }
  }
  sort();
  active = Math.max(0, order.indexOf(open));
  for (const { chips, chosen, counts } of facets) {
    for (const [at, chip] of chips) {
      chip.lastChild.textContent = number(counts.get(at) ?? 0);
      chip.setAttribute("aria-pressed", String(chosen.has(at)));
    }
  }
  $("shown").textContent = fill(words.shown, { shown: number(order.length), all: number(columns.id.length) });
  $("clear").hidden = !(b >= 0 || s >= 0 || wanted.length || facets.some(({ chosen }) => chosen.size));
  $("nothing").hidden = order.length > 0;
  table.setAttribute("aria-rowcount", String(order.length + 1));
  renew();
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

function clear() {
  benchmark.value = subset.value = search.value = "";
  for (const { chosen } of facets) chosen.clear();
  refilter();
  search.focus();
}

function options(select, all, column) {
  const each = values[column].map((v) => {
    const option = el("option", "", v);
    option.value = v;
    return option;
  });
  const any = el("option", "", all);
  any.value = "";
  select.append(any, ...each);
  select.closest("label").hidden = each.length < 2;
  select.addEventListener("change", refilter);
}

function chip(column, at, place, className, ...children) {
  const facet = facets.find((f) => f.column === column);
  const made = button("", () => {
    if (!facet.chosen.delete(at)) facet.chosen.add(at);
    refilter();
  }, `chip ${className}`);
  made.append(...children, el("b"));
  facet.chips.set(at, made);
  $(place).append(made);
  return made;
}

function chips() {
  const sorted = (column, known) => values[column].map((name, at) => [name, at])
    .sort(([a], [z]) => known.indexOf(a) - known.indexOf(z));
  const known = ["correct", "incorrect", "unparsed", "truncated", "refused", "error"];
  for (const [name, at] of sorted("outcome", known)) {
    chip("outcome", at, "outcomes", `o-${name}`, el("i"), `${word(name)} `);
  }
  if (columns.cut.includes(1)) chip("cut", 1, "outcomes", "", cutSign(), ` ${words.cut} `).id = "only-cut";
  for (const [name, at] of sorted("change", Object.keys(signs))) {
    if (!name) continue;
    chip("change", at, "changes", `f-${name}`, changeSign(name), ` ${word(`change_${name}`)} `);
    $("changes").hidden = false;
    table.classList.add("compared");
  }
}

function changeSign(name) {
  const sign = el("span", "sign", signs[name] ?? "");
  sign.setAttribute("aria-hidden", "true");
  return sign;
}

/** What became of a question since the baseline; nothing where it is as it was. */
function change(row) {
  const name = value("change", row);
  return name ? el("span", `f-${name}`, changeSign(name), el("span", "word", ` ${word(`change_${name}`)}`)) : null;
}

/** Unpack everything once, so that whole questions and replies can be searched. */
async function searchDeep() {
  if (deep.checked && !replies) {
    deep.disabled = true;
    const all = [];
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
        all[starts[chunk] + at] = fold(texts.filter(Boolean).join("\n"));
      });
    }
    replies = columns.id.map((_, row) => all[row] ?? "");
    deep.disabled = false;
  }
  refilter();
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
