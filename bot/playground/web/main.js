/** The playground's page: reads who you are, shows the chats, and follows what happens. */

import { act, read } from "./api.js";
import { chatAvatar, drawChats } from "./chats.js";
import { answer, beginInline, drawComposer, edit, enterChat, forceReply, sendText, startComposer } from "./composer.js";
import { askLink, chatSettings, chooseChat, choosePerson, openPanel, showAlert } from "./dialogs.js";
import { find, make, toast } from "./dom.js";
import { keepPlace, placeOf } from "./kept.js";
import { drawLog, goTo, logHears, startLog } from "./log.js";
import { endWaiting, pressCallback } from "./message.js";
import { administers, be, chatNow, hasBot, messagesNow, onChange, state, titleOf, topicNow } from "./store.js";
import { inlineAnswered } from "./suggestions.js";
import { speak, t } from "./texts.js";

const TYPING = 5000;
const app = /** @type {HTMLElement} */ (document.querySelector(".app"));
let typingTimer = 0;

const look = {
  theme: () => localStorage.getItem("theme") ?? "auto",
  setTheme: (theme) => {
    localStorage.setItem("theme", theme);
    document.documentElement.dataset.theme = theme;
  },
};

/** @type {import("./message.js").MessageHooks} */
const hooks = { press, link, goTo, edit, reply: answer, command: (text) => sendText(text), mention };

/** @param {any} message @param {any} button @param {HTMLElement} node */
function press(message, button, node) {
  if (button.callback_data !== undefined) return pressCallback(message, button, node);
  if (button.url) return link(button.url);
  const here = button.switch_inline_query_current_chat;
  if (here !== undefined) return beginInline(here);
  const chosen = button.switch_inline_query_chosen_chat;
  const allowed = { private: chosen?.allow_user_chats || chosen?.allow_bot_chats, channel: chosen?.allow_channel_chats, group: chosen?.allow_group_chats, supergroup: chosen?.allow_group_chats };
  const query = chosen?.query ?? button.switch_inline_query ?? "";
  chooseChat(
    (chat) => {
      openChat(chat.id);
      beginInline(query);
    },
    (chat) => (chosen ? Boolean(allowed[chat.type]) : true) && (chat.type !== "channel" || administers(chat)),
  );
}

/** Links to the bot open here, others only after a question. @param {string} url */
function link(url) {
  const parts = new URL(url);
  const own = /^(t|telegram)\.me$/.test(parts.hostname) && parts.pathname.slice(1).toLowerCase() === state.bot.username.toLowerCase();
  if (!own) return askLink(url);
  openChat(state.me.id);
  const parameter = parts.searchParams.get("start");
  if (parameter !== null) act("open", { as: state.me.id, start: parameter });
}

/** @param {string} name */
function mention(name) {
  if (name.slice(1).toLowerCase() === state.bot.username.toLowerCase()) beginInline("");
}

/** @param {number} chat @param {boolean} [focus] */
function openChat(chat, focus = true) {
  const other = chat !== state.chat;
  state.chat = chat;
  state.unread.delete(chat);
  app.dataset.view = "chat";
  keepPlace(chat, topicNow());
  if (other) enterChat();
  drawAll();
  if (focus) (find("composer").hidden ? find("instead") : find("input")).focus();
}

function drawAll() {
  drawChats(openChat);
  drawHead();
  drawTopics();
  drawLog();
  drawComposer();
}

function drawHead() {
  const chat = chatNow();
  find("chat-title").textContent = titleOf(chat);
  const picture = chatAvatar(chat);
  find("chat-avatar").className = picture.className;
  find("chat-avatar").replaceChildren(...picture.childNodes);
  find("chat-status").textContent = status(chat);
  find("chat-status").classList.remove("typing");
  find("chat-menu").hidden = chat.type === "private" && !chat.begun;
}

/** @param {import("./store.js").Chat} chat */
function status(chat) {
  if (chat.type === "private") return t("bot", { name: state.bot.username });
  if (!hasBot(chat)) return t("botRemoved");
  const present = Object.values(chat.members).filter((found) => !["left", "kicked"].includes(found)).length;
  return chat.type === "channel" ? t("channel") : t("group", { n: present });
}

function drawTopics() {
  const chat = chatNow();
  const box = find("topics");
  box.hidden = !chat.topics.length;
  box.setAttribute("aria-label", t("topics"));
  box.replaceChildren(
    ...chat.topics.map((topic) => {
      const chosen = topic.id === topicNow();
      const choose = () => {
        state.topic.set(chat.id, topic.id);
        keepPlace(chat.id, topic.id);
        drawAll();
        find("topics").querySelector("[aria-selected=true]")?.focus();
      };
      const name = topic.id === state.generalTopic ? t("general") : topic.name;
      return make("button", { type: "button", role: "tab", "aria-selected": String(chosen), "aria-controls": "log", tabIndex: chosen ? 0 : -1, onclick: choose }, name);
    }),
  );
}

/** Arrows go from topic to topic. @param {KeyboardEvent} event */
function walkTopics(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const tabs = [...find("topics").children];
  const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
  next.click();
}

/** @param {any} event */
function changed(event) {
  switch (event.what) {
    case "state":
      speak(state.me.language_code);
      drawAll();
      break;
    case "online":
      find("offline").hidden = event.online;
      find("offline").textContent = event.online ? "" : t("offline");
      break;
    case "message":
    case "edited":
    case "deleted":
      messageChanged(event);
      break;
    case "chat":
    case "menus":
      drawChats(openChat);
      drawHead();
      drawTopics();
      drawComposer();
      if (!messagesNow().length) drawLog();
      break;
    case "moved":
      if (event.new === state.chat) enterChat();
      keepPlace(state.chat, topicNow());
      drawAll();
      break;
    case "clock":
      drawLog();
      break;
    case "action":
      showTyping(event);
      break;
    case "callback_answered":
      endWaiting(event.callback_query_id);
      if (event.url) link(event.url);
      else if (event.text) event.show_alert ? showAlert(event.text) : toast(event.text);
      break;
    case "inline_answered":
      inlineAnswered(event);
      break;
  }
}

/** @param {any} event */
function messageChanged(event) {
  drawChats(openChat);
  logHears(event);
  if (event.chat_id !== state.chat) return;
  if (event.what === "message" && event.message.from?.is_bot) find("chat-status").textContent = status(chatNow());
  drawComposer();
  if (event.what === "message") forceReply(event.message, event.markup);
}

/** @param {any} event */
function showTyping(event) {
  if (event.chat_id !== state.chat) return;
  find("chat-status").textContent = t("typing");
  find("chat-status").classList.add("typing");
  clearTimeout(typingTimer);
  typingTimer = setTimeout(drawHead, TYPING);
}

/** @param {number} person */
async function become(person) {
  if (person === state.me.id) return openChat(person);
  sessionStorage.setItem("person", String(person));
  await be(person);
  openChat(state.me.id);
  enterChat();
}

/** Whom to be at first: whoever it was before in this tab, else someone who reads as this browser does. */
async function firstPerson() {
  const people = await read("/api/people");
  const before = Number(sessionStorage.getItem("person"));
  const wanted = navigator.language.split("-")[0];
  const found = people.find((one) => one.id === before) ?? people.find((one) => one.language_code === wanted) ?? people.find((one) => one.language_code === "en");
  return (found ?? people[0]).id;
}

async function start() {
  look.setTheme(look.theme());
  onChange(changed);
  startLog(hooks);
  startComposer(openChat);
  find("person").addEventListener("click", () => choosePerson(become));
  find("open-panel").addEventListener("click", () => openPanel(look));
  find("chat-menu").addEventListener("click", () => chatSettings(chatNow()));
  find("topics").addEventListener("keydown", walkTopics);
  find("back").addEventListener("click", () => {
    app.dataset.view = "list";
    find("chats").querySelector("[aria-current] , button")?.focus();
  });
  state.bot = { username: "", first_name: "" };
  await be(await firstPerson());
  app.inert = false;
  returnToPlace();
}

/** Where this tab was before a reload, if that is still there; else the chat with the bot. */
function returnToPlace() {
  const before = placeOf();
  const chat = state.chats.get(before.chat) ?? chatNow();
  if (chat.topics.some(({ id }) => id === before.topic)) state.topic.set(chat.id, before.topic);
  openChat(chat.id);
  enterChat();
}

start().catch(() => {
  find("offline").hidden = false;
  find("offline").textContent = t("offline");
  setTimeout(() => location.reload(), 2000);
});
