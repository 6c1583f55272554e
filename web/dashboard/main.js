// Head office's page: who looks, at what, and what is new.
import { ask, forget, Problem, signIn, signOut } from './api.js';
import { redraw } from './charts.js';
import { at, el } from './dom.js';
import { title } from './format.js';
import { showModels } from './models.js';
import { filters, link, onMove, place } from './place.js';
import { showCustomer, showReport, showTill, storePicker } from './pages.js';
import { showToday } from './today.js';

const VIEWS = { today: showToday, models: showModels, report: showReport, till: showTill, customer: showCustomer };

let me = null;
let stores = [];
let shown = {}; // what the page on the screen wants to know
let turn = 0;

let menuOf = '';

function menu() {
  const { view = 'today', report } = place();
  const entry = (text, href, current) => el('a', { href, ...(current ? { 'aria-current': 'page' } : {}) }, text);
  // It is built anew only when its links change.
  const key = JSON.stringify([filters(), me.name, stores]);
  if (key === menuOf) {
    for (const one of at('menu').querySelectorAll('.entries a')) {
      const to = new URLSearchParams(one.search);
      const current = to.get('view') === view && (to.get('report') ?? undefined) === (view === 'report' ? report : undefined);
      if (current) one.setAttribute('aria-current', 'page');
      else one.removeAttribute('aria-current');
    }
    at('jump').value = link(['report', 'models'].includes(view) ? view : 'today', view === 'report' ? { report } : {});
    return;
  }
  menuOf = key;
  const list = me.reports.filter((one) => me.persons || !one.names_persons);
  const select = el('select', { id: 'jump', 'aria-label': 'Page' }, el('option', { value: link('today') }, 'Today'),
    el('option', { value: link('models'), selected: view === 'models' }, 'Recommendations'),
    ...list.map((one) => el('option', { value: link('report', { report: one.name }), selected: one.name === report }, title(one.name))));
  select.addEventListener('change', () => { history.pushState(null, '', select.value); show(); });
  at('menu').replaceChildren(storePicker(stores), select,
    el('div', { className: 'entries' }, entry('Today', link('today'), view === 'today'),
      entry('Recommendations', link('models'), view === 'models'), el('h2', {}, 'Reports'),
      ...list.map((one) => entry(title(one.name), link('report', { report: one.name }), view === 'report' && one.name === report))));
}

function failed(problem) {
  if (problem.name === 'AbortError') return;
  if (problem.status === 401) {
    login('');
    return;
  }
  const again = el('button', { type: 'button' }, 'Try again');
  again.addEventListener('click', show);
  at('main').replaceChildren(el('h1', {}, 'This cannot be shown'), el('p', { className: 'calm', role: 'alert' }, problem.message), again);
  if (!(problem instanceof Problem)) throw problem;
}

async function show() {
  const mine = ++turn;
  forget();
  shown.end?.();
  shown = {};
  const { view = 'today' } = place();
  menu();
  at('main').classList.add('waiting');
  const fresh = el('div');
  try {
    const made = await (VIEWS[view] ?? showToday)(fresh, me);
    if (mine !== turn) {
      made.end?.();
      return;
    }
    shown = made;
    at('main').replaceChildren(...fresh.childNodes);
    document.title = `${at('main').querySelector('h1')?.textContent ?? 'Head office'} · Tillsight`;
  } catch (problem) {
    if (mine === turn) failed(problem);
  } finally {
    if (mine === turn) {
      at('main').classList.remove('waiting');
      document.body.dataset.ready = String(mine);
    }
  }
}

let stream = null;
function listen() {
  stream?.close();
  stream = new EventSource('/api/v1/stream');
  const say = (text, state) => { at('live').textContent = text; at('live').className = state; };
  stream.addEventListener('hello', () => say('live', 'good'));
  stream.addEventListener('invoice', (event) => shown.invoice?.(JSON.parse(event.data)));
  stream.addEventListener('error', () => say('not connected', 'bad'));
}

function login(why) {
  stream?.close();
  at('bar').hidden = true;
  at('menu').hidden = true;
  const token = el('input', { type: 'password', id: 'token', autocomplete: 'current-password', required: true, spellcheck: false });
  const said = el('p', { className: 'bad', role: 'alert' }, why);
  const form = el('form', { className: 'panel login' }, el('h1', {}, 'Tillsight head office'), el('label', { htmlFor: 'token' }, 'Token'), token, said,
    el('button', { className: 'main' }, 'Sign in'), el('p', { className: 'soft' }, 'An administrator makes one: tillsight hub token add NAME --scope read'));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    said.textContent = '';
    try {
      await signIn(token.value.trim());
      await start();
    } catch (problem) {
      said.textContent = problem.message;
    }
  });
  at('main').replaceChildren(form);
  at('main').classList.remove('waiting');
  document.body.dataset.ready = 'login';
  token.focus();
}

async function start() {
  try {
    const [session, list] = await Promise.all([ask('session'), ask('reports')]);
    me = { ...session, persons: session.scope !== 'read', reports: list.reports };
  } catch (problem) {
    if (problem.status === 401) login('');
    else failed(problem);
    return;
  }
  at('who').textContent = me.name;
  at('bar').hidden = false;
  at('menu').hidden = false;
  listen();
  await show();
  const tills = await fetch('/api/v1/reports/tills').then((answer) => answer.json(), () => null);
  if (!tills?.rows) return;
  stores = [...new Set(tills.rows.map((row) => row.store))].toSorted();
  menu();
}

at('theme').value = document.documentElement.dataset.theme;
at('theme').addEventListener('change', () => {
  localStorage.setItem('theme', at('theme').value);
  document.documentElement.dataset.theme = at('theme').value;
  redraw();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
at('leave').addEventListener('click', async () => {
  await signOut(me.action_token).catch(() => {});
  login('');
});
onMove(show);
start();
