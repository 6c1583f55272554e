// The seventeen keys of a numeric keypad: on the screen, and from a keyboard of this machine. (The
// till's own keypad does not come through the browser.)
import { at, button, each, el, setText } from '/dom.js';
import { word } from '/strings.js';

export const SIGNS = {
  enter: '⏎', dot: '.', plus: '+', minus: '−', times: '×', slash: '/', num: 'Num', back: '⌫',
};
const LAYOUT = [
  'num', 'slash', 'times', 'minus', '7', '8', '9', 'plus', '4', '5', '6', '1', '2', '3', 'enter', '0', 'dot',
];
const BY_CODE = {
  Enter: 'enter', NumpadEnter: 'enter', '.': 'dot', ',': 'dot', '+': 'plus', '-': 'minus', '*': 'times',
  '/': 'slash', NumLock: 'num', F1: 'num', Backspace: 'back', Escape: 'minus', Delete: 'dot',
};
// A keypad whose num lock is off says these.
const BY_POSITION = {
  Numpad0: '0', Numpad1: '1', Numpad2: '2', Numpad3: '3', Numpad4: '4', Numpad5: '5', Numpad6: '6',
  Numpad7: '7', Numpad8: '8', Numpad9: '9', NumpadDecimal: 'dot',
};

export function keyOf(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  if (event.code in BY_POSITION) return BY_POSITION[event.code];
  if (/^[0-9]$/.test(event.key)) return event.key;
  return BY_CODE[event.key] ?? null;
}

export const sign = (key) => SIGNS[key] ?? key;

export function meaning(hint) {
  return word(`key.${hint.means}`, {}, hint.label);
}

export function buildKeypad(press) {
  at('keypad').append(...LAYOUT.map((key) => button(
    { className: `key key-${key}`, value: key }, () => press(key),
    el('b', {}, sign(key)), el('small'))));
}

export function showKeypad(prompt) {
  const hints = new Map(prompt.keys.map((hint) => [hint.key, hint]));
  for (const option of prompt.options ?? []) hints.set(option.key, null);
  for (const key of at('keypad').children) {
    const hint = hints.get(key.value);
    const digit = /^[0-9]$/.test(key.value);
    setText(key.lastChild, hint ? meaning(hint) : '');
    key.classList.toggle('idle', !digit && !hint);
    key.setAttribute('aria-label', hint ? `${sign(key.value)}: ${meaning(hint)}` : sign(key.value));
  }
}

// Shows and hides the digits where the till asks for none: a code can be typed by finger too.
function keypadCaller() {
  const node = button({ className: 'caller' }, () => {
    node.setAttribute('aria-pressed', String(document.body.classList.toggle('keypad')));
  }, el('kbd', {}, '123'), el('span'));
  node.setAttribute('aria-pressed', 'false');
  return node;
}

// What to press next, as buttons.
export function showHints(prompt, press) {
  const calls = { key: 'keypad', means: 'keypad' };
  each(at('hints'), [...prompt.keys, calls], (hint) => hint.key,
    (hint) => hint.key === 'keypad' ? keypadCaller() : button({ className: `hint hint-${hint.key}` }, () => press(hint.key), el('kbd', {}, sign(hint.key)), el('span')),
    (node, hint) => setText(node.lastChild, meaning(hint)));
}
