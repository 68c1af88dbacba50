// Owns: what the other scripts share: the state of the page, its texts, requests to the server, and making elements.

export const $ = (selector, within = document) => within.querySelector(selector);
export const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

/** The state of this tab, as the server sent it last. */
export function pageState() {
  const json = $("#page-state i")?.getAttribute("title");
  return json ? JSON.parse(json) : { workspace: "", conversation: "", turn: "", only: [], workspaces: [], busy: false };
}

/** The address that those of everything in a workspace begin with. */
export const workspaceAddress = (id) => `/i/${encodeURIComponent(id).replace("%3A", ":")}`;

/** The address of a turn by its name in the page, `workspace/id`. */
export function turnAddress(name) {
  const [workspace, id] = name.split("/");
  return `${workspaceAddress(workspace)}/turns/${encodeURIComponent(id)}`;
}

// -- texts ------------------------------------------------------------------------------------------------------------

export const language = () => (location.pathname.startsWith("/de") ? "de" : "en");

/** Remember the language for the requests of this browser: the server answers them in it. */
export function rememberLanguage(code) {
  document.cookie = `language=${code}; path=/; max-age=31536000; samesite=strict`;
}

let texts = {};

export async function loadTexts() {
  texts = await (await fetch(`/page/words-${language()}.json`)).json();
}

/** The text of a key in the language of the page, its placeholders filled. */
export const t = (key, values = {}) =>
  (texts[key] || key).replace(/\{(\w+)\}/g, (placeholder, name) => (name in values ? values[name] : placeholder));

/** A number as it is written in the language of the page: 1,234 or 1.234. */
export const inDigits = (number) => number.toLocaleString(language());

// -- the server -------------------------------------------------------------------------------------------------------

/** Write a message into one of Gradio's hidden boxes, whose changes the server listens to. */
export function sendToBox(box, message) {
  const field = $(`#${box} textarea, #${box} input`);
  // The time makes two equal messages a change.
  field.value = JSON.stringify({ ...message, at: Date.now() });
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

export const sendCommand = (message) => sendToBox("command", message);

/** Request one of the checked routes. Rejects with the server's own sentence. */
export async function request(address, options = {}) {
  let response;
  try {
    const headers = { "Footnote-Language": language(), ...options.headers };
    response = await fetch(address, { credentials: "same-origin", ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error(t("went wrong"));
  }
  if (response.status === 401) location.assign("/sign-in");
  if (!response.ok) {
    let sentence = "";
    try {
      sentence = (await response.json()).error;
    } catch {
      // No JSON: what the server did not mean to say.
    }
    throw new Error(sentence || t("went wrong"));
  }
  return response;
}

export const requestHtml = async (address, options = {}) => (await request(address, options)).text();

export async function requestJson(address, method = "GET", body = undefined) {
  const hasBody = body !== undefined;
  const response = await request(address, {
    method,
    headers: hasBody ? { "Content-Type": "application/json" } : {},
    body: hasBody ? JSON.stringify(body) : undefined,
  });
  return response.json();
}

// -- elements ---------------------------------------------------------------------------------------------------------

/** Make an element with properties and children; text is never read as HTML. */
export function createElement(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in element) element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** Make a button that is shown as a sign and read out as a label. */
export function createSignButton(sign, label, properties = {}) {
  const button = createElement("button", { type: "button", textContent: sign, title: label, ...properties });
  button.setAttribute("aria-label", label);
  return button;
}

let noticeTimer;

/** Show a short sentence at the bottom of the page, with a button for what can be done; screen readers read it out. */
export function showNotice(text, isError = false, button = undefined) {
  const box = $("#f-notice") || createElement("div", { id: "f-notice", role: "status" });
  // A dialog lies over everything that is not in it.
  const host = $("#f-dialog") || document.body;
  if (box.parentElement !== host) host.append(box);
  box.replaceChildren(text, ...(button ? [button] : []));
  box.className = isError ? "f-shown f-bad" : "f-shown";
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(hideNotice, isError ? 8000 : button ? 12000 : 3000);
}

/** Hide a sentence that only says what was done; one with a button stays for its time. */
export function hideSaid() {
  if (!$("#f-notice button")) hideNotice();
}

export function hideNotice() {
  const box = $("#f-notice");
  if (box) box.className = "";
}

export const showError = (error) => showNotice(error.message, true);

/** Run an action; when it fails, show the server's sentence. */
export async function showFailure(action) {
  try {
    await action();
  } catch (error) {
    showError(error);
  }
}

/** Have a screen reader say what changed by itself. */
export function announce(text) {
  let region = $("#f-announce");
  if (!region) {
    region = createElement("div", { id: "f-announce" });
    region.setAttribute("aria-live", "polite");
    document.body.append(region);
  }
  region.textContent = text;
}

/** Call `action` with the first element that matches, once there is one. */
export function whenPresent(selector, action) {
  const element = $(selector);
  if (element) return action(element);
  const observer = new MutationObserver(() => {
    const added = $(selector);
    if (added) {
      observer.disconnect();
      action(added);
    }
  });
  observer.observe(document.documentElement, { childList: true, subtree: true });
}
