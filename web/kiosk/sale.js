// The sale: its lines and their total, and what the clerk is asked now.
import { at, button, each, el, setHidden, setText } from '/dom.js';
import { meaning, showHints, showKeypad, sign } from '/keys.js';
import { sureOf } from '/picture.js';
import { openLine, openNames, refreshSheet } from '/sheet.js';
import { current, word } from '/strings.js';

const HOME = new Set(['items', 'paid', 'paying']);
let receipt = null;
let shownSelected = null;

const EMPTY_PROMPT = { step: 'items', title: '', typed: '', keys: [], options: [] };

export function showReceipt(done) {
  if (done.receipt) receipt = done;
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
  setText(at('total-name'), word(sale.refund ? 'total.refund' : 'total', { currency: sale.currency }));
  setText(at('tax'), word('tax', { amount: money(sale.tax, sale.currency) }));
  const pieces = sale.lines.reduce((sum, line) => sum + line.quantity, 0);
  setText(at('count'), word('pieces', { n: pieces }));
}

function showHead(sale, till) {
  const customer = at('customer');
  customer.onclick = () => openNames(till);
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
  const values = { gross: money(sale.gross, sale.currency), name: line?.name ?? '', quantity: line?.quantity ?? '' };
  const home = prompt.step === 'items' ? `.${prompt.keys[0]?.means ?? 'empty'}` : '';
  return word(`step.${prompt.step}${home}`, values, prompt.title);
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
  const digits = prompt.digits ?? (!home && !(prompt.options ?? []).length);
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

function paperOf(sale) {
  if (sale.report) return reportText(sale.report);
  if (sale.state !== 'paid' || !sale.paid) return null;
  const due = el('div', { className: 'due' },
    el('span', {}, word(sale.paid.refund ? 'paid.back' : 'paid.change')),
    el('b', {}, money(sale.paid.refund ? sale.paid.gross : sale.paid.change, sale.currency)));
  const mine = receipt && receipt.invoice_no === sale.paid.invoice_no;
  return [due, el('pre', {}, mine ? receipt.receipt : `${sale.paid.invoice_no}`)];
}

function reportText(report) {
  const rows = [];
  const row = (name, value) => rows.push(el('tr', {}, el('th', { scope: 'row' }, name), el('td', {}, String(value))));
  row(word('report.events'), `${report.first} – ${report.last}`);
  row(word('report.sales'), report.sales);
  row(word('report.sold'), report.sold.gross);
  row(word('report.refunds'), `${report.refunds} · ${report.refunded.gross}`);
  row(word('report.voids'), `${report.voids} · ${report.void_total}`);
  row(word('report.discounts'), `${report.discounts} · ${report.discount_total}`);
  row(word('report.corrections'), report.corrections);
  for (const [rate, sums] of Object.entries(report.takings_by_tax_bp)) {
    row(word('report.tax', { rate: Number(rate) / 100 }), `${sums.gross} (${sums.tax})`);
  }
  for (const [tender, sum] of Object.entries(report.takings_by_tender)) row(word(`option.tender.${tender}`, {}, tender), sum);
  if (report.first_invoice) row(word('report.invoices'), `${report.first_invoice} – ${report.last_invoice}`);
  row(word('report.float'), report.float);
  row(word('report.moved'), `+${report.cash_in} −${report.cash_out}`);
  row(word('report.expected'), report.expected_cash);
  for (const [tender, sum] of Object.entries(report.counted ?? {})) {
    row(word('report.counted', { tender: word(`option.tender.${tender}`, {}, tender) }), sum);
  }
  const name = word(report.kind === 'z' ? 'report.z' : 'report.x', { n: report.number ?? '' });
  return [el('table', {}, el('caption', {}, name), el('tbody', {}, ...rows))];
}

let paperKey = '';
function showPaper(sale) {
  const key = JSON.stringify([sale.report ?? null, sale.state === 'paid' ? sale.paid : null, receipt?.invoice_no, current()]);
  if (key !== paperKey) {
    paperKey = key;
    const content = paperOf(sale);
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
  showHead(sale, till);
  showLines(sale, till);
  showWanted(sale, till);
  showAsk(sale, prompt, till);
  showPaper(sale);
  showMessage(sale, prompt);
  refreshSheet(sale, till);
}

export { meaning, sign };
