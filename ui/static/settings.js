// Owns: the page of settings. What is changed is sent at once; the server says what there is.

import {
  $, $$, announce, createElement, language, pageState, rememberLanguage, requestHtml, requestJson, showError,
  showFailure, showNotice, t, workspaceAddress,
} from "./shared.js";
import { currentView } from "./views.js";

const ADDRESS = "/i/settings";
// Milliseconds: between two looks at a fetch, before a text that is being written is sent, that "Saved" stays.
const LOOK_AFTER = 700;
const WRITTEN_AFTER = 800;
const SAVED_FOR = 2000;

let column;
let shownWorkspace = "";

/** Fill the page each time that it is opened. */
export function setUpSettings(place) {
  column = place;
  column.addEventListener("f-view", () => showFailure(load));
  column.addEventListener("change", onChange);
  column.addEventListener("input", onInput);
  column.addEventListener("click", onClick);
  column.addEventListener("submit", (event) => {
    const send = { "f-server": saveServer, "f-server-edit": changeServer }[event.target.id || event.target.className];
    if (!send) return;
    event.preventDefault();
    send(event.target);
  });
  column.addEventListener("keydown", (event) => {
    const form = event.key === "Escape" && event.target.closest(".f-server-edit");
    if (!form) return;
    event.preventDefault();
    showEdit(form, false);
  });
  column.addEventListener("scroll", markPart, { passive: true });
  // A text that was just written is not lost with the page.
  addEventListener("pagehide", sendWritten);
  if (currentView() === "settings") showFailure(load);
}

/** Say below the question that questions without an answer are listed, where that is so. */
export function showListed({ listed, workspace }) {
  const question = $("#question");
  let note = $("#f-listed");
  if (!note && listed && question) {
    note = createElement("p", { id: "f-listed" });
    question.after(note);
  }
  if (note) note.textContent = listed ? t("list told") : "";
  if (column && currentView() === "settings" && workspace !== shownWorkspace) showFailure(load);
}

async function load() {
  shownWorkspace = pageState().workspace;
  const html = await requestHtml(`${ADDRESS}/view?workspace=${encodeURIComponent(shownWorkspace)}`);
  column.innerHTML = html;
  const appearance = localStorage.getItem("footnote-appearance") || "system";
  for (const choice of $$("#appearance input", column)) choice.checked = choice.value === appearance;
  followFetches();
  markPart();
}

/** Mark in the navigation of the page the part that is being read: the last one whose heading has been reached. */
function markPart() {
  const reached = column.getBoundingClientRect().top + column.clientHeight / 3;
  const isAtEnd = column.scrollTop + column.clientHeight >= column.scrollHeight - 2;
  const buttons = $$(".f-settings-nav button", column);
  const tops = buttons.map((button) => document.getElementById(button.dataset.part).getBoundingClientRect().top);
  const current = isAtEnd ? buttons.length - 1 : Math.max(0, tops.filter((top) => top < reached).length - 1);
  buttons.forEach((button, at) => {
    if (at === current) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  });
}

/** Show a part anew; the keyboard stays where it was, as far as that is still there. */
async function reload(part) {
  const focused = document.activeElement?.id;
  const html = await requestHtml(`${ADDRESS}/view?workspace=${encodeURIComponent(shownWorkspace)}`);
  const fresh = $(`#${part}`, new DOMParser().parseFromString(html, "text/html"));
  const old = $(`#${part}`, column);
  if (!fresh || !old) return;
  old.replaceWith(document.adoptNode(fresh));
  if (focused && document.activeElement === document.body) (document.getElementById(focused) || fresh).focus();
  followFetches();
}

// -- what is chosen -----------------------------------------------------------------------------------------------------

function valueOf(field) {
  if (field.type === "checkbox") return field.checked;
  return field.type === "range" ? Number(field.value) : field.value;
}

function onChange({ target }) {
  if (target.dataset.preference) save(target);
  else if (target.id === "f-list") switchList(target);
  else if (target.closest("#appearance")) {
    localStorage.setItem("footnote-appearance", target.value);
    window.footnoteAppearance();
    showSaved(target);
  } else if (target.closest("#language")) {
    rememberLanguage(target.value);
    location.assign((target.value === "en" ? "/" : `/${target.value}/`) + location.hash);
  } else if (target.id === "f-server-kind") {
    const isOllama = target.value === "ollama";
    $("#f-server-address").placeholder = isOllama ? "http://127.0.0.1:11434" : "http://127.0.0.1:8080/v1";
  }
}

let writing;
let written;

function onInput({ target }) {
  if (target.type === "range") target.nextElementSibling.textContent = target.value;
  if (target.id !== "f-instructions") return;
  $(".f-count span", column).textContent = target.value.length;
  written = target;
  clearTimeout(writing);
  writing = setTimeout(sendWritten, WRITTEN_AFTER);
}

function sendWritten() {
  clearTimeout(writing);
  if (written) save(written);
}

async function save(field) {
  if (field === written) {
    clearTimeout(writing);
    written = undefined;
  }
  const name = field.dataset.preference;
  try {
    const body = JSON.stringify({ [name]: valueOf(field) });
    const headers = { "Content-Type": "application/json", "Footnote-Language": language() };
    // Sent although the page is being left.
    const response = await fetch(`${ADDRESS}/preferences`, { method: "PUT", headers, body, keepalive: true });
    if (!response.ok) throw new Error((await response.json()).error || t("went wrong"));
    showSaved(field);
    if (name === "model" || name === "checker") await showLeaving();
  } catch (error) {
    showError(error);
  }
}

/** Where questions go depends on the model. */
async function showLeaving() {
  const html = await requestHtml(`${ADDRESS}/view?workspace=${encodeURIComponent(shownWorkspace)}`);
  const fresh = $(".f-leaves", new DOMParser().parseFromString(html, "text/html"));
  for (const place of $$(".f-leaves", column)) place.textContent = fresh?.textContent || "";
}

let savedTimer;

function showSaved(field) {
  const place = $(".f-saved", field.closest("section"));
  for (const other of $$(".f-saved", column)) other.textContent = "";
  place.textContent = t("saved");
  clearTimeout(savedTimer);
  savedTimer = setTimeout(() => (place.textContent = ""), SAVED_FOR);
}

// -- buttons ------------------------------------------------------------------------------------------------------------

function onClick({ target }) {
  const button = target.closest("button");
  if (!button) return;
  if (button.dataset.part) goToPart(button.dataset.part);
  else if (button.matches(".f-fetch")) changeFetch(button, "POST");
  else if (button.matches(".f-stop")) changeFetch(button, "DELETE");
  else if (button.matches(".f-try")) tryServer(button, { id: button.value }, $(".f-result", button.closest(".f-model")));
  else if (button.matches(".f-server-open")) showEdit($(".f-server-edit", button.closest(".f-model")), true);
  else if (button.matches(".f-server-close")) showEdit(button.form, false);
  else if (button.matches(".f-forget")) removeServer(button.value);
  else if (button.id === "f-server-try") tryDescribed(button);
  else if (button.id === "f-server-list") listModels(button.form);
  else if (button.id === "f-list-empty") emptyList();
}

function goToPart(id) {
  const part = document.getElementById(id);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  part.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
  part.focus({ preventScroll: true });
}

// -- fetching models ----------------------------------------------------------------------------------------------------

async function changeFetch(button, method) {
  const row = button.closest("li");
  button.disabled = true;
  try {
    showFetch(row, await requestJson(`${ADDRESS}/fetches`, method, { name: button.value }));
    $(method === "POST" ? ".f-stop" : ".f-fetch", row).focus();
    followFetches();
  } catch (error) {
    showResult($(".f-result", row), error.message, true);
  } finally {
    button.disabled = false;
  }
}

const isRunning = (fetched) => ["running", "stopping"].includes(fetched.state);
const megabytes = (bytes) => Math.round(bytes / 1e6).toLocaleString(language());

function showFetch(row, fetched) {
  const running = isRunning(fetched);
  row.toggleAttribute("data-running", running);
  $(".f-fetch", row).hidden = running;
  $(".f-stop", row).hidden = !running;
  const bar = $("progress", row);
  bar.hidden = !running && !fetched.done;
  bar.value = fetched.total ? (100 * fetched.done) / fetched.total : 0;
  const progress = t("fetch progress", { done: megabytes(fetched.done), total: megabytes(fetched.total) });
  const words = fetched.problem || (fetched.state === "stopping" ? t("fetch stopping") : progress);
  showResult($(".f-result", row), words, Boolean(fetched.problem));
}

let following;

/** Show how far the fetches are that run, until none does; a model that is here is then one to choose. */
function followFetches() {
  clearTimeout(following);
  if (!$("[data-running]", column)) return;
  following = setTimeout(async () => {
    if (currentView() !== "settings") return;
    try {
      const { fetches } = await requestJson(`${ADDRESS}/fetches`);
      let ended;
      for (const fetched of fetches) {
        const row = $(`[data-fetch="${fetched.name}"]`, column);
        if (!row?.hasAttribute("data-running")) continue;
        showFetch(row, fetched);
        if (!isRunning(fetched)) ended = fetched;
      }
      if (ended) {
        await reload("f-part-model");
        if (ended.state === "done") showNotice(t("fetch done", { name: ended.name }));
        else announce(ended.problem);
      }
    } catch {
      // The next look may succeed.
    }
    followFetches();
  }, LOOK_AFTER);
}

// -- servers ------------------------------------------------------------------------------------------------------------

function described(form) {
  const fields = Object.fromEntries(new FormData(form));
  return { ...fields, private: Boolean(form.elements.private?.checked) };
}

function showResult(place, words, isBad = false, reply = "") {
  place.replaceChildren(words, ...(reply ? [" ", createElement("q", { textContent: reply })] : []));
  place.classList.toggle("f-bad", isBad);
}

/** Whether a form has an address; without one, that is said beside its field. */
function hasAddress(form) {
  const { address } = form.elements;
  const missing = !address.value.trim();
  $("#f-server-address-problem").textContent = missing ? t("server address missing") : "";
  address.setAttribute("aria-invalid", String(missing));
  if (missing) address.focus();
  return !missing;
}

async function listModels(form) {
  if (!hasAddress(form)) return;
  const place = $("#f-server-model-problem");
  showResult(place, t("trying"));
  try {
    const { models } = await requestJson(`${ADDRESS}/servers/models`, "POST", described(form));
    $("#f-server-models").replaceChildren(...models.map((name) => createElement("option", { value: name })));
    const field = form.elements.model;
    if (!field.value && models.length) field.value = models[0];
    showResult(place, models.length ? t("server models found", { count: models.length }) : t("server without models"));
    field.focus();
  } catch (error) {
    showResult(place, error.message, true);
  }
}

function tryDescribed(button) {
  const { form } = button;
  if (hasAddress(form)) tryServer(button, described(form), $(".f-result", form));
}

async function tryServer(button, server, place) {
  button.disabled = true;
  showResult(place, t("trying"));
  try {
    const { message, reply } = await requestJson(`${ADDRESS}/servers/try`, "POST", server);
    showResult(place, message, false, reply);
  } catch (error) {
    showResult(place, error.message, true);
  } finally {
    button.disabled = false;
  }
}

async function saveServer(form) {
  if (!hasAddress(form)) return;
  const place = $(".f-result", form);
  try {
    const { id } = await requestJson(`${ADDRESS}/servers`, "POST", described(form));
    await reload("f-part-model");
    const chosen = $(`input[value="server:${id}"]`, column);
    chosen?.focus();
    if (chosen) showSaved(chosen);
  } catch (error) {
    showResult(place, error.message, true);
  }
}

/** Open or close what can be changed of a server; closed, it is again as it was. */
function showEdit(form, isOpen) {
  const button = $(".f-server-open", form.closest(".f-model"));
  form.hidden = !isOpen;
  button.setAttribute("aria-expanded", String(isOpen));
  if (isOpen) {
    form.elements.name.select();
    return;
  }
  form.reset();
  button.focus();
}

async function changeServer(form) {
  const id = form.dataset.server;
  const place = $(".f-result", form.closest(".f-model"));
  try {
    const { message } = await requestJson(`${ADDRESS}/servers`, "PATCH", { id, ...Object.fromEntries(new FormData(form)) });
    await reload("f-part-model");
    $(`.f-server-open[value="${id}"]`, column)?.focus();
    const heading = $("#f-part-model .f-saved", column);
    if (heading) heading.textContent = message;
  } catch (error) {
    showResult(place, error.message, true);
  }
}

function removeServer(id) {
  showFailure(async () => {
    const { message } = await requestJson(`${ADDRESS}/servers`, "DELETE", { id });
    await reload("f-part-model");
    $("input[name=model]:checked", column)?.focus();
    offerUndo(message, `${ADDRESS}/servers/restore`, { id }, "f-part-model");
  });
}

/** Say what was done, with a button that takes it back. */
function offerUndo(message, address, body, part) {
  const undo = createElement("button", { type: "button", textContent: t("undo") });
  undo.addEventListener("click", () => {
    showFailure(async () => {
      await requestJson(address, "POST", body);
      await reload(part);
      showNotice(t("restored"));
    });
  });
  showNotice(message, false, undo);
}

// -- questions without an answer ----------------------------------------------------------------------------------------

const listAddress = () => `${workspaceAddress(shownWorkspace)}/unanswered`;

async function switchList(field) {
  try {
    await requestJson(listAddress(), "PUT", { on: field.checked });
    await reload("f-part-unanswered");
    const again = $("#f-list");
    again?.focus();
    if (again) showSaved(again);
  } catch (error) {
    field.checked = !field.checked;
    showError(error);
  }
}

function emptyList() {
  showFailure(async () => {
    const { message } = await requestJson(listAddress(), "DELETE");
    await reload("f-part-unanswered");
    $("#f-list")?.focus();
    offerUndo(message, `${listAddress()}/restore`, {}, "f-part-unanswered");
  });
}
