// Wakes the islands of a page once the browser has nothing better to do.
const { app, wasm } = document.querySelector("script[data-wasm]").dataset;
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

"requestIdleCallback" in window ? requestIdleCallback(start, { timeout: 2000 }) : setTimeout(start);
