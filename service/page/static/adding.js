// The page is whole without this module. With it, files can be dropped, each is sent by itself, and the list follows what
// the service does with them. The service lays the list out.

const byId = (id) => document.getElementById(id);
const [form, input, list] = ["handing", "files", "submitted"].map(byId);
const token = form.elements.token.value;
const SECONDS = 1;
const GONE = "The service cannot be reached. Check that it is running, then send it again.";
const waiting = [];
let sent = 0;
let sending = false;
let following = null;

async function send(files) {
  waiting.push(...files);
  if (sending) return;
  sending = true;
  byId("refused").replaceChildren();
  for (sent = 0; waiting.length; sent += 1) {
    const file = waiting.shift();
    byId("sending").textContent = `Sending ${file.name} (${sent + 1} of ${sent + 1 + waiting.length})`;
    await sendOne(file).catch((error) => refuse(file, error));
    follow();
  }
  sending = false;
  byId("sending").textContent = sent === 1 ? "Sent 1 file." : `Sent ${sent} files.`;
}

async function sendOne(file) {
  const body = new FormData();
  body.append("file", file);
  const options = { method: "POST", headers: { "X-Engage-Token": token }, body };
  const answer = await fetch("/api/v1/submissions", options).catch(() => Promise.reject(new Error(GONE)));
  if (answer.ok) return;
  const problem = await answer.json().catch(() => ({}));
  throw new Error(problem.detail ?? GONE);
}

function refuse(file, error) {
  const item = document.createElement("li");
  item.textContent = `${file.name}: ${error.message}`;
  byId("refused").append(item);
}

function follow() {
  following ??= setTimeout(look, 100);
}

async function look() {
  const answer = await fetch("/library/add/list").catch(() => null);
  following = answer?.ok && Number(show(await answer.text())) === 0 && !sending ? null : setTimeout(look, SECONDS * 1000);
}

// What was ticked and where the reader is stay as they were.
function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector(".submitted");
  const shown = list.querySelector(".submitted");
  if (fresh.innerHTML === shown.dataset.html) return fresh.dataset.underWay;
  const laidOut = fresh.innerHTML;
  for (const box of shown.querySelectorAll("input:checked")) fresh.querySelector(`#${box.id}`)?.setAttribute("checked", "");
  const focused = shown.contains(document.activeElement) && document.activeElement.id;
  list.replaceChildren(fresh);
  fresh.dataset.html = laidOut;
  if (focused) byId(focused)?.focus();
  if (fresh.dataset.underWay === "0") byId("status").textContent = fresh.dataset.sentence;
  return fresh.dataset.underWay;
}

list.addEventListener("click", (event) => {
  if (event.target.id !== "tick-all") return;
  for (const box of list.querySelectorAll("[name=chosen]")) box.checked = true;
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  send([...input.files]);
  input.value = "";
});
for (const [name, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(name, (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    form.classList.toggle("handing--over", over);
    if (name !== "drop") return;
    const dropped = [...event.dataTransfer.items].filter(({ kind }) => kind === "file");
    const folders = dropped.filter((item) => item.webkitGetAsEntry()?.isDirectory).map((item) => item.getAsFile());
    const names = folders.map((folder) => folder.name);
    send([...event.dataTransfer.files].filter((file) => !names.includes(file.name)));
    for (const folder of folders) refuse(folder, new Error("A folder. Drop the files in it, or a ZIP archive of it."));
  });
}
follow();
