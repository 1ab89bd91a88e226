// Draws what was looked at last into the shelf that the page keeps for it.
export function show(shelf, seen) {
  const [template, list] = [shelf.querySelector("template"), shelf.querySelector("ul")];
  for (const { path, title, picture } of seen.slice(0, 4)) {
    if (!/^\/products\/[\w-]+$/.test(path)) continue;
    const item = template.content.cloneNode(true);
    const [link, image] = [item.querySelector("a"), item.querySelector("img")];
    link.href = path;
    link.textContent = title;
    if (picture?.startsWith("/api/media/")) image.src = picture;
    else image.remove();
    list.append(item);
  }
  shelf.querySelector("button").onclick = () => {
    delete localStorage.recent;
    shelf.hidden = true;
  };
  shelf.hidden = list.childElementCount === 0;
}
