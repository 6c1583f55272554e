// The camera's picture, asked for while it can be seen, and boxes with names over it.
import { at, each, el, setHidden, setText } from '/dom.js';
import { word } from '/strings.js';

const PERIOD_MS = 200;
let number = '';
let size = '';
let sure = new Map();

// How sure the camera is of what it sells by itself as `name`; "": it sees no such thing now.
export const sureOf = (name) => (sure.has(name) ? `${Math.round(sure.get(name) * 100)} %` : '');

export function showSeen(seen) {
  sure = new Map();
  for (const object of seen.objects) {
    if (object.sure) sure.set(object.name, Math.min(object.score, sure.get(object.name) ?? 1));
  }
  const shape = `${seen.width_px} / ${seen.height_px}`;
  if (shape !== size) at('frame').style.aspectRatio = size = shape;
  each(at('boxes'), seen.objects, (object) => object.id,
    () => el('div', { className: 'box' }, el('span')),
    (box, object) => {
      const [x, y, width, height] = object.box;
      Object.assign(box.style, {
        left: `${x * 100}%`, top: `${y * 100}%`, width: `${width * 100}%`, height: `${height * 100}%`,
      });
      box.classList.toggle('sure', object.sure);
      box.classList.toggle('below', y < 0.12);
      setText(box.firstChild, `${object.name} ${Math.round(object.score * 100)} %`);
    });
}

export function showCamera(state) {
  let text = number ? '' : word('camera.none');
  if (state !== 'ok') text = word('camera.blind');
  at('camera').classList.toggle('blind', state !== 'ok');
  setText(at('no-picture'), text);
  setHidden(at('no-picture'), !text);
}

const visible = () => !document.hidden && at('camera').offsetParent !== null;

async function refresh() {
  if (visible()) {
    try {
      const answer = await fetch(`/api/picture?after=${number}`);
      if (answer.status === 200) {
        const bitmap = await createImageBitmap(await answer.blob());
        const canvas = at('picture');
        if (canvas.width !== bitmap.width) canvas.width = bitmap.width;
        if (canvas.height !== bitmap.height) canvas.height = bitmap.height;
        canvas.getContext('2d').drawImage(bitmap, 0, 0);
        bitmap.close();
        number = answer.headers.get('X-Picture') ?? '';
      } else if (answer.status === 204 && !number) {
        number = '';
      }
    } catch {
      number = ''; // the till is away, and says so elsewhere
    }
  }
  setTimeout(refresh, PERIOD_MS);
}

export function startPictures() {
  refresh();
}
