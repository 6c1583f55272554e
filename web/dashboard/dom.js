// Small helpers for building nodes; text is always set as text, never as markup.

export const at = (id) => document.getElementById(id);

export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'data') Object.assign(node.dataset, value);
    else if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export const panel = (title, ...children) => el('section', { className: 'panel' }, title ? el('h2', {}, title) : null, ...children);

// A figure with its name above and what it compares with below.
export const tile = (name, value, below = '', mood = '') =>
  el('div', { className: `tile ${mood}` }, el('span', { className: 'name' }, name), el('b', {}, value), el('span', { className: 'below' }, below));
