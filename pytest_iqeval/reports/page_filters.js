// What is shown of many questions: by benchmark, subset, text, and chips (filters.html).
// A page calls `startFilters`; `order` then has the rows that pass.

const [benchmark, subset, search, deep] = ["benchmark", "subset", "search", "deep"].map($);

let values; // the few values of benchmark, subset and the chips' columns
let columns; // one array a column, of places in `values` for those
let order = []; // the rows that pass
let facets; // what chips choose by: `chosen` places of the column are shown, all where none is
let haystack; // what is searched, a text a row; made by the first search
let replies; // everything of each row, once somebody wants to search it
let page; // what `startFilters` was given

const value = (column, row) => values[column][columns[column][row]];

/**
 * @param rows how many there are
 * @param facets columns that have chips
 * @param text what is always searched of a row
 * @param everything promise of all texts, a text a row
 * @param draw shows `order`
 */
function startFilters(given) {
  page = given;
  facets = page.facets.map((column) => ({ column, chosen: new Set(), chips: new Map() }));
  options(benchmark, words.all_benchmarks, "benchmark");
  options(subset, words.all_subsets, "subset");
  search.addEventListener("input", refilter);
  deep.addEventListener("change", searchDeep);
  $("clear").addEventListener("click", clear);
  new ResizeObserver(measureBar).observe($("filters"));
}

/** What else stays in sight stands below the filters. */
function measureBar() {
  const height = Math.floor($("filters").getBoundingClientRect().height);
  document.body.style.setProperty("--bar", `${height}px`);
}

function refilter() {
  const wanted = fold(search.value).split(/\s+/).filter(Boolean);
  if (wanted.length) haystack ??= Array.from({ length: page.rows }, (_, row) => fold(page.text(row)));
  const only = (select, column) => (select.value === "" ? -1 : values[column].indexOf(select.value));
  const [b, s] = [only(benchmark, "benchmark"), only(subset, "subset")];
  const found = (row, w) => haystack[row].includes(w) || (deep.checked && replies && replies[row].includes(w));
  for (const facet of facets) facet.counts = new Map();
  order = [];
  for (let row = 0; row < page.rows; row += 1) {
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
  for (const { chips, chosen, counts } of facets) {
    for (const [at, chip] of chips) {
      chip.lastChild.textContent = number(counts.get(at) ?? 0);
      chip.setAttribute("aria-pressed", String(chosen.has(at)));
    }
  }
  $("shown").textContent = fill(words.shown, { shown: number(order.length), all: number(page.rows) });
  $("clear").hidden = !(b >= 0 || s >= 0 || wanted.length || facets.some(({ chosen }) => chosen.size));
  $("nothing").hidden = order.length > 0;
  measureBar();
  page.draw();
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
  $(place).hidden = false;
  return made;
}

/** A chip for each value of the column, known ones first; "" has none. */
function chipsOf(column, place, known, className, make) {
  const sorted = values[column].map((name, at) => [name, at])
    .sort(([a], [z]) => known.indexOf(a) - known.indexOf(z));
  for (const [name, at] of sorted) {
    if (name) chip(column, at, place, className(name), ...make(name));
  }
}

function changeChips() {
  chipsOf("change", "changes", Object.keys(signs), (name) => `f-${name}`,
    (name) => [changeSign(name), ` ${word(`change_${name}`)} `]);
}

/** Unpack everything once, so that whole questions and replies can be searched. */
async function searchDeep() {
  if (deep.checked && !replies) {
    deep.disabled = true;
    replies = (await page.everything()).map((text) => fold(text));
    deep.disabled = false;
  }
  refilter();
}
