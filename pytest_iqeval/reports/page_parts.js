// Small parts of our pages. Whatever a model or a data set wrote becomes a text node, never markup.
// A page's script is this file and others, one after the other in one block.

const $ = (id) => document.getElementById(id);

let words; // our words in the page's language
let signs; // what became of a question since the baseline, or from run to run → its sign

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
const word = (key) => (Object.hasOwn(words, key) ? words[key] : key);

function changeSign(name) {
  const sign = el("span", "sign", signs[name] ?? "");
  sign.setAttribute("aria-hidden", "true");
  return sign;
}
