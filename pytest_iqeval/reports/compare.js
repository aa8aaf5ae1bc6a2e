// The page of `iqeval compare`: all its questions are there; those that don't fit are hidden.
// It follows page_parts.js and page_filters.js.

const SEARCHED = ".cmp-id, .cmp-body > .text, .cmp-answers > li > code";
const questions = [...document.querySelectorAll(".cmp-q")];

function readQuestions() {
  [values, columns] = [{}, {}];
  for (const name of ["benchmark", "subset", "change"]) {
    const given = questions.map((question) => question.dataset[name]);
    values[name] = [...new Set(given)];
    columns[name] = given.map((one) => values[name].indexOf(one));
  }
}

function hideOthers() {
  const fits = new Set(order);
  questions.forEach((question, row) => {
    question.hidden = !fits.has(row);
  });
  const first = questions[order[0]];
  if (!first) return;
  const roof = document.querySelector(".cmp-head").getBoundingClientRect().bottom;
  const covered = roof - first.getBoundingClientRect().top;
  if (covered > 0) scrollBy(0, -covered);
}

/** The lines are reached with Tab; arrows lead from one that is seen to the next. */
function onLineKey(event) {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  const row = questions.indexOf(event.target.parentNode);
  if (!(event.key in steps) || event.target.localName !== "summary" || row < 0) return;
  const next = questions[order[order.indexOf(row) + steps[event.key]]];
  if (!next) return;
  next.firstChild.focus();
  event.preventDefault();
}

function start() {
  const tool = $("tool");
  if (!tool) return; // the runs agree
  ({ words, signs } = JSON.parse(tool.dataset.page));
  readQuestions();
  startFilters({
    rows: questions.length,
    facets: ["change"],
    text: (row) => [...questions[row].querySelectorAll(SEARCHED)].map((e) => e.textContent).join("\n"),
    everything: async () => questions.map((question) => question.textContent),
    draw: hideOthers,
  });
  changeChips();
  $("questions").addEventListener("keydown", onLineKey);
  tool.hidden = false;
  refilter();
}

start();
