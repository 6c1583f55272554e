// The clerk's page: shows what the till says, and sends what the clerk does. It decides nothing.
import { at, onPress, setHidden, setText } from '/dom.js';
import { buildKeypad, keyOf } from '/keys.js';
import { showCamera, showSeen, startPictures } from '/picture.js';
import { showPaper, showReceipt, showSale } from '/sale.js';
import { closeSheet, openNames, sheetIsOpen } from '/sheet.js';
import { showStatus } from '/status.js';
import { choose, current, languages, load, word } from '/strings.js';
import { Till } from '/till.js';

let till = null;
let sale = null;
let status = null;

const press = (key) => till.key(key);

function redraw() {
  if (sale) showSale(sale, till);
  if (status) {
    showStatus(status);
    showCamera(status.camera);
  }
  const other = languages().find((name) => name !== current());
  setText(at('language'), word('language.other'));
  at('language').lang = other ?? 'en';
}

function lost(why) {
  setText(at('lost'), why || word('lost'));
  setHidden(at('lost'), false);
}

function notice(what) {
  setText(at('message'), word(`notice.${what.event}`, {}, what.message));
  at('message').className = 'bad';
}

// Enter on a button that the Tab key led to presses that button; else keys are the till's.
function onKey(event) {
  if (sheetIsOpen()) {
    if (event.key === 'Escape') closeSheet();
    return;
  }
  const key = keyOf(event);
  if (!key) return;
  const focused = document.activeElement;
  if (key === 'enter' && focused instanceof HTMLButtonElement) return;
  event.preventDefault();
  press(key);
}

await load();
till = new Till({
  sale: (view) => { sale = view; redraw(); },
  status: (state) => { status = state; redraw(); },
  seen: showSeen,
  committed: (done) => { showReceipt(done); if (sale) showSale(sale, till); },
  paper: (done) => { showPaper(done); if (sale) showSale(sale, till); },
  notice,
  lost,
  back: () => setHidden(at('lost'), true),
});
buildKeypad(press);
document.addEventListener('keydown', onKey);
onPress(at('customer'), () => openNames(till));
onPress(at('language'), () => {
  const all = languages();
  choose(all[(all.indexOf(current()) + 1) % all.length]);
  redraw();
});
startPictures();
