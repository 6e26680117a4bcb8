// The page is whole without this module. With it, the coverage table and a letter can be copied.

import { put } from "./copying.js";

const announce = (sentence) => (document.getElementById("status").textContent = sentence);

async function table(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error();
  return response.json();
}

function letter(id) {
  const text = document.getElementById(id).value;
  const made = document.createElement("p");
  made.textContent = text;
  return { html: `<p>${made.innerHTML.replaceAll("\n", "<br>")}</p>`, text };
}

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy-from], [data-copy-text]");
  if (!button) return;
  const { copyFrom, copyText } = button.dataset;
  const label = (button.dataset.label ??= button.textContent);
  try {
    await put(copyText ? letter(copyText) : await table(copyFrom));
    button.textContent = "Copied";
    announce(copyText ? "Copied. Paste it into an e-mail." : "Copied. Paste it into Word or Outlook.");
  } catch {
    announce("The browser refused to copy. Select it and copy it by hand.");
    button.textContent = "Not copied";
  }
  setTimeout(() => (button.textContent = label), 4000);
});
