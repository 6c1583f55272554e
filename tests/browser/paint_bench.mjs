// How long a clerk waits for the screen, and what watching costs the detector, measured in Chromium
// over a real till and a real photo.
import { Browser, reads, sees, Till, until } from './till.mjs';

const KEYS = 300;
const SECONDS = 8;

function figure(name, value, unit, bound, rival) {
  const ok = bound === undefined ? '' : ` ok=${value <= bound ? 'yes' : 'no'}`;
  console.log(`FIGURE ${name} value=${value.toFixed(2)} unit=${unit}${bound === undefined ? '' : ` goal=<=${bound}`}${rival ? ` rival=${rival}` : ''}${ok}`);
  return bound === undefined || value <= bound;
}
const percentile = (values, part) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))];

// From the keydown event to the frame after the one that shows what it did.
const keyToPaint = (page, key) => page.evaluate((name) => new Promise((done) => {
  const typed = document.getElementById('typed');
  const begun = performance.now();
  const watch = new MutationObserver(() => {
    watch.disconnect();
    const changed = performance.now();
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => done([performance.now() - begun, performance.now() - changed]);
      channel.port2.postMessage(0);
    });
  });
  watch.observe(typed, { childList: true, characterData: true, subtree: true });
  document.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
}), key);

const frames = async () => Number(
  /frames_seen_total (\d+)/.exec(await (await fetch(`http://127.0.0.1:${till.port}/metrics`)).text())?.[1] ?? 0);

// Pictures that the detector finishes in a second.
async function picturesPerSecond() {
  const [begun, from] = [Date.now(), await frames()];
  await new Promise((done) => setTimeout(done, SECONDS * 1000));
  return (await frames() - from) / ((Date.now() - begun) / 1000);
}

let till = await Till.start('', 10); // as shipped
const browser = await Browser.start();
let met = true;
try {
  till.put('fruits.jpg');
  const page = await browser.open(till, 1280, 800);
  // From the start of the program to a page that shows the sale, with the browser up already.
  await till.stop();
  const begun = performance.now();
  await till.run();
  await page.goto(`http://127.0.0.1:${till.port}/`, { waitUntil: 'commit' });
  await sees(page, 'the sale', () => document.body?.dataset.state);
  met = figure('till.start_to_page_ms', performance.now() - begun, 'ms', 1000) && met;
  await page.waitForSelector('.box.sure');
  await sees(page, 'a picture', () => document.getElementById('picture').width > 300);
  const waits = [];
  for (let i = 0; i < KEYS; ++i) {
    waits.push(await keyToPaint(page, String(1 + i % 9)));
    if (i % 15 === 14) {
      for (let erase = 0; erase < 15; ++erase) await page.keyboard.press('-');
      await until('nothing typed', () => page.evaluate(() => document.getElementById('typed').textContent === ''));
    }
  }
  met = figure('till.key_to_paint_p99_ms', percentile(waits.map((one) => one[0]), 0.99), 'ms', 50,
    `p50:${percentile(waits.map((one) => one[0]), 0.5).toFixed(1)}ms`) && met;
  met = figure('till.event_to_paint_p99_ms', percentile(waits.map((one) => one[1]), 0.99), 'ms', 50) && met;
  await page.context().close();
  await till.end();
  till = await Till.start('', 60); // as fast as the detector can
  till.put('fruits.jpg');
  await until('the detector', async () => await frames() > 10);
  const watcher = await till.watcher();
  // With somebody who wants every picture, and with nobody, in turn: the machine has its moods. The
  // browser is closed: what it costs to draw is not the till's.
  const rates = { watched: 0, alone: 0 };
  for (let round = 0; round < 4; ++round) {
    watcher.look();
    rates.watched += await picturesPerSecond() / 4;
    watcher.look_away();
    await new Promise((done) => setTimeout(done, 3500)); // the till notices that nobody looks
    rates.alone += await picturesPerSecond() / 4;
  }
  met = figure('till.preview_slows_detection_percent', Math.max(0, 100 * (1 - rates.watched / rates.alone)), '%', 5,
    `watched:${rates.watched.toFixed(2)}/s,alone:${rates.alone.toFixed(2)}/s`) && met;
} finally {
  await browser.end();
  await till.end();
}
process.exit(met ? 0 : 1);
