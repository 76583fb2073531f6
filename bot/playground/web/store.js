/** What the screen shows: the state as the server told it, kept up to date by events. */

import { follow, read } from "./api.js";

/**
 * @typedef {{message: any, markup: any}} Shown
 * @typedef {{id: number, type: string, title?: string, begun?: boolean, blocked?: boolean, members: Record<string, string>, topics: any[], bot_status: string}} Chat
 */

export const state = {
  /** @type {any} */ me: null,
  /** @type {any} */ bot: null,
  /** @type {any[]} */ people: [],
  /** @type {Map<number, Chat>} */ chats: new Map(),
  /** @type {Map<number, Map<number, Shown>>} */ messages: new Map(),
  /** @type {Record<string, {command: string, description: string}[]>} */ menus: {},
  description: "",
  /** Seconds by which the playground is ahead of this machine. */ offset: 0,
  moods: 0,
  generalTopic: 1,
  /** The chat on screen. */ chat: 0,
  /** The topic on screen, by chat. @type {Map<number, number>} */ topic: new Map(),
  /** Messages nobody saw yet, by chat. @type {Map<number, number>} */ unread: new Map(),
  /** Answers to pressed buttons, by query. @type {Set<string>} */ answered: new Set(),
};

/** @type {Set<(event: any) => void>} */
const listeners = new Set();
let stop = () => {};
let menusTimer = 0;

/** Hear of every change: events of the server, and `{what: "state"}` when all is new. @param {(event: any) => void} listener */
export const onChange = (listener) => listeners.add(listener);

/** @param {any} event */
export function tell(event) {
  for (const listener of listeners) listener(event);
}

/** Be someone: read all there is to see and follow what happens. @param {number} person */
export async function be(person) {
  stop();
  const found = await read(`/api/state?as=${person}`);
  Object.assign(state, { me: found.me, bot: found.bot, people: found.people, menus: found.menus, description: found.description });
  Object.assign(state, { offset: found.clock.offset, moods: found.moods, generalTopic: found.general_topic });
  state.chats = new Map();
  setChat({ id: person, type: "private", members: {}, topics: [], bot_status: "member", begun: false });
  for (const chat of found.chats) setChat(chat);
  state.messages = new Map();
  for (const [chat, shown] of Object.entries(found.messages)) for (const one of shown) put(Number(chat), one);
  if (!state.chats.has(state.chat)) state.chat = person;
  state.unread.clear();
  tell({ what: "state" });
  stop = follow(person, found.mark, {
    event: heard,
    anew: () => be(person).catch(() => tell({ what: "online", online: false })),
    online: (online) => tell({ what: "online", online }),
  });
}

/** @param {Chat} chat */
function setChat(chat) {
  state.chats.set(chat.id, chat);
}

/** A chat became another one: whoever looked at it looks at that. @param {number} old @param {number} next */
function leave(old, next) {
  for (const known of [state.chats, state.messages, state.topic, state.unread]) known.delete(old);
  if (state.chat !== old) return;
  state.chat = next;
  state.unread.delete(next);
}

/** @param {number} chat @param {Shown} shown */
function put(chat, shown) {
  if (!state.messages.has(chat)) state.messages.set(chat, new Map());
  state.messages.get(chat)?.set(shown.message.message_id, shown);
}

/** @param {any} event */
function heard(event) {
  switch (event.what) {
    case "message":
      put(event.chat_id, { message: event.message, markup: event.markup });
      if (event.chat_id !== state.chat && !isMine(event.message)) state.unread.set(event.chat_id, (state.unread.get(event.chat_id) ?? 0) + 1);
      break;
    case "edited":
      if (event.chat_id === null) event.chat_id = event.message.chat?.id;
      if (event.chat_id) put(event.chat_id, { message: event.message, markup: event.message.reply_markup });
      break;
    case "deleted":
      state.messages.get(event.chat_id)?.delete(event.message_id);
      break;
    case "chat":
      setChat(event.chat);
      readMenus();
      break;
    case "moved":
      leave(event.old, event.new);
      break;
    case "commands":
    case "profile":
      readMenus();
      break;
    case "person":
      state.people.push(event.person);
      break;
    case "clock":
      state.offset = event.clock.offset;
      break;
    case "moods":
      state.moods = event.moods;
      break;
    case "callback_answered":
      state.answered.add(event.callback_query_id);
      break;
  }
  tell(event);
}

/** Many commands are set at once when a bot starts: ask when it is quiet again. */
function readMenus() {
  clearTimeout(menusTimer);
  menusTimer = setTimeout(readUntold, 150);
}

/** Read what no event tells: menus, descriptions, moods. */
export async function readUntold() {
  try {
    Object.assign(state, await read(`/api/menus?as=${state.me.id}`));
    tell({ what: "menus" });
  } catch {
    // The stream tells when the server is gone, and all is read anew when it is back.
  }
}

/** Whether the person on screen wrote a message. @param {any} message */
export const isMine = (message) => message.from?.id === state.me.id;

/** The chat on screen. @returns {Chat} */
export const chatNow = () => /** @type {Chat} */ (state.chats.get(state.chat));

/** The topic on screen; 0 where there are none. */
export function topicNow() {
  const chat = chatNow();
  return chat.topics.length ? (state.topic.get(chat.id) ?? state.generalTopic) : 0;
}

/** The thread to write to: the general topic has none. */
export const threadNow = () => (topicNow() === state.generalTopic ? 0 : topicNow());

/** In which topic a message stands. @param {any} message */
export const topicOf = (message) => (message.is_topic_message ? message.message_thread_id : state.generalTopic);

/** The messages on screen, oldest first. @returns {Shown[]} */
export function messagesNow() {
  const topic = topicNow();
  return [...(state.messages.get(state.chat)?.values() ?? [])].filter(({ message }) => !topic || topicOf(message) === topic);
}

/** Whether the bot is in a chat. @param {Chat} chat */
export const hasBot = (chat) => chat.type === "private" || ["administrator", "member"].includes(chat.bot_status);

/** The commands of the chat on screen; none where there is no bot to hear them. */
export const menuNow = () => (hasBot(chatNow()) ? (state.menus[state.chat] ?? []) : []);

/** What a chat is called by whoever looks. @param {Chat} chat */
export const titleOf = (chat) => (chat.type === "private" ? state.bot.first_name : (chat.title ?? ""));

/** The moment it is in the playground. */
export const now = () => new Date(Date.now() + state.offset * 1000);

/** Whether the person administers a chat. @param {Chat} chat */
export const administers = (chat) => ["creator", "administrator"].includes(chat.members[state.me.id]);

/** The full name of a user. @param {any} user */
export const nameOf = (user) => [user.first_name, user.last_name].filter(Boolean).join(" ");
