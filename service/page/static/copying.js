// Puts HTML and plain text together on the clipboard, as Word and Outlook take them.

// The copy event takes both forms as they are, over plain HTTP too. The newer way is absent there, and has the browser
// parse the HTML under this page's policy, which does not want its inline styles.
export async function put({ html, text }) {
  const fill = (event) => {
    event.clipboardData.setData("text/html", html);
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", fill);
  const copied = document.execCommand("copy");
  document.removeEventListener("copy", fill);
  const as = (type, content) => ({ [type]: new Blob([content], { type }) });
  const both = { ...as("text/html", html), ...as("text/plain", text) };
  if (!copied) await navigator.clipboard.write([new ClipboardItem(both)]);
}
