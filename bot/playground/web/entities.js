/** Text with Telegram's entities as elements. Offsets count UTF-16 units, as JavaScript's strings do. */

import { make } from "./dom.js";

/**
 * @typedef {{type: string, offset: number, length: number, url?: string, language?: string, user?: any}} Entity
 * @typedef {{command: (text: string) => void, link: (url: string, hidden: boolean) => void, mention: (name: string) => void}} Hooks
 */

const PLAIN = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote", expandable_blockquote: "blockquote" };

/** @param {string} text @param {Entity[]} entities @param {Hooks} hooks @returns {DocumentFragment} */
export function formatted(text, entities, hooks) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const root = document.createDocumentFragment();
  fill(root, text, sorted, 0, text.length, hooks);
  return root;
}

/** Write text from `start` to `end` into a node; entities inside one another nest. @param {Node} into @param {string} text @param {Entity[]} entities @param {number} start @param {number} end @param {Hooks} hooks */
function fill(into, text, entities, start, end, hooks) {
  let at = start;
  for (let index = 0; index < entities.length; ) {
    const entity = entities[index];
    const stop = Math.min(entity.offset + entity.length, end);
    if (entity.offset < at || stop <= entity.offset) {
      index += 1;
      continue;
    }
    if (entity.offset > at) into.appendChild(document.createTextNode(text.slice(at, entity.offset)));
    const inner = entities.slice(index + 1).filter((other) => other.offset < stop);
    const node = element(entity, text.slice(entity.offset, stop), hooks);
    fill(node, text, inner, entity.offset, stop, hooks);
    into.appendChild(node);
    at = stop;
    index += 1 + inner.length;
  }
  if (at < end) into.appendChild(document.createTextNode(text.slice(at, end)));
}

/** @param {Entity} entity @param {string} text @param {Hooks} hooks @returns {HTMLElement} */
function element(entity, text, hooks) {
  switch (entity.type) {
    case "text_link":
      return anchor(entity.url ?? "", entity.url !== text, hooks);
    case "url":
      return anchor(/^[a-z]+:/i.test(text) ? text : `https://${text}`, false, hooks);
    case "bot_command":
      return make("button", { type: "button", class: "word", onclick: () => hooks.command(text) });
    case "mention":
      return make("button", { type: "button", class: "word", onclick: () => hooks.mention(text) });
    case "spoiler":
      return spoiler();
    case "hashtag":
    case "cashtag":
    case "email":
    case "phone_number":
    case "text_mention":
      return make("span", { class: "word" });
    default:
      return make(PLAIN[entity.type] ?? "span");
  }
}

/** @param {string} url @param {boolean} hidden @param {Hooks} hooks */
function anchor(url, hidden, hooks) {
  const safe = /^(https?|tg|mailto):/i.test(url);
  return make("a", {
    href: safe ? url : "#",
    rel: "noopener noreferrer",
    title: hidden ? url : undefined,
    onclick: (event) => {
      event.preventDefault();
      if (safe) hooks.link(url, hidden);
    },
  });
}

function spoiler() {
  const node = make("span", { class: "spoiler", role: "button", tabIndex: 0, "aria-expanded": "false" });
  const open = () => {
    node.classList.add("open");
    node.setAttribute("aria-expanded", "true");
  };
  node.addEventListener("click", open);
  node.addEventListener("keydown", (event) => event.key === "Enter" && open());
  return node;
}
