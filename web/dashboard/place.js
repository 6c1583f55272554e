// Where the page is, all of it in the address: what is looked at can be sent to somebody else.

const FILTERS = ['from', 'to', 'store'];

export function place() {
  return Object.fromEntries(new URLSearchParams(location.search));
}

export const filters = () => Object.fromEntries(Object.entries(place()).filter(([name]) => FILTERS.includes(name)));

// Filters stay unless the change names them; everything else of the old place goes.
export function link(view, change = {}) {
  const wanted = new URLSearchParams({ view, ...filters(), ...change });
  for (const [name, value] of [...wanted]) if (!value) wanted.delete(name);
  return `/?${wanted}`;
}

let follow = () => {};

export function go(address, replace = false) {
  history[replace ? 'replaceState' : 'pushState'](null, '', address);
  follow();
}

export function onMove(moved) {
  follow = moved;
  addEventListener('popstate', moved);
  document.addEventListener('click', (event) => {
    const anchor = event.target.closest('a[href^="/?"], a[data-view]');
    if (!anchor || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(anchor.getAttribute('href') === '/' ? link('today') : anchor.getAttribute('href'));
  });
}
