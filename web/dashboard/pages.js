// A report, a till, a customer.
import { address, ask } from './api.js';
import { bars, chartOf } from './charts.js';
import { el, panel, tile } from './dom.js';
import { cell, major, number, roundMoney, title } from './format.js';
import { filters, go, link, place } from './place.js';
import { table } from './table.js';

const download = (path, parameters, format, name) =>
  el('a', { className: 'button', href: address(path, { ...parameters, format }), download: `${name}.${format}` }, format.toUpperCase());

const days = (count) => new Date(Date.now() - count * 86400e3).toISOString().slice(0, 10);
const RANGES = [['30 days', 30], ['90 days', 90], ['A year', 365], ['All', null]];

function range(view, keep, ofADate) {
  const now = place();
  const pick = (name, text) => {
    const input = el('input', { type: 'date', value: now[name] ?? '', id: `pick-${name}` });
    input.addEventListener('change', () => go(link(view, { ...keep, [name]: input.value })));
    return el('label', { className: 'pick' }, text, input);
  };
  if (ofADate) return el('div', { className: 'filters' }, pick('date', 'Day'));
  return el('div', { className: 'filters' }, pick('from', 'From'), pick('to', 'To'),
    ...RANGES.map(([text, count]) => {
      const from = count ? days(count) : '';
      const current = (now.from ?? '') === from && !now.to;
      return el('a', { className: 'button', href: link(view, { ...keep, from, to: '' }), ...(current ? { 'aria-current': 'true' } : {}) }, text);
    }));
}

export function storePicker(stores) {
  const select = el('select', { id: 'store' }, el('option', { value: '' }, 'all'), ...stores.map((store) => el('option', { value: store }, store)));
  select.value = filters().store ?? '';
  select.addEventListener('change', () => {
    const now = place();
    go(link(now.view === 'till' || !now.view ? 'today' : now.view, { ...now, store: select.value, view: now.view === 'till' || !now.view ? 'today' : now.view }));
  });
  return el('label', { className: 'pick' }, 'Store', select);
}

export async function showReport(main, me) {
  const name = place().report;
  const info = me.reports.find((one) => one.name === name);
  const heading = title(name ?? '');
  if (!info) {
    main.replaceChildren(el('h1', {}, 'There is no such report'));
    return {};
  }
  const keep = { report: name, date: place().date };
  const asked = info.of_a_date ? { date: place().date, store: filters().store } : filters();
  const top = el('div', { className: 'headline' }, el('h1', {}, heading), el('span', { className: 'soft' }, info.what));
  const counts = info.counts ? el('details', {}, el('summary', {}, 'What this counts'), el('p', {}, info.counts)) : null;
  if (info.of_a_date && !asked.date) {
    const { newest_date: newest } = await ask('today');
    asked.date = newest ?? days(0);
    go(link('report', { ...keep, date: asked.date }), true);
    return {};
  }
  const report = await ask(`reports/${name}`, asked);
  const chart = chartOf(report);
  const totals = Object.entries(report.totals).map(([total, value]) => {
    const column = report.columns.find((one) => one.name === total) ?? { name: total, type: /_[A-Z]{3}$/.test(total) ? 'money' : 'integer', currency: total.slice(-3) };
    return tile(title(total), value === null ? '–' : column.type === 'money' ? roundMoney(Number(value), column.currency) : cell(value, column), total === 'synthetic' ? 'made up, refunds among them' : total === 'imported' ? 'from elsewhere, refunds among them' : column.type === 'money' ? column.currency : '');
  });
  main.replaceChildren(top, range('report', keep, info.of_a_date), counts,
    totals.length ? el('div', { className: 'tiles small' }, ...totals) : '',
    chart ? panel('', chart) : '',
    panel('', el('div', { className: 'headline' }, el('h2', {}, `${number(report.rows.length)} ${report.rows.length === 1 ? 'row' : 'rows'}`), el('span', { className: 'push' }),
      download(`reports/${name}`, asked, 'csv', name), download(`reports/${name}`, asked, 'json', name)),
    table(report.columns, report.rows, { persons: me.persons, caption: report.title })));
  return {};
}

const columnsOf = (rows, hidden = []) => Object.keys(rows[0] ?? {}).filter((name) => !hidden.includes(name))
  .map((name) => ({ name, type: typeof rows[0][name] === 'number' && name !== 'cursor' ? 'integer' : 'text' }));

const amounts = (rows, names) => rows.map((row) => ({ ...row, ...Object.fromEntries(names.map((name) => [name, row[name] === null ? null : major(row[name], row.currency)])) }));
const asMoney = (columns, names, currency) => columns.map((column) => (names.includes(column.name) ? { ...column, type: 'money', currency } : column));

export async function showTill(main) {
  const { store, till } = place();
  const by = { store, till };
  const range = { from: filters().from, to: filters().to };
  const [states, days, z] = await Promise.all([ask('tills', by), ask('reports/sales-by-day', { ...by, ...range }), ask('z', { ...by, limit: 1000 })]);
  const state = states.rows[0];
  const sums = ['sold_gross', 'refunded_gross', 'expected_cash', 'counted_cash'];
  const currency = z.rows[0]?.currency;
  const zRows = amounts(z.rows.toReversed(), sums);
  const zColumns = asMoney(['number', 'business_date', 'time', 'cashier', 'sales', 'refunds', 'voids', ...sums].map((name) => ({ name, type: ['number', 'sales', 'refunds', 'voids'].includes(name) ? 'integer' : 'text' })), sums, currency);
  main.replaceChildren(
    el('div', { className: 'headline' }, el('h1', {}, `Till ${store}/${till}`), state ? el('span', { className: `state ${state.state}` }, state.state) : el('span', { className: 'soft' }, 'has never reported its state: what is here was imported')),
    state ? el('div', { className: 'tiles small' },
      tile('Unsynced', number(state.unsynced), state.oldest_unsynced ? `since ${cell(state.oldest_unsynced, { name: 'x_at' })}` : 'nothing waits', state.unsynced ? 'mind' : ''),
      tile('Missing', number(state.missing), '', state.missing ? 'bad' : ''),
      ...['camera', 'disk', 'clock'].map((part) => tile(title(part), state[part], '', state[part] === 'ok' ? '' : 'bad')),
      tile('Version', state.version, `heard ${cell(state.heard_at, { name: 'heard_at' })}`),
      state.camera_sales ? tile('No-touch sales', `${Math.round(100 * state.no_touch_sales / state.camera_sales)} %`, `of ${number(state.camera_sales)} with the camera`) : null) : '',
    panel('Sales by day', chartOf(days) ?? el('p', { className: 'calm' }, 'Nothing was sold here in this range.')),
    panel('Closed days', z.rows.length ? table(zColumns, zRows, { caption: 'Closed days' }) : el('p', { className: 'calm' }, 'No day has been closed yet.')));
  return {};
}

export async function showCustomer(main, me) {
  const { customer } = place();
  if (!me.persons) {
    main.replaceChildren(el('h1', {}, 'Customer'), el('p', { className: 'calm' }, 'Who this is needs a token of scope persons.'));
    return {};
  }
  const [who, invoices] = await Promise.all([ask(`customers/${customer}`), ask('invoices', { customer, limit: 10000 })]);
  const names = who.names.map((one) => `${one.first_name} ${one.last_name}`).join(', ');
  const rows = amounts(invoices.rows.toReversed(), ['gross']);
  const columns = asMoney(columnsOf(rows).filter((column) => ['date', 'time', 'store', 'till', 'invoice_no', 'kind', 'lines', 'gross'].includes(column.name)), ['gross'], rows[0]?.currency);
  main.replaceChildren(
    el('div', { className: 'headline' }, el('h1', {}, names || 'A customer whose name was erased'), el('span', { className: 'soft' }, who.names[0]?.phone ?? '')),
    el('p', { className: 'hint' }, 'That you looked is on record.'),
    el('div', { className: 'tiles small' }, ...who.visits.flatMap((one) => [
      tile('Revenue', roundMoney(major(one.revenue, one.currency), one.currency), one.refunds ? `${one.refunds} refunds` : ''),
      tile('Invoices', number(one.invoices), ''), tile('First', one.first_date, ''), tile('Last', one.last_date, '')])),
    panel('May want', who.recommended.length
      ? el('ol', { className: 'wants' }, ...who.recommended.map((one) => el('li', {}, one.item, one.because ? el('span', { className: 'soft' }, ` because of ${one.because}`) : '')))
      : el('p', { className: 'calm' }, 'The model in use does not know this customer.')),
    panel('Bought most', bars(who.items, (row) => row.item, { name: 'quantity', type: 'integer' }, 'Pieces bought, by item')),
    panel('Invoices', table(columns, rows, { caption: 'Invoices' })));
  return {};
}
