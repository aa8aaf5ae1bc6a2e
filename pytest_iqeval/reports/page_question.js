// One question with all that is known of it, at the side of the table.

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

/** The messages as they were sent, put together from what all questions share and this one's texts. */
async function promptPart(facts, lang) {
  if (facts.frame === null) return null;
  frames ??= unpack("frames");
  const options = facts.labels.map((name, at) => `${name}) ${facts.choices[at]}`).join("\n");
  const texts = [facts.question, options, ...facts.choices];
  const whole = (pieces) => pieces.map((piece) => (typeof piece === "number" ? texts[piece] : piece)).join("");
  const messages = (await frames)[facts.frame].map(([role, pieces]) => [role, whole(pieces)]);
  const length = messages.reduce((sum, [, content]) => sum + content.length, 0);
  return foldedPart(words.prompt, length, lang, () => messages.flatMap(([role, content]) => [
    el("h4", "", role),
    el("div", "text", content),
  ]));
}

function factsPart(row, facts) {
  const pairs = [
    [words.expected, facts.targets.join(` ${words.or} `)], [words.got, facts.got], [words.rule, value("rule", row) || null],
    [words.finish_reason, facts.finish_reason],
    [words.attempts, facts.attempts],
    [words.prompt_tokens, facts.prompt_tokens], [words.completion_tokens, facts.completion_tokens],
    ...facts.metadata,
  ];
  return factList(pairs);
}

function factList(pairs) {
  const list = el("dl", "");
  for (const [name, fact] of pairs) {
    if (fact !== null && fact !== "") list.append(el("div", "", el("dt", "", name), el("dd", "", String(fact))));
  }
  return list;
}

/** Where the seconds went, as far as they were measured. */
function timingPart(row, facts) {
  const total = columns.latency[row];
  if (total === null) return null;
  const stages = ["queued", "connect", "first_byte", "first_token"];
  const fine = (s) => (s < 0.1 ? `${(s * 1000).toFixed(s < 0.01 ? 1 : 0)} ms` : seconds(s));
  const pairs = stages.filter((name) => name in facts.timing).map((name) => [word(name), fine(facts.timing[name])]);
  const list = factList([...pairs, [words.total, fine(total)]]);
  return part(words.timing, facts.cached ? el("div", "", el("p", "none", words.from_cache), list) : list);
}

/** The other replies to the same question, a button each. */
function repeatsPart(row) {
  const rows = asked?.get(nodeId(row));
  if (!rows || rows.length < 2) return null;
  const list = el("div", "repeats");
  for (const other of rows) {
    const outcome = value("outcome", other);
    const made = button("", () => show(other, true), `chip o-${outcome}`);
    made.append(el("i"), `#${columns.repeat[other] + 1} ${word(outcome)} `, el("b", "", columns.got[other] ?? ""));
    if (other === row) made.setAttribute("aria-current", "true");
    list.append(made);
  }
  return part(words.repeats, list);
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
    change(row),
    el("div", "name", title, el("p", "", `${value("benchmark", row)} · ${value("subset", row)}`)),
    step(-1, words.previous, "↑"), step(1, words.next, "↓"), shut);
}

async function show(row, focus) {
  if (row === undefined) return;
  open = row;
  const position = order.indexOf(row);
  if (position >= 0) go(position, false);
  const lang = language(row);
  let facts;
  let prompt;
  try {
    facts = await details(row);
    prompt = await promptPart(facts, lang);
  } catch {
    facts = null;
  }
  if (open !== row) return; // another one was opened meanwhile
  const sections = facts === null ? [el("p", "none", words.damaged)] : [
    facts.note ? el("p", "note", facts.note) : null,
    repeatsPart(row),
    part(words.question, el("div", "text", facts.question), lang),
    facts.choices.length ? part(words.options, optionsPart(facts), lang) : null,
    part(words.reply, replyPart(facts), lang),
    facts.reasoning
      ? foldedPart(words.reasoning, facts.reasoning.length, lang, () => [el("div", "text", facts.reasoning)])
      : null,
    prompt,
    facts.explanation ? part(words.explanation, el("div", "text", facts.explanation), lang) : null,
    factsPart(row, facts),
    timingPart(row, facts),
    part(words.ask_again, commandPart(facts.command)),
    part(words.explain, commandPart(facts.explain)),
  ];
  detail.replaceChildren(barPart(row), el("div", "content", ...sections.filter(Boolean)));
  detail.hidden = false;
  detail.scrollTop = 0;
  if (focus) detail.focus({ preventScroll: true });
  history.replaceState(null, "", `#${encodeURI(address(row))}`);
}

/** What is made when somebody unfolds it; its length is told before. */
function foldedPart(title, length, lang, make) {
  const made = el("details", "", el("summary", "", title, el("small", "", ` ${number(length)}`)));
  const inner = el("div", "");
  inner.lang = lang;
  made.append(inner);
  made.addEventListener("toggle", () => {
    if (!inner.firstChild) inner.append(...make());
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
