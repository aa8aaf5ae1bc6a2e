"use strict";
// The table of questions. Whatever a model or a data set wrote becomes a text node, never markup.
(() => {
  const OVERSCAN = 12; // rows kept above and below the sight
  const PRINTED = 1000; // rows that go to paper
  const KEPT = 8; // unpacked chunks
  const EDGE = 700; // characters of a long text next to what matters

  const $ = (id) => document.getElementById(id);
  const [table, body, detail, trouble] = ["table", "rows", "detail", "trouble"].map($);
  const [benchmark, subset, search] = ["benchmark", "subset", "search"].map($);

  let words; // our words in the page's language
  let languages; // benchmark → language
  let values; // the few values of benchmark, subset, outcome, rule
  let columns; // one array a column
  let starts; // first row of each chunk
  let order = []; // the rows that pass the filters, as they are sorted
  let haystack; // what is searched, a text a row; made by the first search
  let active = 0; // position in `order` that has the keyboard
  let open = -1; // row that is open
  let sorting = { column: null, down: false };
  const chosen = new Set(); // outcomes (their numbers) to show; empty: all
  let onlyCut = false; // show only replies that the length limit cut
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
  const word = (key) => words[key] ?? key;
  const nodeId = (row) => `iqeval/${value("benchmark", row)}::${value("subset", row)}::${columns.id[row]}`;
  const label = (row) => columns.id[row] + (columns.repeat[row] ? `#${columns.repeat[row]}` : "");
  const address = (row) => nodeId(row) + (columns.repeat[row] ? `#${columns.repeat[row]}` : "");
  const language = (row) => languages[value("benchmark", row)] ?? "";

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
    const counts = new Map();
    let cuts = 0;
    order = [];
    for (let row = 0; row < columns.id.length; row += 1) {
      if (b >= 0 && columns.benchmark[row] !== b) continue;
      if (s >= 0 && columns.subset[row] !== s) continue;
      if (!wanted.every((w) => haystack[row].includes(w))) continue;
      const outcome = columns.outcome[row];
      const wantedOutcome = !chosen.size || chosen.has(outcome);
      // Each chip counts what it would show beside the other filters.
      if (!onlyCut || columns.cut[row]) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      if (wantedOutcome) cuts += columns.cut[row];
      if (wantedOutcome && (!onlyCut || columns.cut[row])) order.push(row);
    }
    sort();
    active = Math.max(0, order.indexOf(open));
    for (const chip of $("outcomes").querySelectorAll("[data-outcome]")) {
      chip.lastChild.textContent = number(counts.get(Number(chip.dataset.outcome)) ?? 0);
      chip.setAttribute("aria-pressed", String(chosen.has(Number(chip.dataset.outcome))));
    }
    const cutChip = $("only-cut");
    if (cutChip) {
      cutChip.lastChild.textContent = number(cuts);
      cutChip.setAttribute("aria-pressed", String(onlyCut));
    }
    $("shown").textContent = fill(words.shown, { shown: number(order.length), all: number(columns.id.length) });
    $("clear").hidden = !(b >= 0 || s >= 0 || wanted.length || chosen.size || onlyCut);
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
    chosen.clear();
    onlyCut = false;
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

  function chips() {
    const known = ["correct", "incorrect", "unparsed", "truncated", "refused", "error"];
    const there = values.outcome.map((name, at) => [name, at]);
    there.sort(([a], [z]) => known.indexOf(a) - known.indexOf(z));
    for (const [name, at] of there) {
      const chip = button("", () => {
        if (!chosen.delete(at)) chosen.add(at);
        refilter();
      }, `chip o-${name}`);
      chip.append(el("i"), `${word(name)} `, el("b"));
      chip.dataset.outcome = at;
      $("outcomes").append(chip);
    }
    if (!columns.cut.includes(1)) return;
    const chip = button("", () => {
      onlyCut = !onlyCut;
      refilter();
    }, "chip");
    chip.id = "only-cut";
    chip.append(cutSign(), ` ${words.cut} `, el("b"));
    $("outcomes").append(chip);
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

  // --- the rows in sight -------------------------------------------------------------------

  const rowHeight = () => parseFloat(getComputedStyle(table).getPropertyValue("--row"));

  function makeRow(position) {
    const row = order[position];
    const outcome = value("outcome", row);
    const cell = (name, ...children) => el("td", `c-${name}`, ...children);
    const question = cell("question", columns.question[row]);
    question.lang = language(row);
    const made = el("tr", `o-${outcome}`,
      cell("outcome", el("i"), word(outcome), columns.cut[row] ? cutSign(words.cut) : null),
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

  // --- one question ------------------------------------------------------------------------

  /** A text whose middle is folded when it is long; a click shows all. */
  function folded(text, head, tail) {
    const whole = el("span", "");
    if (text.length <= head + tail + EDGE) {
      whole.append(text);
      return whole;
    }
    // Never between the halves of a surrogate pair.
    const at = (n) => (/[\udc00-\udfff]/.test(text[n]) ? n + 1 : n);
    const [from, to] = [at(head), at(text.length - tail)];
    const more = button(fill(words.characters_more, { n: number(to - from) }), () => {
      more.replaceWith(text.slice(from, to));
    }, "more");
    whole.append(head ? text.slice(0, from) : "", more, tail ? text.slice(to) : "");
    return whole;
  }

  function replyPart(facts) {
    if (facts.before === null) return el("p", "none", words.no_reply);
    if (!(facts.before + facts.span + facts.after)) return el("p", "none", words.empty_reply);
    const text = el("div", "text reply");
    if (!facts.span) {
      text.append(folded(facts.before + facts.after, EDGE, EDGE));
      return text;
    }
    const read = el("mark", "", facts.span);
    read.title = words.answer_read_here;
    text.append(folded(facts.before, 0, EDGE), read, folded(facts.after, EDGE, 0));
    return text;
  }

  function optionsPart(facts) {
    const list = el("ul", "options");
    facts.choices.forEach((choice, at) => {
      const label = facts.labels[at];
      const [right, got] = [facts.right.includes(label), facts.named.includes(label)];
      list.append(el("li", `${right ? "right" : ""} ${got ? "got" : ""}`,
        el("b", "", label),
        el("span", "text", choice),
        el("span", "marks",
          right ? el("em", "is-right", `✓ ${words.expected}`) : null,
          got ? el("em", right ? "is-right" : "is-wrong", `${right ? "" : "✕ "}${words.got}`) : null)));
    });
    return list;
  }

  function factsPart(row, facts) {
    const pairs = [
      [words.expected, facts.targets.join(` ${words.or} `)], [words.got, facts.got], [words.rule, value("rule", row) || null],
      [words.finish_reason, facts.finish_reason],
      [words.latency, columns.latency[row] === null ? null : seconds(columns.latency[row])],
      [words.attempts, facts.attempts],
      [words.prompt_tokens, facts.prompt_tokens], [words.completion_tokens, facts.completion_tokens],
      [words.repeat, columns.repeat[row] || null],
      ...facts.metadata,
    ];
    const list = el("dl", "");
    for (const [name, fact] of pairs) {
      if (fact !== null && fact !== "") list.append(el("div", "", el("dt", "", name), el("dd", "", String(fact))));
    }
    return list;
  }

  function commandPart(command) {
    const code = el("code", "", command);
    const copy = button(words.copy, async () => {
      getSelection().selectAllChildren(code);
      try {
        await navigator.clipboard.writeText(command);
      } catch {
        document.execCommand("copy"); // no clipboard on plain http; the selection stays otherwise
      }
      copy.textContent = words.copied;
    });
    return el("div", "command", code, copy);
  }

  function part(title, content, lang) {
    const made = el("section", "", el("h3", "", title), content);
    if (lang) content.lang = lang;
    return made;
  }

  function barPart(row) {
    const outcome = value("outcome", row);
    const at = order.indexOf(row);
    const step = (by, text, sign) => {
      const made = button(sign, () => show(order[at + by], true));
      made.setAttribute("aria-label", text);
      made.title = text;
      made.disabled = at < 0 || order[at + by] === undefined;
      return made;
    };
    const shut = button("✕", close, "shut");
    shut.setAttribute("aria-label", words.close);
    shut.title = words.close;
    const title = el("h2", "", label(row));
    title.id = "detail-title";
    return el("header", "",
      el("div", `tag o-${outcome}`, el("i"), word(outcome), columns.cut[row] ? cutSign(words.cut) : null),
      el("div", "name", title, el("p", "", `${value("benchmark", row)} · ${value("subset", row)}`)),
      step(-1, words.previous, "↑"), step(1, words.next, "↓"), shut);
  }

  async function show(row, focus) {
    if (row === undefined) return;
    open = row;
    const position = order.indexOf(row);
    if (position >= 0) go(position, false);
    let facts;
    try {
      facts = await details(row);
    } catch {
      facts = null;
    }
    if (open !== row) return; // another one was opened meanwhile
    const lang = language(row);
    const sections = facts === null ? [el("p", "none", words.damaged)] : [
      facts.note ? el("p", "note", facts.note) : null,
      part(words.question, el("div", "text", facts.question), lang),
      facts.choices.length ? part(words.options, optionsPart(facts), lang) : null,
      part(words.reply, replyPart(facts), lang),
      facts.reasoning ? reasoningPart(facts.reasoning, lang) : null,
      facts.explanation ? part(words.explanation, el("div", "text", facts.explanation), lang) : null,
      factsPart(row, facts),
      part(words.ask_again, commandPart(facts.command)),
      part(words.explain, commandPart(facts.explain)),
    ];
    detail.replaceChildren(barPart(row), el("div", "content", ...sections.filter(Boolean)));
    detail.hidden = false;
    detail.scrollTop = 0;
    if (focus) detail.focus({ preventScroll: true });
    history.replaceState(null, "", `#${encodeURI(address(row))}`);
  }

  function reasoningPart(reasoning, lang) {
    const made = el("details", "", el("summary", "", words.reasoning, el("small", "", ` ${number(reasoning.length)}`)));
    const text = el("div", "text");
    text.lang = lang;
    made.append(text);
    made.addEventListener("toggle", () => {
      if (!text.firstChild) text.append(reasoning);
    });
    return made;
  }

  function close() {
    const position = order.indexOf(open);
    open = -1;
    detail.hidden = true;
    history.replaceState(null, "", location.pathname + location.search);
    go(position >= 0 ? position : active, true);
  }

  function openFromAddress() {
    let wanted;
    try {
      wanted = decodeURI(location.hash.slice(1));
    } catch {
      return;
    }
    if (!wanted.startsWith("iqeval/")) return;
    for (let row = 0; row < columns.id.length; row += 1) {
      if (address(row) === wanted) {
        show(row, true);
        return;
      }
    }
  }

  /** The names in the head lead to their rows. */
  function linkNames() {
    const there = new Set(columns.id.map((_, row) => address(row)));
    for (const name of document.querySelectorAll(".iqv-node")) {
      if (!there.has(name.textContent)) continue;
      const link = el("a", "", name.textContent);
      link.href = `#${encodeURI(name.textContent)}`;
      name.replaceChildren(link);
    }
  }

  // --- events ------------------------------------------------------------------------------

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
    search.addEventListener("input", refilter);
    $("clear").addEventListener("click", clear);
    addEventListener("scroll", drawSoon, { passive: true });
    addEventListener("resize", drawSoon);
    addEventListener("hashchange", openFromAddress);
    addEventListener("beforeprint", () => {
      $("print-limit").hidden = order.length <= PRINTED;
      $("print-limit").textContent = fill(words.print_limit, { n: number(PRINTED) });
      draw([0, Math.min(order.length, PRINTED)]);
    });
    addEventListener("afterprint", () => draw());
    new ResizeObserver(([bar]) => {
      table.style.setProperty("--bar", `${Math.floor(bar.borderBoxSize[0].blockSize)}px`);
    }).observe($("filters"));
  }

  async function start() {
    if (typeof DecompressionStream === "undefined") {
      trouble.textContent = trouble.dataset.old;
      return;
    }
    try {
      ({ words, languages, values, columns, starts } = await unpack("index"));
    } catch {
      trouble.textContent = trouble.dataset.damaged;
      return;
    }
    trouble.hidden = true;
    $("tool").hidden = false;
    options(benchmark, words.all_benchmarks, "benchmark");
    options(subset, words.all_subsets, "subset");
    chips();
    listen();
    refilter();
    linkNames();
    openFromAddress();
  }

  start();
})();
