/** Windows over the chat: alerts, choices, forms. Each is a native modal dialog, which keeps the focus and gives it back. */

import { act } from "./api.js";
import { avatar, icon, make, toast } from "./dom.js";
import { chatAvatar } from "./chats.js";
import { administers, hasBot, nameOf, now, readUntold, state, titleOf } from "./store.js";
import { language, t } from "./texts.js";

/** Places to be: cities far apart, so that "nearest" has something to say. */
const PLACES = [
  ["kyiv", 50.4501, 30.5234],
  ["dnipro", 48.4647, 35.0462],
  ["paris", 48.8566, 2.3522],
  ["nairobi", -1.2864, 36.8172],
  ["seoul", 37.5665, 126.978],
  ["bogota", 4.711, -74.0721],
];

/** Open a window. @param {string} title @param {...any} children @returns {any} */
export function openDialog(title, ...children) {
  const heading = make("h2", {}, title);
  const close = make("button", { type: "button", class: "round", "aria-label": t("close"), onclick: () => dialog.close() }, icon("close"));
  const dialog = make("dialog", { "aria-label": title }, make("div", { class: "dialog-head" }, heading, close), make("div", { class: "dialog-body" }, ...children));
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** What a bot says over the chat. @param {string} text */
export function showAlert(text) {
  const ok = make("button", { type: "button", class: "filled", autofocus: true, onclick: () => dialog.close() }, "OK");
  const dialog = make("dialog", { class: "alert", role: "alertdialog", "aria-label": state.bot.first_name }, make("p", { dir: "auto" }, text), ok);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  ok.focus();
}

/** Ask before the browser goes to the Internet. @param {string} url */
export function askLink(url) {
  const go = () => {
    window.open(url, "_blank", "noopener,noreferrer");
    dialog.close();
  };
  const dialog = openDialog(
    t("openLink"),
    make("p", { class: "address", dir: "ltr" }, url),
    make("p", { class: "note" }, t("openLinkNote")),
    make("div", { class: "actions" }, make("button", { type: "button", class: "flat", onclick: () => dialog.close() }, t("cancel")), make("button", { type: "button", class: "filled", onclick: go }, t("open"))),
  );
}

/** Choose one of the chats. @param {(chat: import("./store.js").Chat) => void} chosen @param {(chat: import("./store.js").Chat) => boolean} [fits] */
export function chooseChat(chosen, fits = () => true) {
  const rows = [...state.chats.values()].filter(fits).map((chat) => {
    const pick = () => {
      dialog.close();
      chosen(chat);
    };
    return make("li", {}, make("button", { type: "button", class: "row", onclick: pick }, chatAvatar(chat), make("strong", { dir: "auto" }, titleOf(chat))));
  });
  const dialog = openDialog(t("chooseChat"), make("ul", { class: "choices" }, ...rows));
}

/** Choose a place to be at. @param {(latitude: number, longitude: number) => void} chosen */
export function chooseLocation(chosen) {
  const pick = (latitude, longitude) => {
    dialog.close();
    chosen(latitude, longitude);
  };
  const rows = PLACES.map(([name, latitude, longitude]) =>
    make("li", {}, make("button", { type: "button", class: "row", onclick: () => pick(latitude, longitude) }, make("span", { class: "avatar tint-1" }, icon("pin")), make("strong", {}, t(name)))),
  );
  const latitude = make("input", { type: "number", min: -90, max: 90, step: "any", required: true, id: "latitude", value: "50.45" });
  const longitude = make("input", { type: "number", min: -180, max: 180, step: "any", required: true, id: "longitude", value: "30.52" });
  const submit = (event) => {
    event.preventDefault();
    pick(Number(latitude.value), Number(longitude.value));
  };
  const form = make(
    "form",
    { onsubmit: submit, class: "pair" },
    make("label", { for: "latitude" }, t("latitude"), latitude),
    make("label", { for: "longitude" }, t("longitude"), longitude),
    make("button", { class: "filled" }, t("sendLocation")),
  );
  const dialog = openDialog(t("myLocation"), make("p", { class: "note" }, t("locationNote")), make("ul", { class: "choices two" }, ...rows), form);
}

/** What to send besides words. @param {() => void} location @param {(name: string, content: string) => void} file */
export function chooseAttachment(location, file) {
  const input = make("input", { type: "file", hidden: true });
  input.addEventListener("change", async () => {
    const [given] = input.files;
    dialog.close();
    if (!given) return;
    if (given.size > 512 * 1024) return toast(t("fileTooBig"));
    file(given.name, await base64(given));
  });
  const place = () => {
    dialog.close();
    location();
  };
  const row = (name, label, onclick, tint) => make("li", {}, make("button", { type: "button", class: "row", onclick }, make("span", { class: `avatar tint-${tint}` }, icon(name)), make("strong", {}, label)));
  const dialog = openDialog(t("attach"), make("ul", { class: "choices" }, row("pin", t("location"), place, 1), row("file", t("file"), () => input.click(), 4)), input);
}

/** @param {Blob} blob @returns {Promise<string>} */
const base64 = (blob) =>
  new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",")[1] ?? "");
    reader.readAsDataURL(blob);
  });

/** Choose whom to be, or come as someone new. @param {(person: number) => void} be */
export function choosePerson(be) {
  const pick = (id) => {
    dialog.close();
    be(id);
  };
  const rows = state.people.map((person) =>
    make(
      "li",
      {},
      make(
        "button",
        { type: "button", class: "row", "aria-current": person.id === state.me.id ? "true" : undefined, onclick: () => pick(person.id) },
        avatar(nameOf(person), person.id),
        make("span", { class: "row-about" }, make("strong", {}, make("bdi", {}, nameOf(person))), make("small", {}, about(person))),
      ),
    ),
  );
  const dialog = openDialog(t("people"), make("p", { class: "note" }, t("peopleNote")), make("ul", { class: "choices" }, ...rows), make("h3", {}, t("newPerson")), personForm(pick));
}

/** @param {any} person */
const about = (person) => [person.username && `@${person.username}`, person.language_code ? t("language", { code: person.language_code }) : t("noLanguage"), person.administers && t("administrator")].filter(Boolean).join(" · ");

/** @param {(person: number) => void} pick */
function personForm(pick) {
  const field = (name, label, more = {}) => make("label", {}, label, make("input", { name, dir: "auto", maxLength: 64, autocomplete: "off", ...more }));
  const submit = async (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target));
    const person = await act("come", given);
    if (person) pick(person.id);
  };
  return make(
    "form",
    { class: "pair", onsubmit: submit },
    field("first_name", t("firstName"), { required: true }),
    field("last_name", t("lastName")),
    field("username", t("username"), { maxLength: 33, dir: "ltr" }),
    field("language_code", t("languageCode"), { maxLength: 35, dir: "ltr", "aria-describedby": "language-hint" }),
    make("p", { class: "note wide", id: "language-hint" }, t("languageHint")),
    make("button", { class: "filled" }, t("be")),
  );
}

/** What can be changed about a chat: membership, administrators, blocking. @param {import("./store.js").Chat} chat */
export function chatSettings(chat) {
  const me = state.me.id;
  const button = (label, name, wish) =>
    make("button", { type: "button", class: "flat wide", onclick: () => act(name, { as: me, chat: chat.id, ...wish }).then(() => dialog.close()) }, label);
  const choices = [];
  if (chat.type === "private") {
    choices.push(button(t(chat.blocked ? "unblock" : "block"), "block", { blocked: !chat.blocked }));
  } else {
    if (chat.members[me] !== "creator") choices.push(button(t(administers(chat) ? "noAdmin" : "beAdmin"), "promote", { administrator: !administers(chat) }));
    const present = hasBot(chat);
    if (chat.bot_status !== "administrator") choices.push(button(t("botAdmin"), "place_bot", { status: "administrator" }));
    if (chat.bot_status !== "member") choices.push(button(t(present ? "botMember" : "botBack"), "place_bot", { status: "member" }));
    if (present) choices.push(button(t("botKick"), "place_bot", { status: "kicked" }));
    if (chat.type === "group" && administers(chat)) choices.push(button(t("upgrade"), "upgrade", {}));
  }
  const dialog = openDialog(titleOf(chat), make("div", { class: "stack" }, ...choices));
}

/** The knobs of the playground itself. @param {{theme: () => string, setTheme: (theme: string) => void}} look */
export function openPanel(look) {
  const dialog = openDialog(t("panel"), make("p", { class: "note" }, t("notice")), themeKnob(look), clockKnob(), moodKnob());
  return dialog;
}

/** @param {{theme: () => string, setTheme: (theme: string) => void}} look */
function themeKnob(look) {
  const radios = ["auto", "light", "dark"].map((name) =>
    make("label", { class: "chip" }, make("input", { type: "radio", name: "theme", value: name, checked: look.theme() === name, onchange: () => look.setTheme(name) }), make("span", {}, t(name))),
  );
  return make("fieldset", {}, make("legend", {}, t("theme")), make("div", { class: "chips" }, ...radios));
}

function clockKnob() {
  const shown = make("p", { role: "status" });
  const draw = () => (shown.textContent = t("clockNow", { time: now().toLocaleString(language(), { dateStyle: "full", timeStyle: "short" }) }));
  const move = async (offset) => {
    const clock = await act("clock", { as: state.me.id, offset });
    if (clock) state.offset = clock.offset;
    draw();
  };
  draw();
  const button = (label, offset) => make("button", { type: "button", class: "chip", onclick: () => move(offset()) }, label);
  const ahead = (seconds) => () => state.offset + seconds;
  return make(
    "fieldset",
    {},
    make("legend", {}, t("clock")),
    shown,
    make("div", { class: "chips" }, button(t("hour"), ahead(3600)), button(t("day"), ahead(86_400)), button(t("week"), ahead(604_800)), button(t("clockBack"), () => 0)),
  );
}

const MOODS = ["flood", "forbidden", "server", "slow", "cut", "cut_late", "unreachable"];

function moodKnob() {
  const mood = make("select", { id: "mood" }, ...MOODS.map((name) => make("option", { value: name }, t(name))));
  const times = make("input", { type: "number", id: "times", min: 1, max: 20, value: "1", required: true });
  const waiting = make("p", { role: "status" });
  const draw = (moods) => (waiting.textContent = t("moodsWaiting", { n: moods }));
  const submit = async (event) => {
    event.preventDefault();
    const found = await act("mood", { as: state.me.id, chat: state.chat, mood: mood.value, times: Number(times.value) });
    if (found) draw(found.moods);
  };
  const calm = async () => {
    const found = await act("calm", { as: state.me.id });
    if (found) draw(found.moods);
  };
  draw(state.moods);
  readUntold().then(() => draw(state.moods));
  return make(
    "fieldset",
    {},
    make("legend", {}, t("moods")),
    make("p", { class: "note" }, t("moodsNote")),
    make(
      "form",
      { class: "pair", onsubmit: submit },
      make("label", { for: "mood" }, t("mood"), mood),
      make("label", { for: "times" }, t("times"), times),
      make("div", { class: "chips wide" }, make("button", { class: "chip" }, t("moodSet")), make("button", { type: "button", class: "chip", onclick: calm }, t("calm"))),
    ),
    waiting,
  );
}
