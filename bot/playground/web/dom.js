/** Making elements. Text is only ever set as text: nothing from a message is read as HTML. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element with properties and children. `class`, `role`, `aria-*`, `data-*`, `for` and the like are attributes, `on*` listeners, the rest properties.
 * @param {string} name @param {Record<string, any>} [about] @param {...(Node | string | null | undefined | false)} children @returns {any}
 */
export function make(name, about = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(about)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key in node && !key.includes("-") && key !== "role" && key !== "list") node[key] = value;
    else node.setAttribute(key === "class" ? "class" : key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** An SVG element. @param {string} name @param {Record<string, any>} about @param {...(Node | string)} children */
export function draw(name, about, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(about)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** One of the icons of icons.svg, which says nothing to screen readers. @param {string} name */
export function icon(name) {
  return draw("svg", { class: "icon", "aria-hidden": "true" }, draw("use", { href: `/web/icons.svg#${name}` }));
}

/** The element with this id. @param {string} id @returns {any} */
export const find = (id) => document.getElementById(id);

/** A round picture with the first letters of a name, in a colour of its own. @param {string} name @param {number} id @param {string} [symbol] */
export function avatar(name, id, symbol) {
  const letters = [...name.matchAll(/(?:^|[\s·])(\p{L})/gu)].map((match) => match[1]).slice(0, 2).join("").toUpperCase();
  const node = make("span", { class: `avatar tint-${Math.abs(id) % 6}`, "aria-hidden": "true" });
  node.append(symbol ? icon(symbol) : letters || "?");
  return node;
}

let toastTimer = 0;

/** Words that appear over the chat and go by themselves. @param {string} text */
export function toast(text) {
  const node = find("toast");
  node.textContent = text;
  node.classList.add("shown");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => node.classList.remove("shown"), 4000);
}
