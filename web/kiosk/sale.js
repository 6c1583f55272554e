// The sale: its lines and their total, and what the clerk is asked now.
import { at, button, each, el, setHidden, setText } from '/dom.js';
import { meaning, showHints, showKeypad, sign } from '/keys.js';
import { sureOf } from '/picture.js';
import { openLine, refreshSheet } from '/sheet.js';
import { current, word } from '/strings.js';

const HOME = new Set(['items', 'paid', 'paying', 'report', 'copy']);
const WITHOUT_DIGITS = new Set(['confirm', 'close', 'remove']);
const Z = 'tillsight.z.v1'; // the report itself is on the screen
let receipt = null; // of the last sale or refund
let paper = null; // of training, or a copy
let paidMessage = null; // while what was paid is still to be seen
let shownSelected = null;

const EMPTY_PROMPT = { step: 'items', title: '', typed: '', keys: [], options: [] };

export function showReceipt(done) {
  if (done.receipt && ![done.cloudevent].flat().some((event) => event.type === Z)) receipt = done;
}

export function showPaper(done) {
  paper = done;
}

// What was looked at is not shown again when there is another; it may come before the step that
// shows it.
function forgetPaper(prompt, paid) {
  const wanted = paper?.event === 'copy' ? prompt.step === 'copy' : paid;
  if (paper && wanted) paper.seen = true;
  else if (paper?.seen) paper = null;
}

// The till itself goes on as soon as the counter is empty; change and receipt stay until something
// else is done.
function paidStands(sale, prompt) {
  if (sale.state === 'paid') {
    paidMessage = sale.message ?? '';
    return true;
  }
  const untouched = sale.state === 'open' && sale.paid && sale.lines.length === 0 && prompt.step === 'items' &&
    !prompt.typed && !prompt.note && !sale.refused && (sale.message ?? '') === paidMessage;
  if (!untouched) paidMessage = null;
  return untouched;
}

export function money(amount, currency) {
  const [whole, cents] = amount.replace('-', '').split('.');
  const grouped = new Intl.NumberFormat(currency === 'INR' ? 'en-IN' : 'en').format(BigInt(whole));
  return `${amount.startsWith('-') ? '−' : ''}${grouped}${cents ? `.${cents}` : ''}`;
}

function lineNode(line, till) {
  return el('li', {}, button(
    { className: 'line' }, () => openLine(line.line, till),
    el('span', { className: 'mark' }), el('span', { className: 'what' }, el('b'), el('small')),
    el('span', { className: 'times' }), el('span', { className: 'price' })));
}

function sureness(line) {
  if (line.state === 'ask') return word(`question.${line.question}`, {}, line.hint);
  const parts = [];
  if (line.left_view) parts.push(word('line.left', { n: line.left_view }));
  else if (line.state === 'confirmed') parts.push(word('line.confirmed'));
  else parts.push(word('line.sure', { percent: sureOf(line.name) }).trim());
  if (line.quantity > 1) parts.push(word('line.each', { price: line.unit_price }));
  if (line.discount) parts.push(word('line.discount', { amount: line.discount }));
  return parts.join(' · ');
}

function updateLine(node, line, sale) {
  const [mark, what, times, price] = node.firstChild.children;
  const selected = sale.prompt?.selected === line.line;
  node.className = `${line.state}${selected ? ' selected' : ''}${line.left_view ? ' left' : ''}`;
  setText(mark, { ask: '?', sure: '◉', confirmed: '✓' }[line.state] ?? '');
  setText(what.firstChild, line.name);
  setText(what.lastChild, sureness(line));
  setText(times, `${line.quantity} ×`);
  setText(price, line.state === 'ask' ? '' : money(line.gross, sale.currency));
  if (selected) node.firstChild.setAttribute('aria-current', 'true');
  else node.firstChild.removeAttribute('aria-current');
  if (selected && shownSelected !== `${line.line}/${sale.lines.length}`) {
    shownSelected = `${line.line}/${sale.lines.length}`;
    node.scrollIntoView({ block: 'nearest' });
  }
}

function showLines(sale, till) {
  each(at('lines'), sale.lines, (line) => line.line, (line) => lineNode(line, till),
    (node, line) => updateLine(node, line, sale));
  setHidden(at('lines'), sale.lines.length === 0);
  setHidden(at('empty'), sale.lines.length > 0);
  setText(at('empty'), word(sale.state === 'paid' ? 'empty.paid' : 'empty'));
  const shown = sale.state === 'paid' && sale.lines.length === 0 && sale.paid ? sale.paid.gross : sale.gross;
  setText(at('gross'), money(shown, sale.currency));
  const back = sale.refund || (sale.state === 'paid' && sale.paid?.refund);
  setText(at('total-name'), word(back ? 'total.refund' : 'total', { currency: sale.currency }));
  setText(at('tax'), word('tax', { amount: money(sale.tax, sale.currency) }));
  const pieces = sale.lines.reduce((sum, line) => sum + line.quantity, 0);
  setText(at('count'), word('pieces', { n: pieces }));
}

function showHead(sale) {
  const customer = at('customer');
  setText(customer, sale.customer === null ? word('customer.none')
    : sale.customer === '' ? word('customer.nameless') : sale.customer);
  customer.classList.toggle('known', sale.customer !== null);
  setText(at('cashier'), sale.cashier);
  const marks = [];
  if (sale.training) marks.push(word('mark.training'));
  if (sale.refund) marks.push(word(sale.refund.unlinked ? 'mark.unlinked' : 'mark.refund', { of: sale.refund.of }));
  if (sale.held.length) marks.push(word('mark.held', { n: sale.held.length }));
  if (sale.elsewhere && sale.state === 'open') marks.push(word('mark.elsewhere', { n: sale.elsewhere }));
  setText(at('marks'), marks.join(' · '));
  document.body.classList.toggle('training', Boolean(sale.training));
  document.body.classList.toggle('refund', Boolean(sale.refund));
}

function showWanted(sale, till) {
  each(at('wanted'), (sale.wanted ?? []).slice(0, 5), (wanted) => wanted.sku,
    (wanted) => button({}, () => till.act({ do: 'add', sku: wanted.sku }), el('span'), el('small')),
    (node, wanted) => {
      setText(node.firstChild, `+ ${wanted.name}`);
      setText(node.lastChild, money(wanted.unit_price, sale.currency));
    });
  at('wanted').dataset.title = word('wanted');
}

// The English title of the till tells more than a translation by step can; values fill the gap.
function title(sale, prompt) {
  if (current() === 'en') return prompt.title;
  const line = sale.lines.find((one) => one.line === prompt.selected);
  const values = { gross: money(sale.gross, sale.currency), name: line?.name ?? '', quantity: line?.quantity ?? '',
    about: prompt.about ? word(`option.${prompt.about}`, {}, prompt.about) : '' };
  let kind = '';
  if (prompt.step === 'items') kind = `.${prompt.keys[0]?.means ?? 'empty'}`;
  if (prompt.step === 'confirm' && sale.refund) kind = '.refund';
  return word(`step.${prompt.step}${kind}`, values, prompt.title);
}

function showOptions(prompt, till) {
  each(at('options'), prompt.options ?? [], (option) => `${option.key} ${option.id ?? option.label}`,
    (option) => button({ className: 'option' }, () => till.key(option.key), el('kbd'), el('b'), el('span')),
    (node, option) => {
      const [key, label, detail] = node.children;
      setText(key, option.key);
      setText(label, option.id ? word(`option.${option.id}`, {}, option.label) : option.label);
      setText(detail, option.detail ?? '');
    });
}

function showAsk(sale, prompt, till) {
  const home = HOME.has(prompt.step);
  const digits = !home && !(prompt.options ?? []).length && !WITHOUT_DIGITS.has(prompt.step);
  document.body.dataset.step = prompt.step;
  document.body.classList.toggle('asking', !home);
  setText(at('title'), title(sale, prompt));
  setText(at('typed'), prompt.typed);
  at('typed').classList.toggle('masked', prompt.masked);
  setHidden(at('typed'), (!digits && !prompt.typed) || prompt.step === 'help');
  showOptions(prompt, till);
  showHints(prompt, (key) => till.key(key));
  showKeypad(prompt);
  document.body.classList.toggle('digits', digits);
}

// The receipt of what was paid; "" while it is on its way.
function paidText(sale) {
  if (sale.training) return paper?.receipt ?? '';
  return receipt && (receipt.invoice_no ?? '') === sale.paid.invoice_no ? receipt.receipt : sale.paid.invoice_no;
}

function paperOf(sale, prompt, paid) {
  if (sale.report) return reportText(sale.report);
  if (prompt.step === 'copy') return paper ? [el('pre', {}, paper.receipt)] : null;
  if (!paid || !sale.paid) return null;
  const due = el('div', { className: 'due' },
    el('span', {}, word(sale.paid.refund ? 'paid.back' : 'paid.change')),
    el('b', {}, money(sale.paid.refund ? sale.paid.gross : sale.paid.change, sale.currency)));
  return [due, el('pre', {}, paidText(sale))];
}

// a − b, of amounts with as many decimals.
function difference(a, b) {
  const places = (a.split('.')[1] ?? '').length;
  const cents = BigInt(a.replace('.', '')) - BigInt(b.replace('.', ''));
  const digits = String(cents < 0n ? -cents : cents).padStart(places + 1, '0');
  const amount = places ? `${digits.slice(0, -places)}.${digits.slice(-places)}` : digits;
  return cents < 0n ? `−${amount}` : cents > 0n ? `+${amount}` : amount;
}

function reportText(report) {
  const rows = [];
  const row = (name, value) => rows.push(el('tr', {}, el('th', { scope: 'row' }, name), el('td', {}, String(value))));
  // What is compared with the drawer comes first: on a small screen the rest may need a finger.
  row(word('report.sales'), report.sales);
  row(word('report.sold'), report.sold.gross);
  row(word('report.expected'), report.expected_cash);
  for (const [tender, sum] of Object.entries(report.counted ?? {})) {
    row(word('report.counted', { tender: word(`option.tender.${tender}`, {}, tender) }), sum);
  }
  if (report.counted?.cash) row(word('report.difference'), difference(report.counted.cash, report.expected_cash));
  for (const [tender, sum] of Object.entries(report.takings_by_tender)) row(word(`option.tender.${tender}`, {}, tender), sum);
  row(word('report.refunds'), `${report.refunds} · ${report.refunded.gross}`);
  row(word('report.float'), report.float);
  row(word('report.moved'), `+${report.cash_in} −${report.cash_out}`);
  row(word('report.voids'), `${report.voids} · ${report.void_total}`);
  row(word('report.discounts'), `${report.discounts} · ${report.discount_total}`);
  row(word('report.corrections'), report.corrections);
  for (const [rate, sums] of Object.entries(report.takings_by_tax_bp)) {
    row(word('report.tax', { rate: Number(rate) / 100 }), `${sums.gross} (${sums.tax})`);
  }
  if (report.first_invoice) row(word('report.invoices'), `${report.first_invoice} – ${report.last_invoice}`);
  row(word('report.events'), `${report.first} – ${report.last}`);
  const name = word(report.kind === 'z' ? 'report.z' : 'report.x', { n: report.number ?? '' });
  return [el('table', {}, el('caption', {}, name), el('tbody', {}, ...rows))];
}

let paperKey = '';
function layPaper(sale, prompt) {
  const paid = paidStands(sale, prompt);
  forgetPaper(prompt, paid);
  const key = JSON.stringify([sale.report ?? null, paid ? sale.paid : null, prompt.step === 'copy', receipt?.sequence, paper, current()]);
  if (key !== paperKey) {
    paperKey = key;
    const content = paperOf(sale, prompt, paid);
    at('paper').replaceChildren(...(content ?? []));
    setHidden(at('paper'), !content);
    document.body.classList.toggle('papered', Boolean(content));
  }
}

function showMessage(sale, prompt) {
  let text = '';
  let bad = true;
  if (sale.refused) text = word(`refused.${sale.code}`, {}, sale.refused);
  else if (prompt.note) text = word(`note.${prompt.note.id}`, {}, prompt.note.text);
  else if (sale.disk) text = sale.disk;
  else {
    text = sale.message ?? '';
    bad = false;
  }
  setText(at('message'), text);
  at('message').className = bad ? 'bad' : 'good';
}

export function showSale(sale, till) {
  const prompt = sale.prompt ?? EMPTY_PROMPT;
  document.body.dataset.state = sale.state;
  showHead(sale);
  showLines(sale, till);
  showWanted(sale, till);
  showAsk(sale, prompt, till);
  layPaper(sale, prompt);
  showMessage(sale, prompt);
  refreshSheet(sale, till);
}

export { meaning, sign };
