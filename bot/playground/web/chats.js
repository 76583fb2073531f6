/** The list of chats, and who looks at it. */

import { avatar, find, icon, make } from "./dom.js";
import { clockTime, isService, summary } from "./message.js";
import { isMine, nameOf, state, titleOf } from "./store.js";
import { t } from "./texts.js";

/** @param {(chat: number) => void} open */
export function drawChats(open) {
  const { me } = state;
  find("person").replaceChildren(
    avatar(nameOf(me), me.id),
    make("span", { class: "person-about" }, make("strong", {}, make("bdi", {}, nameOf(me))), make("small", {}, me.language_code ? t("language", { code: me.language_code }) : t("noLanguage"))),
    icon("swap"),
  );
  find("person").setAttribute("aria-label", `${t("youAre", { name: nameOf(me) })}. ${t("changePerson")}`);
  const rows = [...state.chats.values()].sort((a, b) => rank(a) - rank(b)).map((chat) => row(chat, open));
  const focused = document.activeElement?.closest("#chats li")?.getAttribute("data-chat");
  find("chats").replaceChildren(...rows);
  if (focused) find("chats").querySelector(`[data-chat="${focused}"] button`)?.focus();
}

const ORDER = ["private", "supergroup", "group", "channel"];
/** @param {import("./store.js").Chat} chat */
const rank = (chat) => ORDER.indexOf(chat.type);

/** @param {import("./store.js").Chat} chat @param {(chat: number) => void} open */
function row(chat, open) {
  const shown = [...(state.messages.get(chat.id)?.values() ?? [])].at(-1)?.message;
  const unread = state.unread.get(chat.id) ?? 0;
  const last = shown ? `${isMine(shown) && !isService(shown) ? `${t("you")}: ` : ""}${summary(shown)}` : t("nothingYet");
  return make(
    "li",
    { "data-chat": chat.id },
    make(
      "button",
      { type: "button", class: "row", "aria-current": chat.id === state.chat ? "true" : undefined, onclick: () => open(chat.id) },
      chatAvatar(chat),
      make(
        "span",
        { class: "row-about" },
        make("span", { class: "row-line" }, make("strong", { dir: "auto" }, titleOf(chat)), make("small", {}, shown ? clockTime(shown.date) : "")),
        make("span", { class: "row-line" }, make("span", { class: "row-last", dir: "auto" }, last.slice(0, 90)), unread > 0 && make("span", { class: "badge" }, String(unread))),
      ),
    ),
  );
}

/** @param {import("./store.js").Chat} chat */
export function chatAvatar(chat) {
  const symbol = chat.type === "private" ? "bot" : chat.type === "channel" ? "channel" : "group";
  const tint = chat.type === "private" ? 2 : chat.type === "channel" ? 4 : 3;
  return avatar(titleOf(chat), tint, symbol);
}
