// What the parts of the page's script share: where the page stands, words, requests, and words to Gradio's events.

export const $ = (selector, within = document) => within.querySelector(selector);
export const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

/** Where the page stands, as the server said it last. */
export function standing() {
  const title = $("#beacon i")?.getAttribute("title");
  return title ? JSON.parse(title) : { shelf: "", conversation: "", turn: "", sources: [], shelves: [], busy: false };
}

export const language = () => (location.pathname.startsWith("/de") ? "de" : "en");

let words = {};
export const say = (thing, values = {}) =>
  (words[thing] || thing).replace(/\{(\w+)\}/g, (mark, name) => (name in values ? values[name] : mark));
export async function learnWords() {
  words = await (await fetch(`/page/words-${language()}.json`)).json();
}

/** Hand a word to one of Gradio's hidden boxes, whose events the server listens to. */
export function tell(box, message) {
  const field = $(`#${box} textarea, #${box} input`);
  field.value = JSON.stringify({ ...message, at: Date.now() });
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** A request to one of the checked routes. Rejects with the server's own sentence. */
export async function ask(address, options = {}) {
  let answer;
  try {
    answer = await fetch(address, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error(say("went wrong"));
  }
  if (answer.status === 401) location.assign("/sign-in");
  if (!answer.ok) {
    let sentence = "";
    try {
      sentence = (await answer.json()).error;
    } catch {
      // No JSON: the guard speaks plain text.
    }
    throw new Error(sentence || say("went wrong"));
  }
  return answer;
}

export const askJson = async (address, method, body) =>
  (
    await ask(address, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  ).json();

/** An element with properties and children; text is never read as HTML. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

let leaving;
/** A short word at the bottom of the page, read out, too. */
export function notice(text, wrong = false) {
  const box = $("#f-notice") || document.body.appendChild(element("div", { id: "f-notice", role: "status" }));
  box.textContent = text;
  box.className = wrong ? "f-shown f-bad" : "f-shown";
  clearTimeout(leaving);
  leaving = setTimeout(() => (box.className = ""), wrong ? 8000 : 3000);
}

/** Calls `action` once `selector` is on the page. */
export function whenThere(selector, action) {
  const found = $(selector);
  if (found) return action(found);
  const watch = new MutationObserver(() => {
    const now = $(selector);
    if (now) {
      watch.disconnect();
      action(now);
    }
  });
  watch.observe(document.documentElement, { childList: true, subtree: true });
}
