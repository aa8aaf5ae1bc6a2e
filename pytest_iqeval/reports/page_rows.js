// The rows in sight, and no others, are in the page.

const rowHeight = () => parseFloat(getComputedStyle(table).getPropertyValue("--row"));

function makeRow(position) {
  const row = order[position];
  const outcome = value("outcome", row);
  const cell = (name, ...children) => el("td", `c-${name}`, ...children);
  const question = cell("question", columns.question[row]);
  question.lang = language(row);
  const made = el("tr", `o-${outcome}`,
    cell("outcome", el("i"), word(outcome), columns.cut[row] ? cutSign(words.cut) : null),
    cell("change", change(row)),
    cell("subset", value("subset", row)),
    cell("id", label(row)),
    cell("target", columns.target[row]),
    cell("got", columns.got[row] ?? "–"),
    cell("rule", value("rule", row) || "–"),
    cell("latency", seconds(columns.latency[row])),
    question);
  made.dataset.position = position;
  made.setAttribute("aria-rowindex", String(position + 2));
  return made;
}

function mark(made, position) {
  made.tabIndex = position === active ? 0 : -1;
  made.classList.toggle("open", order[position] === open);
  if (order[position] === open) made.setAttribute("aria-current", "true");
  else made.removeAttribute("aria-current");
}

const spacer = () => {
  const made = el("tr", "spacer");
  made.setAttribute("aria-hidden", "true");
  return made;
};
const above = spacer();
const below = spacer();

/** Throw all rows away and draw anew. */
function renew() {
  inSight.clear();
  body.replaceChildren(above, below);
  draw();
}

function range() {
  const height = rowHeight();
  const top = body.getBoundingClientRect().top;
  const first = Math.floor(-top / height) - OVERSCAN;
  const last = Math.ceil((innerHeight - top) / height) + OVERSCAN;
  const clamp = (n) => Math.min(order.length, Math.max(0, n));
  return [clamp(first), clamp(last)];
}

/** Make the rows that came into sight, drop those that left it. */
function draw([first, last] = range()) {
  const height = rowHeight();
  above.style.height = `${first * height}px`;
  below.style.height = `${(order.length - last) * height}px`;
  for (const [position, made] of inSight) {
    if (position < first || position >= last) {
      made.remove();
      inSight.delete(position);
    }
  }
  let next = below;
  for (let position = last - 1; position >= first; position -= 1) {
    let made = inSight.get(position);
    if (!made) {
      made = makeRow(position);
      inSight.set(position, made);
      body.insertBefore(made, next);
    }
    mark(made, position);
    next = made;
  }
}

let due = false;
function drawSoon() {
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    draw();
  });
}

/** Bring a position into sight and give it the keyboard. */
function go(position, focus) {
  if (!order.length) return;
  active = Math.min(order.length - 1, Math.max(0, position));
  const height = rowHeight();
  const top = body.getBoundingClientRect().top + active * height;
  const bar = table.tHead.getBoundingClientRect().bottom;
  const roof = Math.min(Math.max(0, bar), innerHeight / 2);
  if (top < roof) scrollBy(0, top - roof);
  else if (top + height > innerHeight) scrollBy(0, top + height - innerHeight);
  draw();
  if (focus) inSight.get(active)?.focus({ preventScroll: true });
}
