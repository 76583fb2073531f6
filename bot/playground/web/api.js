/** Talking to the playground's server. */

import { toast } from "./dom.js";
import { t } from "./texts.js";

/** @param {string} path @returns {Promise<any>} */
export async function read(path) {
  const response = await fetch(path, { cache: "no-store" });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
}

/** Do something as someone; null if it could not be done, which the reader is told. @param {string} name @param {Record<string, any>} wish @returns {Promise<any>} */
export async function act(name, wish) {
  try {
    const response = await fetch(`/api/acts/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(wish),
    });
    const answer = await response.json();
    if (answer.ok) return answer.result;
    toast(t("failed", { error: answer.error }));
  } catch {
    toast(t("offline"));
  }
  return null;
}

/**
 * The stream of events for a person from a mark on. EventSource comes back by itself and tells where it was.
 * @param {number} person @param {string} mark
 * @param {{event: (event: any) => void, anew: () => void, online: (yes: boolean) => void}} hooks @returns {() => void}
 */
export function follow(person, mark, hooks) {
  const source = new EventSource(`/api/events?as=${person}&after=${encodeURIComponent(mark)}`);
  source.onmessage = (message) => hooks.event(JSON.parse(message.data));
  source.addEventListener("anew", () => hooks.anew());
  source.onopen = () => hooks.online(true);
  source.onerror = () => hooks.online(false);
  return () => source.close();
}
