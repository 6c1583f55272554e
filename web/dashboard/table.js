// Tables that sort by a press on a heading. A long one shows its beginning, so that it is there at once.
import { el } from './dom.js';
import { cell, isNumber, title } from './format.js';
import { link } from './place.js';

const ROWS_AT_ONCE = 50;
const words = new Intl.Collator(undefined, { numeric: true });

const weight = (value, column) => (isNumber(column) ? (value === null ? -Infinity : Number(value)) : String(value ?? ''));

function order(rows, column, descending) {
  const sign = descending ? -1 : 1;
  const compare = isNumber(column) ? (a, b) => a - b : words.compare;
  return rows.toSorted((a, b) => sign * compare(weight(a[column.name], column), weight(b[column.name], column)));
}

function content(row, column, persons) {
  const text = cell(row[column.name], column);
  if ((column.name === 'till' || column.name === 'where') && row.store) return el('a', { href: link('till', { store: row.store, till: row.till }) }, text);
  if (column.name === 'customer' && persons && text) return el('a', { href: link('customer', { customer: row.customer }), title: row.customer }, text.slice(0, 8));
  if (column.name === 'customer') return text.slice(0, 8);
  return text;
}

export function table(columns, rows, { persons = false, caption = '' } = {}) {
  let shown = ROWS_AT_ONCE;
  let sorted = rows;
  let by = null;
  const body = el('tbody');
  const more = el('button', { type: 'button', className: 'more' });
  const heads = columns.map((column) => {
    const press = el('button', { type: 'button' }, title(column.name), el('i', { 'aria-hidden': 'true' }));
    const head = el('th', { scope: 'col', className: isNumber(column) ? 'number' : '' }, press);
    press.addEventListener('click', () => {
      const descending = by?.column === column ? !by.descending : isNumber(column);
      by = { column, descending };
      sorted = order(rows, column, descending);
      heads.forEach((one) => one.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      fill();
    });
    return head;
  });
  function fill() {
    body.replaceChildren(...sorted.slice(0, shown).map((row) => el('tr', {},
      ...columns.map((column) => el('td', { className: isNumber(column) ? 'number' : '' }, content(row, column, persons))))));
    more.hidden = sorted.length <= shown;
    more.textContent = `Show all ${sorted.length} rows`;
  }
  more.addEventListener('click', () => { shown = Infinity; fill(); });
  fill();
  const name = caption || 'Rows';
  return el('div', { className: 'rows' },
    el('div', { className: 'scroll', tabIndex: 0, role: 'region', 'aria-label': name },
      el('table', {}, el('caption', { className: 'unseen' }, name), el('thead', {}, el('tr', {}, ...heads)), body)),
    rows.length ? more : el('p', { className: 'calm' }, 'Nothing was counted here. Try another range or store.'));
}
