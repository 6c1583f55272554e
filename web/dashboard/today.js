// The day at a glance, live.
import { ask } from './api.js';
import { lines } from './charts.js';
import { el, panel, tile } from './dom.js';
import { ago, change, major, money, number, roundMoney, shortMoney } from './format.js';
import { filters, link, place } from './place.js';
import { table } from './table.js';

const LATEST = 12;
const TILL_COLUMNS = ['where', 'state', 'unsynced', 'missing', 'health', 'heard']
  .map((name) => ({ name, type: ['unsynced', 'missing'].includes(name) ? 'integer' : 'text' }));
const INVOICE_COLUMNS = (currency) => [
  { name: 'time', type: 'text' }, { name: 'where', type: 'text' }, { name: 'invoice_no', type: 'text' }, { name: 'lines', type: 'integer' }, { name: 'customer', type: 'text' }];

const healthOf = (till) => ['camera', 'disk', 'clock'].filter((part) => till[part] !== 'ok').map((part) => `${part}: ${till[part]}`).join(', ') || 'ok';

const shifted = (date, days) => new Date(Date.parse(date) + days * 86400e3).toISOString().slice(0, 10);

function tiles(day, anomalies, training) {
  const nodes = [];
  if (training?.failed) nodes.push(el('a', { className: 'plain', href: link('models') }, tile('Training', 'failed', 'what was in use stays', 'bad')));
  for (const one of day.currencies) {
    const average = one.invoices ? major(one.revenue, one.currency) / one.invoices : 0;
    const until = day.until ? ` until ${day.until.slice(0, 5)}` : '';
    nodes.push(
      tile(`Revenue ${one.currency}`, roundMoney(major(one.revenue, one.currency), one.currency),
        one.revenue_before ? `${change(one.revenue, one.revenue_before)} on ${day.date_before}${until}` : `nothing on ${day.date_before}`, one.revenue >= one.revenue_before ? 'good' : 'down'),
      tile('Invoices', number(one.invoices), one.invoices_before ? `${change(one.invoices, one.invoices_before)}, were ${number(one.invoices_before)}` : `none on ${day.date_before}`),
      tile('Average sale', money(average, one.currency), one.refunds ? `${number(one.refunds)} refunds` : 'no refunds'));
  }
  if (!day.currencies.length) nodes.push(tile('Revenue', '–', 'nothing was sold yet'), tile('Invoices', '0', ''));
  const { tills } = day;
  nodes.push(
    tile('Tills online', tills.known ? `${tills.online} of ${tills.known}` : '–', tills.troubled ? `${tills.troubled} with camera, disk or clock not ok` : tills.known ? 'none needs a look' : 'none was heard of yet', tills.online < tills.known ? 'bad' : ''),
    tile('Unsynced', number(tills.unsynced), tills.missing ? `${number(tills.missing)} events missing` : 'nothing is missing', tills.unsynced + tills.missing > 0 ? 'mind' : ''));
  nodes.push(el('a', { className: 'plain', href: link('report', { report: 'anomalies', from: shifted(day.date, -30), to: day.date }) },
    tile('Anomalies', anomalies === null ? '…' : number(anomalies), 'in the last 30 days', anomalies ? 'mind' : '')));
  return nodes;
}

function hourChart(day) {
  const one = day.currencies[0];
  if (!one?.hours.length) return el('p', { className: 'calm' }, 'Nothing was sold on this day or a week before.');
  const least = one.hours[0].hour;
  const hours = Array.from({ length: one.hours.at(-1).hour - least + 1 }, (_, index) => one.hours.find((hour) => hour.hour === least + index) ?? { hour: least + index, revenue: 0, revenue_before: 0 });
  const show = (value) => money(value, one.currency);
  const short = (value) => shortMoney(value, one.currency);
  return lines(hours.map((_, index) => index), hours.map((hour) => `${String(hour.hour).padStart(2, '0')}:00`), [
    { label: day.date, values: hours.map((hour) => major(hour.revenue, one.currency)), show, short, bars: true, colour: '--chart-1' },
    { label: day.date_before, values: hours.map((hour) => major(hour.revenue_before, one.currency)), show, short, colour: '--chart-2', dash: [6, 4] }],
  `Revenue by hour on ${day.date}, and on ${day.date_before}`);
}

const asRow = (invoice) => ({ ...invoice, time: invoice.time.slice(0, 5), where: `${invoice.store}/${invoice.till}`, amount: (invoice.kind === 'refund' ? -1 : 1) * major(invoice.gross, invoice.currency) });

async function anomaliesOf(reports, day) {
  if (!reports.some((one) => one.name === 'anomalies')) return null;
  const report = await ask('reports/anomalies', { from: shifted(day.date, -30), to: day.date, store: filters().store });
  return report.rows.length;
}

export async function showToday(main, me) {
  const asked = { date: place().date, store: filters().store };
  const [day, tills] = await Promise.all([ask('today', asked), ask('tills', { store: asked.store })]);
  // What takes longer comes when it is there.
  let anomalies = null;
  let training = null;
  let latest = [];
  const head = el('div', { className: 'tiles', id: 'tiles' }, ...tiles(day, anomalies, training));
  const chart = el('div', { id: 'hours' }, hourChart(day));
  const list = el('div', { id: 'latest' });
  const tillList = el('div', { id: 'tills' });
  const fillLatest = () => list.replaceChildren(latest.length ? table(INVOICE_COLUMNS(latest[0].currency), latest, { persons: me.persons, caption: 'The latest invoices' }) : el('p', { className: 'calm' }, 'None yet.'));
  const fillTills = (rows) => tillList.replaceChildren(rows.length ? table(TILL_COLUMNS, rows.map((till) => ({ ...till, where: `${till.store}/${till.till}`, health: healthOf(till), heard: ago(till.heard_at) })), { caption: 'Tills' }) : el('p', { className: 'calm' }, 'No till has been heard of yet.'));
  fillTills(tills.rows);
  ask('invoices', { after: day.latest_after, from: day.date, to: day.date, store: asked.store, limit: 1000 }).then((newest) => {
    const known = new Set(latest.map((one) => one.cursor));
    latest = [...latest, ...newest.rows.toReversed().map(asRow).filter((one) => !known.has(one.cursor))].slice(0, LATEST);
    fillLatest();
  }).catch(() => {});
  anomaliesOf(me.reports, day).then((count) => {
    anomalies = count;
    head.replaceChildren(...tiles(day, anomalies, training));
  }).catch(() => {});
  ask('models').then((models) => {
    training = models.training;
    if (training?.failed) head.replaceChildren(...tiles(day, anomalies, training));
  }).catch(() => {});
  const step = (days, text, name) => el('a', { className: 'button', href: link('today', { date: shifted(day.date, days) }), 'aria-label': name }, text);
  const hint = !day.currencies.length && day.newest_date && day.newest_date !== day.date
    ? el('p', { className: 'hint' }, 'Something was last sold on ', el('a', { href: link('today', { date: day.newest_date }) }, day.newest_date), '.') : null;
  main.replaceChildren(
    el('div', { className: 'headline' }, el('h1', {}, day.until ? 'Today' : 'The day'), el('span', { className: 'soft' }, new Date(day.date).toLocaleDateString(undefined, { dateStyle: 'full', timeZone: 'UTC' })),
      el('span', { className: 'push' }), el('span', { className: 'steps' }, step(-1, '‹', 'The day before'), day.until ? null : step(1, '›', 'The day after'), day.until ? null : el('a', { className: 'button', href: link('today') }, 'Today'))),
    hint ?? '', head, panel('Revenue by hour', chart), el('div', { className: 'two' }, panel('Latest invoices', list), panel('Tills', tillList)));
  if (!day.until) return {};
  let again = null;
  const refresh = async () => {
    again = null;
    const [now, states] = await Promise.all([ask('today', asked), ask('tills', { store: asked.store })]).catch(() => [null, null]);
    if (!now || !head.isConnected) return;
    head.replaceChildren(...tiles(now, anomalies, training));
    chart.replaceChildren(hourChart(now));
    fillTills(states.rows);
  };
  const soon = (wait) => { again ??= setTimeout(refresh, wait); };
  const timer = setInterval(() => { if (!document.hidden) soon(0); }, 15e3);
  return {
    invoice: (invoice) => {
      if (asked.store && invoice.store !== asked.store) return;
      latest = [asRow(invoice), ...latest].slice(0, LATEST);
      fillLatest();
      soon(1000);
    },
    end: () => { clearInterval(timer); clearTimeout(again); },
  };
}
