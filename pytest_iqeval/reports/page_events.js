// What the reader does, and the start.

function onTableKey(event) {
  const page = Math.max(1, Math.floor(innerHeight / rowHeight()) - 4);
  const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
  if (event.key in moves) go(active + moves[event.key], true);
  else if (event.key === "Enter" || event.key === " ") show(order[active], true);
  else return;
  event.preventDefault();
}

function onDetailKey(event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const at = order.indexOf(open);
  if (event.key === "Escape") close();
  else if (event.key === "j" && at >= 0) show(order[at + 1], true);
  else if (event.key === "k" && at >= 0) show(order[at - 1], true);
  else return;
  event.preventDefault();
}

function listen() {
  body.addEventListener("click", (event) => {
    const made = event.target.closest("tr[data-position]");
    if (made && getSelection().isCollapsed) show(order[Number(made.dataset.position)], true);
  });
  body.addEventListener("keydown", onTableKey);
  detail.addEventListener("keydown", onDetailKey);
  table.tHead.addEventListener("click", (event) => {
    if (event.target.dataset.column) sortBy(event.target.dataset.column);
  });
  addEventListener("scroll", drawSoon, { passive: true });
  addEventListener("resize", drawSoon);
  addEventListener("hashchange", openFromAddress);
  addEventListener("beforeprint", () => {
    $("print-limit").hidden = order.length <= PRINTED;
    $("print-limit").textContent = fill(words.print_limit, { n: number(PRINTED) });
    draw([0, Math.min(order.length, PRINTED)]);
  });
  addEventListener("afterprint", () => draw());
}

function groupRepeats() {
  if (!columns.repeat.some(Boolean)) return;
  asked = new Map();
  for (let row = 0; row < columns.id.length; row += 1) {
    const rows = asked.get(nodeId(row)) ?? [];
    asked.set(nodeId(row), rows);
    rows.push(row);
  }
  for (const rows of asked.values()) rows.sort((a, z) => columns.repeat[a] - columns.repeat[z]);
}

async function start() {
  if (typeof DecompressionStream === "undefined") {
    trouble.textContent = trouble.dataset.old;
    return;
  }
  try {
    ({ words, languages, values, columns, starts, signs } = await unpack("index"));
  } catch {
    trouble.textContent = trouble.dataset.damaged;
    return;
  }
  trouble.hidden = true;
  groupRepeats();
  $("tool").hidden = false;
  startFilters({
    rows: columns.id.length,
    facets: ["outcome", "cut", "change"],
    text: (row) => [columns.id[row], columns.question[row], columns.got[row] ?? ""].join("\n"),
    everything: wholeTexts,
    draw: drawOrder,
  });
  chips();
  listen();
  refilter();
  linkNames();
  openFromAddress();
}

start();
