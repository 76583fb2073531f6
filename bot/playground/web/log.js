/** The messages of the chat on screen. Only what changed is drawn anew, so that screen readers hear only what is new. */

import { find, icon, make } from "./dom.js";
import { dayName, dayOf, messageNode } from "./message.js";
import { chatNow, isMine, messagesNow, state, topicNow, topicOf } from "./store.js";
import { t } from "./texts.js";

/** @type {import("./message.js").MessageHooks} */
let hooks;
const NEAR = 120;
/** Whether the reader is at the end: then the end stays in sight, whatever opens or comes. */
let atEnd = true;

/** @param {import("./message.js").MessageHooks} given */
export function startLog(given) {
  hooks = given;
  const log = find("log");
  log.addEventListener("keydown", walk);
  log.addEventListener("scroll", () => (atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR));
  new ResizeObserver(() => atEnd && toEnd()).observe(log);
}

/** All anew: another chat, another topic, another person. */
export function drawLog() {
  const log = find("log");
  log.setAttribute("aria-busy", "true");
  log.setAttribute("aria-live", "off");
  const nodes = [];
  let day = "";
  for (const { message } of messagesNow()) {
    if (dayOf(message.date) !== day) nodes.push(separator(message.date));
    day = dayOf(message.date);
    nodes.push(messageNode(message, hooks));
  }
  log.replaceChildren(...(nodes.length ? nodes : [emptiness()]));
  toEnd();
  requestAnimationFrame(() => {
    toEnd();
    log.removeAttribute("aria-busy");
    log.setAttribute("aria-live", "polite");
  });
}

function toEnd() {
  const log = find("log");
  log.scrollTo({ top: log.scrollHeight, behavior: "instant" });
  atEnd = true;
}

/** What an empty chat shows: the bot's own description, as Telegram does. */
function emptiness() {
  if (chatNow().type !== "private") return make("p", { class: "empty" }, t("nothingYet"));
  return make(
    "section",
    { class: "empty about" },
    make("span", { class: "avatar big tint-2", "aria-hidden": "true" }, icon("bot")),
    make("h2", {}, t("botAbout")),
    make("p", { dir: "auto" }, state.description || state.bot.first_name),
  );
}

/** @param {number} seconds */
const separator = (seconds) => make("p", { class: "day", "data-day": dayOf(seconds) }, make("span", {}, dayName(seconds)));

/** An event that may concern what is on screen. @param {any} event */
export function logHears(event) {
  const log = find("log");
  if (event.chat_id !== state.chat) return;
  if (event.what === "deleted") return removeNode(event.message_id);
  const { message } = event;
  if (!message || (topicNow() && topicOf(message) !== topicNow())) return;
  const old = log.querySelector(`[data-id="${message.message_id}"]`);
  const stay = atEnd || (event.what === "message" && isMine(message));
  if (old) swap(old, messageNode(message, hooks));
  else if (event.what === "message") append(log, message);
  if (stay) toEnd();
}

/** @param {HTMLElement} log @param {any} message */
function append(log, message) {
  log.querySelector(".empty")?.remove();
  const day = [...log.querySelectorAll("[data-day]")].at(-1)?.getAttribute("data-day");
  // On another day, yesterday's messages are no longer today's.
  if (day && day !== dayOf(message.date)) return drawLog();
  if (!day) log.append(separator(message.date));
  const node = messageNode(message, hooks);
  node.classList.add("new");
  log.append(node);
}

/** An edited message takes the place of the old one; whoever stood on one of its buttons stands on the same place again. @param {Element} old @param {HTMLElement} node */
function swap(old, node) {
  const buttons = [...old.querySelectorAll(".key")];
  const place = document.activeElement ? buttons.indexOf(document.activeElement) : -1;
  const held = place >= 0 || old.contains(document.activeElement);
  old.replaceWith(node);
  if (!held) return;
  const now = node.querySelectorAll(".key");
  (now[Math.min(place, now.length - 1)] ?? node).focus({ preventScroll: true });
}

/** @param {number} id */
function removeNode(id) {
  const node = find("log").querySelector(`[data-id="${id}"]`);
  if (node?.contains(document.activeElement)) find("input").focus();
  node?.remove();
}

/** Show and mark a message. @param {number} id */
export function goTo(id) {
  const node = find("log").querySelector(`[data-id="${id}"]`);
  if (!node) return;
  node.scrollIntoView({ block: "center" });
  node.classList.add("marked");
  node.focus({ preventScroll: true });
  setTimeout(() => node.classList.remove("marked"), 1500);
}

/** Arrows go from message to message; Tab then goes to the message's buttons. @param {KeyboardEvent} event */
function walk(event) {
  if (!["ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) return;
  const all = [...find("log").querySelectorAll("article")];
  const current = all.indexOf(/** @type {HTMLElement} */ (event.target).closest("article"));
  const steps = { ArrowUp: current < 0 ? all.length - 1 : current - 1, ArrowDown: current < 0 ? all.length - 1 : current + 1, Home: 0, End: all.length - 1 };
  const node = all[Math.max(0, Math.min(all.length - 1, steps[event.key]))];
  if (!node) return;
  event.preventDefault();
  node.focus();
  node.scrollIntoView({ block: "nearest" });
}
