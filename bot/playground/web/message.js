/** One message: who wrote it, what it says, what can be pressed. */

import { act } from "./api.js";
import { avatar, icon, make } from "./dom.js";
import { formatted } from "./entities.js";
import { coordinates, mapCard } from "./map.js";
import { chatNow, isMine, nameOf, now, state } from "./store.js";
import { language, t } from "./texts.js";

/**
 * @typedef {import("./entities.js").Hooks & {press: (message: any, button: any, node: HTMLElement) => void, reply: (message: any) => void,
 *   edit: (message: any) => void, goTo: (id: number) => void}} MessageHooks
 */

/** The bot has another id in each run, but one colour. */
const BOT_TINT = 2;
const SERVICE = ["forum_topic_created", "new_chat_members", "left_chat_member", "migrate_to_chat_id", "migrate_from_chat_id"];

/** Whether a message tells what happened to the chat, rather than what somebody wrote. @param {any} message */
export const isService = (message) => SERVICE.some((field) => field in message);

/** A line whose first letter is of a script written from right to left: it ends where the time would stand. */
const RIGHT_TO_LEFT = /^[^\p{L}\n]*[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/mu;

/** A message as an article. @param {any} message @param {MessageHooks} hooks */
export function messageNode(message, hooks) {
  if (isService(message)) return serviceNode(message);
  const mine = isMine(message);
  const grouped = chatNow().type !== "private";
  const node = make("article", { class: `message ${mine ? "mine" : "theirs"}`, tabIndex: -1, "data-id": message.message_id });
  const bubble = make("div", { class: ["bubble", message.edit_date && "edited", RIGHT_TO_LEFT.test(message.text ?? message.caption ?? "") && "apart"].filter(Boolean).join(" ") });
  const author = message.sender_chat?.title ?? nameOf(message.from ?? {});
  const tint = message.from?.is_bot ? BOT_TINT : (message.from?.id ?? message.chat.id);
  const time = clockTime(message.date);
  node.setAttribute("aria-label", `${mine ? t("you") : author}, ${time}`);
  if (grouped && !mine) {
    node.append(avatar(author, tint, message.from?.is_bot ? "bot" : message.sender_chat ? "channel" : undefined));
    bubble.append(make("p", { class: `author tint-text-${Math.abs(tint) % 6}` }, make("bdi", {}, author)));
  }
  if (message.via_bot) bubble.append(make("p", { class: "via" }, t("via", { bot: message.via_bot.username })));
  if (showsReply(message)) bubble.append(quote(message.reply_to_message, hooks));
  bubble.append(...contents(message, hooks));
  bubble.append(make("p", { class: "meta" }, message.edit_date ? `${t("edited")} ` : "", make("time", { dateTime: new Date(message.date * 1000).toISOString() }, time)));
  const column = make("div", { class: "column" }, bubble);
  if (message.reply_markup?.inline_keyboard) column.append(inlineKeyboard(message, hooks));
  node.append(column, tools(message, mine, hooks));
  return node;
}

/** In a topic, Telegram says that everything replies to the message that opened it: that is no reply to show. @param {any} message */
const showsReply = (message) => message.reply_to_message && !message.reply_to_message.forum_topic_created;

/** @param {any} message */
const serviceNode = (message) => make("article", { class: "service", tabIndex: -1, "data-id": message.message_id }, make("p", {}, serviceText(message)));

/** What happened to the chat, in a line. @param {any} message */
function serviceText(message) {
  if (message.forum_topic_created) return t("topicBegan", { name: message.forum_topic_created.name });
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return t("moved");
  const who = (message.new_chat_members ?? [message.left_chat_member]).filter(Boolean).map(nameOf).join(", ");
  return message.new_chat_members ? `+ ${who}` : `− ${who}`;
}

/** @param {any} message @param {MessageHooks} hooks @returns {Node[]} */
function contents(message, hooks) {
  const parts = [];
  if (message.photo) parts.push(photo(message.photo.at(-1)));
  if (message.document) parts.push(document_(message.document));
  if (message.venue) parts.push(venue(message.venue));
  else if (message.location) parts.push(point(message.location));
  const text = message.text ?? message.caption;
  if (text) parts.push(make("div", { class: "text", dir: "auto" }, formatted(text, message.entities ?? message.caption_entities, hooks)));
  return parts;
}

const fileUrl = (id) => `/api/files/${encodeURIComponent(id)}`;

/** @param {any} size */
function photo(size) {
  return make("img", { class: "photo", src: fileUrl(size.file_id), alt: t("photo"), width: size.width, height: size.height, loading: "lazy" });
}

/** @param {any} file */
function document_(file) {
  return make(
    "a",
    { class: "document", href: fileUrl(file.file_id), download: file.file_name, "aria-label": t("download", { name: file.file_name }) },
    make("span", { class: "document-icon" }, icon("down")),
    make("span", { class: "document-about" }, make("bdi", {}, file.file_name), make("small", {}, size(file.file_size))),
  );
}

/** @param {number} bytes */
const size = (bytes) => (bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toLocaleString(language(), { maximumFractionDigits: 1 })} KB`);

/** @param {any} place */
function venue(place) {
  return make(
    "figure",
    { class: "place" },
    mapCard(place.location.latitude, place.location.longitude),
    make("figcaption", {}, make("strong", { dir: "auto" }, place.title), make("span", { dir: "auto" }, place.address), make("small", {}, coordinates(place.location.latitude, place.location.longitude))),
  );
}

/** @param {any} location */
function point(location) {
  return make("figure", { class: "place" }, mapCard(location.latitude, location.longitude), make("figcaption", {}, make("small", {}, coordinates(location.latitude, location.longitude))));
}

/** The message that is answered, in a line. @param {any} message @param {MessageHooks} hooks */
function quote(message, hooks) {
  const author = message.sender_chat?.title ?? nameOf(message.from ?? {});
  return make(
    "button",
    { type: "button", class: "quote", onclick: () => hooks.goTo(message.message_id), "aria-label": `${t("replyTo", { name: author })}: ${summary(message)}` },
    make("strong", {}, make("bdi", {}, author)),
    make("span", { dir: "auto" }, summary(message)),
  );
}

/** A message in a line, for lists. @param {any} message */
export function summary(message) {
  if (isService(message)) return serviceText(message);
  const kind = message.photo ? t("photo") : message.document ? message.document.file_name : message.venue ? message.venue.title : message.location ? t("location") : "";
  return (message.text ?? message.caption ?? kind).replace(/\s+/g, " ");
}

/** @param {any} message @param {MessageHooks} hooks */
function inlineKeyboard(message, hooks) {
  const rows = message.reply_markup.inline_keyboard.map((row) =>
    make("div", { class: "keys" }, ...row.map((button) => inlineButton(message, button, hooks))),
  );
  return make("div", { class: "inline-keyboard" }, ...rows);
}

/** @param {any} message @param {any} button @param {MessageHooks} hooks */
function inlineButton(message, button, hooks) {
  const switches = Object.keys(button).some((field) => field.startsWith("switch_inline"));
  const mark = button.url ? "link" : switches ? "share" : null;
  const node = make("button", { type: "button", class: "key", onclick: () => hooks.press(message, button, node) }, make("span", { dir: "auto" }, button.text));
  if (mark) node.append(icon(mark), make("span", { class: "unseen" }, ` (${t(button.url ? "opensPage" : "choosesChat")})`));
  return node;
}

/** @param {any} message @param {boolean} mine @param {MessageHooks} hooks */
function tools(message, mine, hooks) {
  const box = make("div", { class: "tools" });
  const button = (name, label, onclick) => make("button", { type: "button", class: "round small", "aria-label": label, title: label, onclick }, icon(name));
  if (chatNow().type !== "channel") box.append(button("reply", t("reply"), () => hooks.reply(message)));
  if (mine && message.text && !message.via_bot) box.append(button("edit", t("edit"), () => hooks.edit(message)));
  return box;
}

/** Press a button that asks the bot: it spins until the bot answers. @param {any} message @param {any} button @param {HTMLElement} node */
export async function pressCallback(message, button, node) {
  if (node.getAttribute("aria-busy")) return;
  const wait = () => {
    node.setAttribute("aria-busy", "true");
    node.title = t("loading");
  };
  wait();
  const update = await act("press", { as: state.me.id, chat: message.chat.id, message: message.message_id, data: button.callback_data });
  const query = update?.callback_query?.id;
  if (!query || state.answered.has(query)) node.removeAttribute("aria-busy");
  else node.dataset.query = query;
}

/** End the waiting of the button of an answered query. @param {string} query */
export function endWaiting(query) {
  const node = document.querySelector(`[data-query="${CSS.escape(query)}"]`);
  node?.removeAttribute("aria-busy");
  node?.removeAttribute("title");
}

/** @param {number} seconds */
export const clockTime = (seconds) => new Date(seconds * 1000).toLocaleTimeString(language(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** A day as a heading: today, yesterday, 3 March. @param {number} seconds */
export function dayName(seconds) {
  const day = new Date(seconds * 1000);
  const today = now();
  const apart = Math.round((midnight(today) - midnight(day)) / 86_400_000);
  if (apart === 0) return t("today");
  if (apart === 1) return t("yesterday");
  const year = day.getFullYear() === today.getFullYear() ? undefined : "numeric";
  return day.toLocaleDateString(language(), { day: "numeric", month: "long", year });
}

/** A day by its own name, wherever today is. @param {number} seconds */
export const dayOf = (seconds) => new Date(seconds * 1000).toDateString();

/** @param {Date} date */
const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
