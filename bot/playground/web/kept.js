/** What a tab keeps over a reload: which chat and topic are open, and what is being written. */

const PLACE = "place";
const DRAFTS = "drafts";

/** @param {string} key @returns {any} */
const kept = (key) => JSON.parse(sessionStorage.getItem(key) ?? "{}");

/** @param {number} chat @param {number} topic */
export const keepPlace = (chat, topic) => sessionStorage.setItem(PLACE, JSON.stringify({ chat, topic }));

/** @returns {{chat: number, topic: number}} */
export const placeOf = () => ({ chat: 0, topic: 0, ...kept(PLACE) });

/** @param {number} person @param {number} chat @param {string} text */
export function keepDraft(person, chat, text) {
  const { [`${person}/${chat}`]: _, ...others } = kept(DRAFTS);
  sessionStorage.setItem(DRAFTS, JSON.stringify(text ? { ...others, [`${person}/${chat}`]: text } : others));
}

/** @param {number} person @param {number} chat @returns {string} */
export const draftOf = (person, chat) => kept(DRAFTS)[`${person}/${chat}`] ?? "";
