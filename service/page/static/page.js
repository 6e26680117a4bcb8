// The page is whole without this module. With it, points appear as they are found, a source opens beside its statement
// and an answer can be copied with its sources. The service words and lays out everything but the points on their way.

import { put } from "./copying.js";

const MOST_CHARACTERS = 2000;
const MOST_ANSWERS = 10; // an answer is two turns of the history
const byId = (id) => document.getElementById(id);
const [log, composer, box] = ["conversation", "composer", "question"].map(byId);
const [panel, context] = ["source", "source-context"].map(byId);
const briefings = new WeakMap();
let running = null;
const announce = (sentence) => (byId("status").textContent = sentence);
const chosen = (id) => (byId(id).value ? [byId(id).value] : []);
const kept = () => [...log.querySelectorAll("article[data-reference]")].slice(-MOST_ANSWERS);
const json = async (address) => (await fetched(address)).json();

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

async function ask(question) {
  if (running || !question.trim() || question.length > MOST_CHARACTERS) return;
  const filters = { organisations: chosen("organisation"), kinds: chosen("kind") };
  const body = JSON.stringify({ question, history: turns(), ...filters });
  const article = begin(question);
  running = new AbortController();
  const slow = setTimeout(() => (byId("stop").hidden = false), 1500);
  try {
    const sent = { method: "POST", headers: { "Content-Type": "application/json" }, body, signal: running.signal };
    await follow(article, await fetched("/api/v1/questions/stream", sent));
  } catch (error) {
    fail(article, question, error);
  } finally {
    clearTimeout(slow);
    byId("stop").hidden = true;
    log.setAttribute("aria-busy", "false");
    running = null;
  }
}

async function fetched(address, options) {
  const response = await fetch(address, options);
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new Error(problem.detail ?? "The service could not do this. Try again in a moment.");
}

function begin(question) {
  const article = byId("asked").content.firstElementChild.cloneNode(true);
  article.querySelector("h2").textContent = article.ariaLabel = question;
  log.setAttribute("aria-busy", "true");
  converse(article);
  announce(article.querySelector(".answer__waiting").textContent);
  box.value = "";
  showCount();
  article.scrollIntoView();
  return article;
}

function converse(...articles) {
  log.append(...articles);
  composer.querySelector("label").textContent = "Ask a follow-up question";
  byId("new").hidden = false;
  byId("examples")?.setAttribute("hidden", "");
}

async function follow(article, response) {
  const said = article.querySelector("[data-said]");
  const top = scrollY;
  for await (const { event, data } of events(response.body)) {
    if (event === "point") addPoint(said, data.point, data.citations);
    if (event === "problem") throw new Error(data.detail);
    if (event !== "answer") continue;
    await settle(article, said, data);
    return scrollY === top && article.scrollIntoView();
  }
  throw new Error("The answer broke off before it was complete. Ask again.");
}

async function* events(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const whole = (waiting + part.value).split(/\r?\n\r?\n/);
    waiting = whole.pop();
    for (const block of whole) {
      const field = (name) => block.match(new RegExp(`^${name}: ?(.*)$`, "m"))?.[1];
      if (field("data")) yield { event: field("event"), data: JSON.parse(field("data")) };
    }
  }
}

function addPoint(said, point, citations) {
  said.querySelector(".answer__waiting")?.remove();
  const heading = [...said.querySelectorAll("h3")].pop()?.textContent;
  if (point.heading && point.heading !== heading) said.append(element("h3", "answer__heading", point.heading));
  const [lead, ...items] = point.text.split("\n• ");
  const made = element("div", "point");
  made.append(element("p", "point__text", lead));
  if (items.length) made.append(element("ul", "point__items"));
  for (const item of items) made.lastChild.append(element("li", "", item));
  const end = items.length ? made.lastChild.lastChild : made.lastChild;
  for (const citation of citations.filter(({ marker }) => point.citations.includes(marker))) {
    end.append("\u00a0", marker(citation));
  }
  said.append(made);
}

function marker({ marker, link, source }) {
  const made = element("a", "marker", `[${marker}]`);
  made.href = link;
  made.dataset.marker = marker;
  made.ariaLabel = `[${marker}] ${source.title}`;
  return made;
}

// The finished answer is laid out by the service; a point that is already being read stays where it is.
async function settle(article, said, { answer, briefing }) {
  const laidOut = await layout(answer.reference);
  const words = (node) => node.textContent.replace(/\s+/g, "");
  const finished = laidOut.querySelector("[data-said]");
  if (words(said) !== words(finished)) said.replaceChildren(...finished.childNodes);
  article.querySelector(".answer__columns").append(...laidOut.querySelectorAll(".sources"));
  article.append(laidOut.querySelector(".answer__foot"));
  article.dataset.reference = answer.reference;
  briefings.set(article, briefing);
  remember();
  announce(answer.message ?? "The answer is ready.");
}

async function layout(reference) {
  const text = await (await fetched(`/answers/${reference}`)).text();
  return new DOMParser().parseFromString(text, "text/html").querySelector("article");
}

function fail(article, question, error) {
  const known = { AbortError: "Stopped before the answer was complete.", Error: error.message };
  const sentence = known[error.name] ?? "The service cannot be reached. Check that it is running, then ask again.";
  article.querySelector(".answer__waiting")?.remove();
  article.querySelector("[data-said]").append(element("p", "answer__problem", sentence));
  box.value ||= question;
  announce(sentence);
}

function turns() {
  return kept().flatMap((article) => {
    const said = article.querySelector("[data-said]").cloneNode(true);
    said.querySelectorAll(".marker").forEach((link) => link.remove());
    const lines = [...said.querySelectorAll("p, li")].map((line) => line.textContent.trim());
    const content = lines.join("\n").slice(0, 20000);
    return [{ role: "user", content: article.querySelector("h2").textContent }, { role: "assistant", content }];
  });
}

// References only, never what was asked, and only in this tab: coming back from a document finds the conversation.
function remember() {
  sessionStorage.setItem("conversation", kept().map((article) => article.dataset.reference).join(" "));
}

async function recall() {
  const references = (sessionStorage.getItem("conversation") ?? "").split(" ").filter(Boolean);
  const found = await Promise.all(references.map((reference) => layout(reference).catch(() => null)));
  const articles = found.filter(Boolean);
  if (articles.length && !log.querySelector("article")) converse(...articles);
}

async function openSource(link) {
  const address = new URL(link.href);
  const place = byId(`s-${link.closest("article").dataset.reference}-${link.dataset.marker}`);
  const about = place?.closest(".sources__item").querySelector(".sources__about").cloneNode(true).children ?? [];
  const where = element("span", "sources__quiet", place?.querySelector("span").textContent);
  byId("source-title").textContent = `[${link.dataset.marker}]`;
  byId("source-path").textContent = "";
  byId("source-about").replaceChildren(...about, where);
  byId("source-link").href = link.href;
  context.textContent = "Fetching the source…";
  panel.showModal();
  try {
    const excerpt = await json(`${address.pathname.replace("/d/", "/api/v1/documents/")}/text${address.search}`);
    byId("source-title").append(` ${excerpt.title}`);
    byId("source-path").textContent = excerpt.heading_path.join(" › ");
    context.replaceChildren(excerpt.before, element("span"), element("mark", "", excerpt.cited), excerpt.after);
    context.querySelector("span").scrollIntoView({ block: "nearest" });
  } catch {
    context.textContent = "The source could not be fetched. Open the whole document instead.";
  }
}

async function copy(article) {
  const said = article.querySelector("[data-copied]");
  try {
    await put(briefings.get(article) ?? (await json(`/api/v1/answers/${article.dataset.reference}/briefing`)));
    said.textContent = "Copied with its sources. Paste it into Word or Outlook.";
  } catch {
    said.textContent = "The browser refused to copy. Select the answer and copy it by hand.";
  }
  announce(said.textContent);
}

function showCount() {
  const left = MOST_CHARACTERS - box.value.length;
  byId("count").classList.toggle("composer__count--over", left < 0);
  const over = `${-left} characters too many; shorten the question.`;
  byId("count").textContent = left > 200 ? "" : left < 0 ? over : `${left} characters left.`;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-marker]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    openSource(link);
  }
  if (event.target.closest("[data-copy]")) copy(event.target.closest("article"));
});

if (composer) {
  const asking = (question) => (event) => {
    event.preventDefault();
    ask(question(event));
    if (matchMedia("(pointer: fine)").matches) box.focus({ preventScroll: true }); // else it brings up the keyboard
  };
  composer.addEventListener("submit", asking(() => box.value));
  byId("examples")?.addEventListener("submit", asking((event) => event.submitter.value));
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    composer.requestSubmit();
  });
  box.addEventListener("input", showCount);
  byId("stop").addEventListener("click", () => running?.abort());
  byId("new").addEventListener("click", () => sessionStorage.removeItem("conversation"));
  recall();
}
