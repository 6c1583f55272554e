// Charts: what is drawn follows from the types of a report's columns, so that new reports need no new code.
import uPlot from 'uplot';
import { el } from './dom.js';
import { cell, isNumber, number, shortMoney, title } from './format.js';

const HEIGHT = 280;
const BARS_MAX = 15;
const DAYS_ONE_BY_ONE = 62;
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const PERIODS = ['day', 'date', 'week', 'month', 'quarter'];

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Charts are drawn in pixels: they follow the width of the window, and the theme.
const drawn = new Set();
const widths = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    for (const one of drawn) if (one.holder === target) one.plot.setSize({ width: Math.max(200, target.clientWidth), height: HEIGHT });
  }
});
export function redraw() {
  for (const one of [...drawn]) {
    if (!one.holder.isConnected) {
      drawn.delete(one);
    } else {
      one.plot.destroy();
      one.plot = one.make();
    }
  }
}

function axis(extra) {
  return { stroke: colour('--soft'), grid: { stroke: colour('--line'), width: 1 }, ticks: { stroke: colour('--line'), width: 1 }, font: '12px system-ui', ...extra };
}

const fromZero = (u, least, most) => [Math.min(0, least ?? 0), (most > 0 ? most : 1) * 1.06];

// series: [{ label, values, show(value), short(value), bars, colour }]; x: dates as ms, or names.
export function lines(x, names, series, label) {
  const holder = el('div', { className: 'chart', role: 'img', 'aria-label': label });
  const entry = { holder };
  const times = names === null;
  entry.make = () => new uPlot({
    width: Math.max(200, holder.clientWidth || 600),
    height: HEIGHT,
    tzDate: (ts) => uPlot.tzDate(new Date(ts * 1e3), 'UTC'),
    cursor: { y: false, points: { size: 7 } },
    legend: { live: true },
    scales: { x: { time: times, range: times ? undefined : (u, least, most) => [least - 0.5, most + 0.5] }, y: { range: fromZero }, right: { range: fromZero } },
    axes: [
      axis(times ? { space: 70 } : { values: (u, splits) => splits.map((at) => (Number.isInteger(at) ? names[at] ?? '' : '')), space: 56, incrs: [1, 2, 3, 6, 12, 24, 48] }),
      axis({ values: (u, splits) => splits.map((value) => series[0].short(value)), size: 74 }),
      ...(series.some((one) => one.right) ? [axis({ scale: 'right', side: 1, grid: { show: false }, values: (u, splits) => splits.map((value) => number(value)), size: 56 })] : []),
    ],
    series: [
      { label: times ? 'Date' : 'Period', value: (u, at) => (at === null ? '–' : times ? new Date(at * 1e3).toISOString().slice(0, 10) : names[at] ?? '') },
      ...series.map((one) => ({
        label: one.label,
        scale: one.right ? 'right' : 'y',
        stroke: colour(one.colour),
        width: one.width ?? 2,
        fill: one.bars ? colour(`${one.colour}-fill`) : undefined,
        dash: one.dash,
        paths: one.bars ? uPlot.paths.bars({ size: [0.72, 40] }) : uPlot.paths.linear(),
        points: { show: x.length < 40 && !one.bars, size: 5 },
        value: (u, value) => (value === null || value === undefined ? '–' : one.show(value)),
      })),
    ],
  }, [x, ...series.map((one) => one.values)], holder);
  drawn.add(entry);
  widths.observe(holder);
  requestAnimationFrame(() => { if (holder.isConnected) entry.plot = entry.make(); });
  return holder;
}

// The longest first, as many as one looks at.
export function bars(rows, label, column, what) {
  const values = rows.map((row) => Number(row[column.name] ?? 0));
  const most = Math.max(...values, 0) || 1;
  return el('ol', { className: 'bars', 'aria-label': what }, ...rows.slice(0, BARS_MAX).map((row, index) => {
    const fill = el('span', { className: 'fill' });
    fill.style.inlineSize = `${Math.max(0, 100 * values[index] / most)}%`;
    return el('li', {}, el('span', { className: 'label', title: label(row) }, label(row)), el('span', { className: 'track' }, fill), el('span', { className: 'value' }, cell(row[column.name], column)));
  }));
}

// A cell's colour is its share of the largest.
export function heat(columns, rows, valueAt, show, what) {
  const most = Math.max(...rows.flatMap((row) => columns.map((column) => valueAt(row.key, column.key) ?? 0)), 0) || 1;
  return el('div', { className: 'scroll', tabIndex: 0, role: 'region', 'aria-label': what }, el('table', { className: 'heat' },
    el('caption', { className: 'unseen' }, what),
    el('thead', {}, el('tr', {}, el('th', {}, ''), ...columns.map((column) => el('th', { scope: 'col' }, column.name)))),
    el('tbody', {}, ...rows.map((row) => el('tr', {}, el('th', { scope: 'row' }, row.name), ...columns.map((column) => {
      const value = valueAt(row.key, column.key);
      const node = el('td', { title: value === null ? '' : `${row.name}, ${column.name}: ${show(value)}` });
      if (value !== null) node.style.setProperty('--share', `${Math.round(100 * Math.sqrt(Math.max(0, value) / most))}%`);
      node.append(el('span', { className: 'unseen' }, value === null ? '' : show(value)));
      return node;
    }))))));
}

const first = (columns, ...types) => columns.find((column) => types.includes(column.type));
const shown = (column) => ({
  show: (value) => cell(value, column),
  short: (value) => (column.type === 'money' ? shortMoney(value, column.currency) : number(value)),
});

function hours(report) {
  const value = first(report.columns, 'money') ?? report.columns.find((column) => column.name === 'invoices');
  const by = new Map(report.rows.map((row) => [`${row.weekday} ${row.hour}`, Number(row[value.name] ?? 0)]));
  const open = [...new Set(report.rows.map((row) => row.hour))].toSorted((a, b) => a - b);
  return heat(open.map((hour) => ({ key: hour, name: String(hour) })), WEEKDAYS.map((day) => ({ key: day, name: day.slice(0, 3) })),
    (day, hour) => by.get(`${day} ${hour}`) ?? null, (amount) => cell(amount, value), `${title(value.name)} by weekday and hour`);
}

function cohorts(report, cohort, months) {
  const by = new Map(report.rows.map((row) => [row[cohort.name], row]));
  return heat(months.map((column) => ({ key: column.name, name: title(column.name) })), report.rows.map((row) => ({ key: row[cohort.name], name: row[cohort.name] })),
    (key, column) => (by.get(key)[column] === null ? null : Number(by.get(key)[column])), (share) => `${share.toFixed(1)} %`, `${report.title}: share by month since the first`);
}

function rolling(values, days) {
  return values.map((_, index) => (index + 1 < days ? null : values.slice(index + 1 - days, index + 1).reduce((sum, value) => sum + (value ?? 0), 0) / days));
}

function overTime(report, rows, period) {
  const isDate = period.type === 'date';
  const x = isDate ? rows.map((row) => Date.parse(row[period.name]) / 1e3) : rows.map((row, index) => index);
  const names = isDate ? null : rows.map((row) => (period.name === 'year' ? `${row.year}-${String(row.month).padStart(2, '0')}` : String(row[period.name])));
  const monies = report.columns.filter((column) => column.type === 'money');
  const revenue = monies.filter((column) => column.name.startsWith('revenue'));
  const amounts = (revenue.length ? revenue : monies).slice(0, 3);
  const count = report.columns.find((column) => column.type === 'integer' && /invoices|sales|customers/.test(column.name));
  const wanted = revenue.length || !amounts.length ? [...amounts.slice(0, 1), count].filter(Boolean) : amounts;
  if (!wanted.length) return null;
  const values = (column) => rows.map((row) => (row[column.name] === null ? null : Number(row[column.name])));
  if (isDate && rows.length > DAYS_ONE_BY_ONE && wanted[0].type === 'money') {
    // Week-ends make a saw of many days: what matters is under it.
    const daily = values(wanted[0]);
    return lines(x, names, [
      { label: `${title(wanted[0].name)} of the day`, values: daily, ...shown(wanted[0]), colour: '--chart-soft', width: 1 },
      { label: 'mean of seven days', values: rolling(daily, 7), ...shown(wanted[0]), colour: '--chart-1', width: 3 }],
    `${report.title}: ${title(wanted[0].name)} by day, and its mean over seven days`);
  }
  return lines(x, names, wanted.map((column, index) => ({
    label: title(column.name), values: values(column), ...shown(column),
    colour: `--chart-${index + 1}`, bars: index === 0 && rows.length <= DAYS_ONE_BY_ONE && wanted.length < 3, right: index > 0 && column.type !== wanted[0].type,
  })), `${report.title}: ${wanted.map((column) => title(column.name)).join(' and ')}`);
}

// What suits the columns of this report; null: a table says it better.
export function chartOf(report) {
  const { columns, rows } = report;
  if (rows.length < 2) return null;
  const named = (name) => columns.find((column) => column.name === name);
  if (named('weekday') && named('hour')) return hours(report);
  const shares = columns.filter((column) => column.type === 'percent');
  if (named('first_month') && shares.length > 2) return cohorts(report, named('first_month'), shares);
  const stores = named('store') && new Set(rows.map((row) => row.store)).size > 1;
  const period = PERIODS.map(named).find((column) => column && column.type !== 'integer') ?? (named('year') && named('month') ? named('year') : undefined);
  if (period && !stores && columns.indexOf(period) === 0) {
    const ordered = report.report === 'busiest-days' ? null : overTime(report, rows, period);
    if (ordered) return ordered;
  }
  const from = columns.find((column) => column.name.startsWith('from_'));
  const texts = columns.filter((column) => !isNumber(column) && !/_at$|since|version|weekday/.test(column.name));
  const value = from ? named('invoices') : bestValue(columns, rows);
  if ((!texts.length && !from) || !value || rows.every((row) => !Number(row[value.name]))) return null;
  const words = named('item') ? [named('item')] : named('first') ? [named('first'), named('second')] : texts.slice(0, 2);
  const label = from
    ? (row) => `${cell(row[from.name], from)} – ${cell(row[from.name.replace('from_', 'to_')], from)}`
    : (row) => words.map((column) => row[column.name]).filter(Boolean).join(named('first') ? ' + ' : ' ') || 'none';
  return bars(rows, label, value, `${report.title}: ${title(value.name)}`);
}

// The column that a report is sorted by is the one that it is about.
function bestValue(columns, rows) {
  if (columns.some((column) => column.name === 'state')) return null;
  const numbers = columns.filter((column) => isNumber(column) && column.name !== 'year');
  const falls = (column) => rows.every((row, index) => index === 0 || Number(row[column.name]) <= Number(rows[index - 1][column.name]));
  const rises = (column) => rows.every((row, index) => index === 0 || Number(row[column.name]) >= Number(rows[index - 1][column.name]));
  return numbers.find(falls) ?? numbers.find(rises) ?? (columns.some((column) => column.name === 'share') ? first(columns, 'integer') : null)
    ?? columns.find((column) => column.name.startsWith('revenue')) ?? first(columns, 'money') ?? first(columns, 'integer');
}

