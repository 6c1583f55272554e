// Small helpers: the page changes only what is different, so that nothing flickers or loses focus.

export const at = (id) => document.getElementById(id);

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function setHidden(node, hidden) {
  if (node.hidden !== hidden) node.hidden = hidden;
}

export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

// A finger presses `node` without taking the keyboard's focus along: Enter must go on meaning what
// the screen says.
export function onPress(node, pressed) {
  node.addEventListener('pointerdown', (event) => event.preventDefault());
  node.addEventListener('mousedown', (event) => event.preventDefault());
  node.addEventListener('click', pressed);
}

export function button(properties, pressed, ...children) {
  const node = el('button', { type: 'button', ...properties }, ...children);
  onPress(node, pressed);
  return node;
}

// Makes `parent`'s children one for each item, reusing those of the same key.
export function each(parent, items, keyOf, make, update) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, index) => {
    const key = String(keyOf(item));
    let child = old.get(key);
    old.delete(key);
    if (!child) {
      child = make(item);
      child.dataset.key = key;
    }
    update(child, item);
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
  for (const gone of old.values()) gone.remove();
}
