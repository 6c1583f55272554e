// What fingers do that keys do by digits: one line's quantity and kind, and a customer's name by an
// on-screen keyboard.
import { at, button, el, setText } from '/dom.js';
import { current, word } from '/strings.js';

let shown = null; // {line} or {names}

export const sheetIsOpen = () => at('sheet').open;

export function closeSheet() {
  shown = null;
  at('sheet').close();
}

function open(what, ...content) {
  shown = what;
  at('sheet').replaceChildren(...content);
  if (!at('sheet').open) at('sheet').showModal();
}

const closer = () => button({ className: 'close' }, closeSheet, word('close'));

// --- a line ---

export function openLine(id, till) {
  shown = { line: id };
  at('sheet').dataset.drawn = '';
  refreshSheet(lastSale, till, true);
}

let lastSale = null;
export function refreshSheet(sale, till, opening = false) {
  lastSale = sale;
  if (!shown || shown.line === undefined) return;
  const line = sale?.lines.find((one) => one.line === shown.line);
  if (!line || sale.state !== 'open') return opening ? undefined : closeSheet();
  const drawn = JSON.stringify(line);
  if (at('sheet').dataset.drawn === drawn) return;
  at('sheet').dataset.drawn = drawn;
  drawLine(line, till);
}

function drawLine(line, till) {
  const set = (quantity) => till.act({ do: 'quantity', line: line.line, quantity });
  const focused = at('sheet').contains(document.activeElement) ? document.activeElement.value : null;
  open({ line: line.line },
    el('h2', {}, line.name),
    el('p', { className: 'hint-text' }, line.hint ?? ''),
    el('div', { className: 'stepper' },
      button({ value: 'less', ariaLabel: word('less'), disabled: line.quantity <= 1 || line.state === 'ask' }, () => set(line.quantity - 1), '−'),
      el('output', {}, String(line.quantity)),
      button({ value: 'more', ariaLabel: word('more'), disabled: line.state === 'ask' }, () => set(line.quantity + 1), '+')),
    el('div', { className: 'choices' }, ...(line.choices ?? []).slice(0, 6).map((choice) => button(
      { value: choice.sku, className: choice.sku === line.sku ? 'now' : '' },
      () => { till.act({ do: 'choose', line: line.line, sku: choice.sku }); closeSheet(); },
      el('b', {}, choice.name), el('span', {}, choice.unit_price)))),
    el('div', { className: 'row' },
      button({ className: 'danger', value: 'out' }, () => { till.act({ do: 'remove', line: line.line }); closeSheet(); }, word('key.remove')),
      closer()));
  [...at('sheet').querySelectorAll('button')].find((node) => node.value === focused)?.focus();
}

// --- a customer's name ---

const ROWS = {
  en: ['1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'],
};
const HINDI = ['1234567890', 'अआइईउऊएऐओऔ', 'ािीुूेैोौंँ', 'कखगघचछजझटठ', 'डढणतथदधनपफ', 'बभमयरलवशषस', 'ह्ृ़'];

export function openNames(till) {
  const fields = ['first_name', 'last_name', 'phone'].map((name) => el('input', {
    name, autocomplete: 'off', spellcheck: false, maxLength: 80,
    inputMode: 'none', ariaLabel: word(`name.${name}`), placeholder: word(`name.${name}`),
  }));
  let field = fields[2];
  for (const one of fields) one.addEventListener('focus', () => { field = one; });
  const board = el('div', { className: 'board' });
  let script = current();
  let capital = true;
  const type = (text) => {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
    if (capital) { capital = false; draw(); }
    field.focus();
  };
  const erase = () => {
    const to = field.selectionEnd;
    const from = field.selectionStart === to ? Math.max(0, to - 1) : field.selectionStart;
    field.setRangeText('', from, to, 'end');
    field.focus();
  };
  const draw = () => {
    const rows = (script === 'hi' ? HINDI : ROWS.en).map((row) => el('div', { className: 'board-row' },
      ...[...row].map((letter) => {
        const text = capital ? letter.toUpperCase() : letter;
        return button({}, () => type(text), /\p{M}/u.test(text) ? `◌${text}` : text);
      })));
    board.replaceChildren(...rows, el('div', { className: 'board-row' },
      button({ className: capital ? 'on' : '', ariaLabel: 'Shift' }, () => { capital = !capital; draw(); field.focus(); }, '⇧'),
      button({ ariaLabel: word('name.script') }, () => { script = script === 'hi' ? 'en' : 'hi'; draw(); field.focus(); }, script === 'hi' ? 'ABC' : 'अआ'),
      button({ className: 'wide', ariaLabel: word('name.space') }, () => type(' '), ' '),
      button({}, () => type('+'), '+'), button({}, () => type('-'), '-'), button({}, () => type("'"), "'"),
      button({ ariaLabel: word('name.erase') }, erase, '⌫')));
  };
  const done = () => {
    const [first_name, last_name, phone] = fields.map((one) => one.value.trim());
    const action = { do: 'customer' };
    if (first_name) action.first_name = first_name;
    if (last_name) action.last_name = last_name;
    if (phone) action.phone = phone;
    till.act(action);
    closeSheet();
  };
  draw();
  const form = el('form', { method: 'dialog', className: 'names' },
    el('h2', {}, word('name.title')), el('div', { className: 'fields' }, ...fields), board,
    el('div', { className: 'row' },
      button({ className: 'danger' }, () => { till.act({ do: 'customer' }); closeSheet(); }, word('name.nobody')),
      closer(), el('button', { type: 'submit', className: 'main' }, word('name.done'))));
  form.addEventListener('submit', (event) => { event.preventDefault(); done(); });
  open({ names: true }, form);
  field.focus();
}
