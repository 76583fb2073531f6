/** What opens over the input: the menu of commands, or the results of an inline query. A listbox that the input's arrow keys walk. */

import { act } from "./api.js";
import { find, icon, make } from "./dom.js";
import { state, threadNow } from "./store.js";
import { t } from "./texts.js";

const PAUSE = 250;
const hooks = { /** @type {(command: string) => void} */ command: () => {}, /** @type {() => void} */ sent: () => {}, /** @type {(parameter: string) => void} */ start: () => {} };
/** The inline query that is typed now. */
const inline = { id: "", text: "", offset: "", timer: 0, chat: 0 };

/** @param {typeof hooks} given */
export function startSuggestions(given) {
  Object.assign(hooks, given);
}

const options = () => [...find("suggestions").querySelectorAll("[role=option]")];

/** The menu of commands that begin so. @param {string} beginning @param {boolean} [whole] the person opened the menu, rather than typed */
export function suggestCommands(beginning, whole = false) {
  const found = (state.menus[state.chat] ?? []).filter(({ command }) => command.startsWith(beginning));
  if (!found.length) return close();
  const rows = found.map(({ command, description }) =>
    option({ class: "command" }, () => hooks.command(command), make("strong", {}, `/${command}`), make("span", { dir: "auto" }, description)),
  );
  show(t("commands"), rows, whole);
}

/** Ask the bot for results while its name is at the beginning of the input. @param {string} text */
export function suggestInline(text) {
  clearTimeout(inline.timer);
  inline.timer = setTimeout(() => ask(text, ""), PAUSE);
}

/** @param {string} text @param {string} offset */
async function ask(text, offset) {
  const update = await act("inline", { as: state.me.id, chat: state.chat, query: text, offset });
  if (update) Object.assign(inline, { id: update.inline_query.id, text, offset, chat: state.chat });
  const early = waiting.get(inline.id);
  if (early) results(early);
}

/** Answers that came before we knew the number of our query. @type {Map<string, any>} */
const waiting = new Map();

/** @param {any} event */
export function inlineAnswered(event) {
  if (event.inline_query_id === inline.id) results(event);
  else waiting.set(event.inline_query_id, event);
}

/** @param {any} event */
function results(event) {
  waiting.clear();
  if (!/^@/.test(find("input").value)) return;
  const rows = event.results.map((result) => option({ class: "result" }, () => choose(result), ...resultContents(result)));
  if (event.next_offset) rows.push(option({ class: "more" }, () => ask(inline.text, event.next_offset), t("more")));
  if (inline.offset) return extend(rows);
  if (event.button) rows.unshift(option({ class: "above" }, () => hooks.start(event.button.start_parameter), event.button.text));
  if (!event.results.length) rows.push(make("p", { class: "note" }, t("noResults")));
  show(t("results", { bot: state.bot.username }), rows, false);
}

/** @param {any} result */
function resultContents(result) {
  const title = result.title ?? result.caption ?? "";
  const [, flag, rest] = title.match(/^(\p{RI}\p{RI})\s*(.*)$/u) ?? [null, "", title];
  const thumb = make("span", { class: "thumb", "aria-hidden": "true" }, flag || (rest.match(/\p{L}/u)?.[0] ?? "•"));
  return [thumb, make("span", { class: "result-about" }, make("strong", { dir: "auto" }, rest), make("span", { dir: "auto" }, result.description ?? ""))];
}

/** The next page comes in the place of the row that asked for it. @param {HTMLElement[]} rows */
function extend(rows) {
  const list = find("suggestions").querySelector("[role=listbox]");
  list?.querySelector(".more")?.remove();
  list?.append(...rows);
  if (rows[0]) activate(rows[0]);
}

/** @param {any} result */
async function choose(result) {
  const done = await act("choose", { as: state.me.id, chat: inline.chat, query_id: inline.id, result: result.id, thread: threadNow() });
  if (!done) return;
  close();
  hooks.sent();
}

let numbers = 0;

/** @param {Record<string, any>} about @param {() => void} chosen @param {...any} children */
function option(about, chosen, ...children) {
  const node = make("div", { role: "option", id: `option-${(numbers += 1)}`, "aria-selected": "false", ...about }, ...children);
  node.addEventListener("pointerdown", (event) => event.preventDefault()); // the input keeps the focus
  node.addEventListener("click", chosen);
  return node;
}

/** @param {string} label @param {HTMLElement[]} rows @param {boolean} first whether the first row is chosen from the beginning */
function show(label, rows, first) {
  const box = find("suggestions");
  box.replaceChildren(make("div", { role: "listbox", id: "listbox", "aria-label": label, class: "list" }, ...rows));
  box.hidden = false;
  box.scrollTop = 0;
  const input = find("input");
  input.setAttribute("aria-controls", "listbox");
  find("announcement").textContent = t("listed", { label, n: rows.length });
  find("menu").setAttribute("aria-expanded", "true");
  input.removeAttribute("aria-activedescendant");
  if (first && rows[0]) activate(rows[0]);
}

export function close() {
  clearTimeout(inline.timer);
  find("suggestions").hidden = true;
  find("suggestions").replaceChildren();
  find("input").removeAttribute("aria-controls");
  find("input").removeAttribute("aria-activedescendant");
  find("announcement").textContent = "";
  find("menu").setAttribute("aria-expanded", "false");
}

export const isOpen = () => !find("suggestions").hidden;

/** @param {HTMLElement} node */
function activate(node) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === node));
  find("input").setAttribute("aria-activedescendant", node.id);
  node.scrollIntoView({ block: "nearest" });
}

/** Keys of the input while the list is open; true if the key was for the list. @param {KeyboardEvent} event */
export function keyInList(event) {
  if (!isOpen()) return false;
  const all = options();
  const current = all.findIndex((node) => node.getAttribute("aria-selected") === "true");
  if (event.key === "Escape") close();
  else if (event.key === "ArrowDown" && all.length) activate(all[(current + 1) % all.length]);
  else if (event.key === "ArrowUp" && all.length) activate(all[(current <= 0 ? all.length : current) - 1]);
  else if ((event.key === "Enter" || event.key === "Tab") && current >= 0) all[current].click();
  else return false;
  event.preventDefault();
  return true;
}
