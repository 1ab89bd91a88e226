// Wakes the islands of a page once the browser has nothing better to do.
const { app, wasm, recent } = document.querySelector("script[data-wasm]").dataset;
const outer = [];

async function wake(node, exports) {
  let children;
  if (node.localName === "leptos-island") {
    // An island inside another one's children first sets that one's owner.
    outer.at(-1)?.();
    await exports[node.dataset.component]?.(node);
  } else if (node.localName === "leptos-children") {
    outer.push(node.$$on_hydrate);
    children = true;
  }
  for (const child of node.children) await wake(child, exports);
  if (children) outer.pop();
}

async function start() {
  const exports = await import(app);
  await exports.default({ module_or_path: wasm });
  exports.hydrate();
  await wake(document.body, exports);
  document.documentElement.dataset.live = "";
}

// What was looked at last, which this browser alone remembers.
const shelf = document.querySelector(".recent");
if (shelf) {
  const { path, title, picture } = shelf.dataset;
  try {
    const seen = JSON.parse(localStorage.recent ?? "[]").filter((one) => one.path !== path);
    if (path) localStorage.recent = JSON.stringify([{ path, title, picture }, ...seen].slice(0, 9));
    if (seen.length) import(recent).then(({ show }) => show(shelf, seen));
  } catch {
    // A browser that keeps nothing has nothing to show.
  }
}

"requestIdleCallback" in window ? requestIdleCallback(start, { timeout: 2000 }) : setTimeout(start);
