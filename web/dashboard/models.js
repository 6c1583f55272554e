// What is recommended: the model in use, what it is worth, and how training goes on.
import { ask } from './api.js';
import { el, panel, tile } from './dom.js';
import { moment, number } from './format.js';
import { table } from './table.js';

const share = (value) => value.toFixed(3).replace(/^0/, '');
const VIEWS = { all: 'all items', new: 'items new to the customer' };

const COLUMNS = [['version', 'integer'], ['made_at', 'text'], ['model', 'text'], ['NDCG@20', 'text'], ['best_baseline', 'text'], ['judged_by', 'text'],
  ['learnt_to', 'text'], ['customers', 'integer'], ['items', 'integer']].map(([name, type]) => ({ name, type }));

const interval = (one) => `${share(one.ndcg20)} (${share(one.ndcg20_low)} to ${share(one.ndcg20_high)})`;
const asRow = (one) => ({
  ...one,
  model: [one.in_use ? `★ ${one.title}` : one.title, one.settings].filter(Boolean).join(', '),
  'NDCG@20': interval(one),
  best_baseline: `${share(one.baseline_ndcg20)} ${one.baseline}`,
  judged_by: VIEWS[one.judged] ?? one.judged,
});

// The model and the best baseline on one scale; the marks on the bar are the interval.
function scale(one) {
  const most = Math.max(one.ndcg20_high, one.baseline_ndcg20) || 1;
  const part = (className, from, to) => {
    const node = el('i', { className });
    node.style.insetInlineStart = `${100 * from / most}%`;
    node.style.inlineSize = `${100 * (to - from) / most}%`;
    return node;
  };
  const bar = (name, value, text, marks) => el('li', {}, el('span', { className: 'label', title: name }, name),
    el('span', { className: 'track', 'aria-hidden': 'true' }, part('fill', 0, value), marks), el('span', { className: 'value' }, text));
  return el('ul', { className: 'bars worth' },
    bar(one.title, one.ndcg20, interval(one), part('span', one.ndcg20_low, one.ndcg20_high)),
    bar(one.baseline, one.baseline_ndcg20, share(one.baseline_ndcg20)));
}

function trainingOf(training) {
  if (!training) {
    return [el('p', { className: 'calm' }, 'Nothing is trained by itself: set train_at under [recommend] in hub.toml, or run tillsight recommend train.')];
  }
  const every = training.every_days === 1 ? 'every day' : `every ${training.every_days} days`;
  const last = training.ended_at
    ? el('p', training.failed ? { className: 'bad', role: 'alert' } : {},
      `${training.failed ? 'The last one failed' : 'The last one ended'}, ${moment(training.ended_at)}: ${training.said}${training.failed ? '. What was in use stays; it is tried again the next day.' : ''}`)
    : el('p', { className: 'soft' }, 'None has ended yet.');
  return [
    el('p', {}, `At ${training.train_at} in ${training.time_zone}, ${every}. `,
      training.running_since ? `One runs since ${moment(training.running_since)}.` : training.next_at ? `The next one is due ${moment(training.next_at)}.` : ''),
    last];
}

function leftOutOf({ aisles, items }) {
  const list = (name, values) => (values.length ? el('p', {}, el('b', {}, `${name}: `), values.join(', ')) : null);
  if (!aisles.length && !items.length) return [el('p', { className: 'calm' }, 'Everything that is sold may be recommended. Aisles and items that may not: without_aisles and without_items in hub.toml.')];
  return [list('Aisles', aisles), list('Items', items)];
}

export async function showModels(main) {
  const { versions, left_out: leftOut, training } = await ask('models');
  const used = versions.find((one) => one.in_use);
  const lead = used ? Math.round(100 * (used.ndcg20 / used.baseline_ndcg20 - 1)) : 0;
  main.replaceChildren(
    el('div', { className: 'headline' }, el('h1', {}, 'Recommendations'), el('span', { className: 'soft' }, 'what customers may want')),
    used ? el('div', { className: 'tiles' },
      tile('In use', used.title, `version ${used.version}, made ${moment(used.made_at)}`),
      tile('NDCG@20', share(used.ndcg20), used.baseline_ndcg20 && used.title !== used.baseline ? `${lead >= 0 ? '▲' : '▼'} ${Math.abs(lead)} % on ${used.baseline}` : 'no model beat it', lead < 0 ? 'mind' : ''),
      tile('Customers', number(used.customers), `${number(used.items)} items`),
      tile('Learnt to', used.learnt_to, VIEWS[used.judged] ?? used.judged)) : el('p', { className: 'calm' }, 'Nothing was trained yet: tillsight recommend train does it.'),
    used ? panel('What it is worth', scale(used), el('p', { className: 'soft' }, 'NDCG@20 of the model in use, and of the best simple baseline, on the days that judged: 1 is a perfect list of twenty. In brackets, and between the marks, what 95 of 100 draws of as many customers give.')) : '',
    panel('Training', ...trainingOf(training)),
    panel('Left out', ...leftOutOf(leftOut)),
    versions.length ? panel('Versions', table(COLUMNS, versions.map(asRow), { caption: 'Versions that are kept; a star marks the one in use' })) : '');
  return {};
}
