// The bar: how the till is, in words that say what is wrong.
import { at, each, el, setText } from '/dom.js';
import { word } from '/strings.js';

function age(from, now) {
  const seconds = Math.max(0, Math.round((Date.parse(now) - Date.parse(from)) / 1000));
  if (!Number.isFinite(seconds)) return '';
  if (seconds < 60) return word('age.s', { n: seconds });
  if (seconds < 3600) return word('age.min', { n: Math.floor(seconds / 60) });
  if (seconds < 86400) return word('age.h', { n: Math.floor(seconds / 3600) });
  return word('age.d', { n: Math.floor(seconds / 86400) });
}

// How things are: "good", "mind" (sell on, somebody should know) or "bad".
function chips(status) {
  const office = { online: ['good', 'office.online'], away: ['mind', 'office.away'] }[status.head_office] ??
    (status.head_office.startsWith('refused') ? ['bad', 'office.refused'] : ['mind', 'office.none']);
  const all = [
    { id: 'camera', state: status.camera === 'ok' ? 'good' : 'bad', text: word(status.camera === 'ok' ? 'camera.ok' : 'camera.bad'), more: status.camera },
    { id: 'office', state: office[0], text: word(office[1]), more: '' },
    {
      id: 'unsynced',
      state: status.unsynced > 0 && office[0] !== 'good' ? 'mind' : 'good',
      text: status.unsynced > 0
        ? word('unsynced.some', { n: status.unsynced, age: age(status.oldest_unsynced, status.now) })
        : word('unsynced.none'),
      more: '',
    },
    { id: 'disk', state: status.disk === 'ok' ? 'good' : 'bad', text: word(status.disk === 'ok' ? 'disk.ok' : 'disk.bad'), more: status.disk },
  ];
  for (const [id, state] of Object.entries(status.devices ?? {})) {
    all.push({ id, state: state === 'ok' ? 'good' : 'bad', text: word(`device.${id}`, {}, id), more: state });
  }
  if (status.clock !== 'trusted') {
    all.push({ id: 'clock-bad', state: 'mind', text: word('clock.bad'), more: '' });
  }
  return all;
}

export function showStatus(status) {
  setText(at('till-name'), `${status.store} / ${status.till}`);
  setText(at('clock'), status.time.slice(0, 5));
  setText(at('version'), `v${status.version}`);
  each(at('health'), chips(status), (chip) => chip.id,
    () => el('li', {}, el('i'), el('span'), el('em')),
    (node, chip) => {
      if (node.className !== chip.state) node.className = chip.state;
      setText(node.children[1], chip.text);
      const more = chip.state === 'good' || chip.more === 'ok' ? '' : chip.more;
      setText(node.children[2], more);
      node.title = more;
    });
}
