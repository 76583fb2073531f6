/** Where a person writes: the input, what it answers or edits, the bot's keyboard under it. */

import { act } from "./api.js";
import { chooseAttachment, chooseLocation } from "./dialogs.js";
import { find, icon, make, toast } from "./dom.js";
import { draftOf, keepDraft } from "./kept.js";
import { summary } from "./message.js";
import { administers, chatNow, isMine, menuNow, messagesNow, nameOf, state, threadNow } from "./store.js";
import { close, inlineQuery, isOpen, keyInList, startSuggestions, suggestBot, suggestCommands, suggestInline } from "./suggestions.js";
import { t } from "./texts.js";

/** The message that is answered or edited. @type {{reply: any, edit: any}} */
const about = { reply: null, edit: null };
/** What Telegram takes in one message. */
const LONGEST = 4096;
let long = false;
let open = (/** @type {number} */ _chat) => {};

/** @param {(chat: number) => void} openChat */
export function startComposer(openChat) {
  open = openChat;
  const input = find("input");
  startSuggestions({
    command: (command) => sendText(`/${command}${chatNow().type === "private" ? "" : `@${state.bot.username}`}`),
    sent: () => write(""),
    start: (parameter) => {
      write("");
      open(state.me.id);
      act("open", { as: state.me.id, start: parameter });
    },
  });
  input.addEventListener("input", typed);
  input.addEventListener("keydown", (event) => {
    if (keyInList(event)) return;
    if (event.key === "Escape") forgetContext();
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    }
  });
  input.addEventListener("blur", () => setTimeout(() => document.activeElement !== find("menu") && document.activeElement !== input && close(), 150));
  find("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  find("menu").addEventListener("click", () => {
    const was = isOpen();
    input.focus();
    if (was) close();
    else suggestCommands("", true);
  });
  find("attach").addEventListener("click", () => chooseAttachment(() => chooseLocation(shareLocation), sendFile));
  find("keys").addEventListener("click", () => {
    const box = find("reply-keyboard");
    box.hidden = !box.hidden;
    find("keys").setAttribute("aria-expanded", String(!box.hidden));
  });
}

/** Fit everything to the chat on screen. */
export function drawComposer() {
  const chat = chatNow();
  const instead = insteadOfInput(chat);
  const held = (find("instead") === document.activeElement && !instead) || (find("composer").contains(document.activeElement) && instead);
  find("composer").hidden = instead !== null;
  find("instead").hidden = instead === null;
  if (instead) {
    find("instead").textContent = instead.text;
    find("instead").disabled = !instead.act;
    find("instead").onclick = instead.act;
  }
  find("menu").hidden = !menuNow().length;
  find("input").placeholder = placeholder(chat);
  find("attach").hidden = chat.type === "channel";
  drawKeyboard(instead !== null);
  grow();
  // What had the focus is gone: whoever stood there stands at what took its place.
  if (held) find(instead ? "instead" : "input").focus();
}

/** What stands in the place of the input, if a person cannot write now. @param {import("./store.js").Chat} chat */
function insteadOfInput(chat) {
  if (chat.blocked) return { text: t("restart"), act: restart };
  if (chat.type === "private" && !messagesNow().length) return { text: t("start"), act: () => sendText("/start") };
  if (chat.type === "channel" && !administers(chat)) return { text: t("readOnly"), act: null };
  return null;
}

/** Let the bot write again and greet it anew, as Telegram's button does. */
async function restart() {
  const done = await act("block", { as: state.me.id, blocked: false });
  if (done) sendText("/start");
}

/** @param {import("./store.js").Chat} chat */
function placeholder(chat) {
  const forced = keyboardNow()?.markup;
  if (forced?.input_field_placeholder) return forced.input_field_placeholder;
  return t(chat.type === "channel" ? "post" : "write");
}

/** The latest keyboard or request for a reply that the bot has put under the input. */
function keyboardNow() {
  for (const shown of messagesNow().reverse()) {
    const { message, markup } = shown;
    if (!message.from?.is_bot || !markup || !concernsMe(message, markup)) continue;
    if (markup.remove_keyboard) return null;
    if (markup.force_reply || markup.keyboard) return shown;
  }
  return null;
}

/** A selective keyboard is for whom the bot answered or named. @param {any} message @param {any} markup */
function concernsMe(message, markup) {
  if (!markup.selective || message.chat.type === "private") return true;
  return message.reply_to_message?.from?.id === state.me.id || (message.text ?? "").includes(`@${state.me.username}`);
}

/** @param {boolean} hidden */
function drawKeyboard(hidden) {
  const shown = keyboardNow();
  const rows = shown?.markup.keyboard;
  const box = find("reply-keyboard");
  const held = box.contains(document.activeElement);
  find("keys").hidden = !rows || hidden;
  box.hidden = !rows || hidden || isSpent(shown);
  find("keys").setAttribute("aria-expanded", String(!box.hidden));
  box.replaceChildren(
    ...(rows ?? []).map((row) => make("div", { class: "keys" }, ...row.map((button) => make("button", { type: "button", class: "key", onclick: () => pressKey(button) }, ...keyContents(button))))),
  );
  if (held && !hidden) (box.hidden ? find("input") : box.querySelector("button")).focus();
}

/** Whether a keyboard for one use has been used: what it sends stands after it. The messages tell that after a reload, too. @param {import("./store.js").Shown} shown */
function isSpent({ message, markup }) {
  if (!markup.one_time_keyboard) return false;
  const keys = markup.keyboard.flat();
  return messagesNow().some(
    ({ message: later }) => later.message_id > message.message_id && isMine(later) && keys.some((key) => (key.request_location ? later.location : later.text === (key.text ?? key))),
  );
}

/** @param {any} button */
const keyContents = (button) => [make("span", { dir: "auto" }, button.text ?? button)];

/** @param {any} button */
function pressKey(button) {
  if (button.request_location) chooseLocation(shareLocation);
  else sendText(button.text ?? button);
}

/** A bot asks for a reply: the input answers its message. @param {any} message @param {any} markup */
export function forceReply(message, markup) {
  if (!markup?.force_reply || !concernsMe(message, markup)) return;
  answer(message);
}

/** @param {any} message */
export function answer(message) {
  Object.assign(about, { reply: message, edit: null });
  drawContext();
}

/** @param {any} message */
export function edit(message) {
  Object.assign(about, { reply: null, edit: message });
  write(message.text);
  drawContext();
}

export function forgetContext() {
  const edited = about.edit;
  Object.assign(about, { reply: null, edit: null });
  if (edited) write(draftOf(state.me.id, state.chat));
  drawContext(false);
}

/** Another chat is on screen: what was answered or edited stays behind, what was being written there comes back. */
export function enterChat() {
  Object.assign(about, { reply: null, edit: null });
  drawContext(false);
  close();
  write(draftOf(state.me.id, state.chat));
}

/** @param {boolean} [focus] */
function drawContext(focus = true) {
  const message = about.reply ?? about.edit;
  const box = find("context");
  box.hidden = !message;
  if (message) {
    const title = about.edit ? t("editing") : t("replyTo", { name: message.sender_chat?.title ?? nameOf(message.from ?? {}) });
    box.replaceChildren(
      icon(about.edit ? "edit" : "reply"),
      make("span", { class: "context-about" }, make("strong", { dir: "auto" }, title), make("span", { dir: "auto" }, summary(message))),
      make("button", { type: "button", class: "round small", "aria-label": t("cancel"), onclick: forgetContext }, icon("close")),
    );
  }
  if (focus) find("input").focus();
}

/** Put words into the input. @param {string} text */
export function write(text) {
  const input = find("input");
  input.value = text;
  typed();
}

/** The input of a chat someone chose for an inline query. @param {string} query */
export function beginInline(query) {
  find("input").focus();
  write(`@${state.bot.username} ${query}`);
}

function typed() {
  const text = find("input").value;
  grow();
  warnIfLong(text);
  if (!about.edit) keepDraft(state.me.id, state.chat, text);
  const query = inlineQuery(text);
  if (query !== null) return suggestInline(query);
  if (/^@\w*$/.test(text) && `@${state.bot.username}`.toLowerCase().startsWith(text.toLowerCase())) return suggestBot(() => beginInline(""));
  const command = text.match(/^\/([a-z0-9_]*)$/i);
  if (command) return suggestCommands(command[1].toLowerCase());
  close();
}

/** Said once when a message grows too long, and again to whoever sends it so. @param {string} text */
function warnIfLong(text) {
  const before = long;
  long = isLong(text.trim());
  if (long && !before) tellLong(text.trim());
}

/** @param {string} text */
const isLong = (text) => text.length > LONGEST && [...text].length > LONGEST;

/** @param {string} text */
const tellLong = (text) => toast(t("tooLong", { most: LONGEST, n: [...text].length }));

function grow() {
  const input = find("input");
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight, 160)}px`;
  find("send").classList.toggle("ready", input.value.trim() !== "");
}

async function submit() {
  const text = find("input").value.trim();
  if (!text) return;
  if (isLong(text)) return tellLong(text);
  if (!about.edit) return sendText(text);
  const done = await act("edit", { as: state.me.id, chat: state.chat, message: about.edit.message_id, text });
  if (done) forgetContext();
}

/** Say something in the chat on screen. @param {string} text */
export async function sendText(text) {
  const reply = about.reply?.message_id ?? 0;
  const before = find("input").value;
  close();
  write("");
  Object.assign(about, { reply: null, edit: null });
  drawContext(document.activeElement === document.body || find("composer").contains(document.activeElement));
  const done = await act("say", { as: state.me.id, chat: state.chat, text, thread: threadNow(), reply_to: reply });
  if (!done && before) write(before);
}

/** @param {number} latitude @param {number} longitude */
const shareLocation = (latitude, longitude) => act("location", { as: state.me.id, chat: state.chat, latitude, longitude, thread: threadNow() });

/** @param {string} name @param {string} content */
const sendFile = (name, content) => act("file", { as: state.me.id, chat: state.chat, name, content });
