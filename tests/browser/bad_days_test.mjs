// Goal: what goes wrong on a day at the counter is said on the page, and costs no sale.
// Method: a real till over photos without a network, Chromium; each mishap as it happens.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { Browser, lines, PHOTOS, reads, sees, step, text, Till } from './till.mjs';

const CUP = '2000000000114';

let till;
let browser;
let page;
let hindi;

before(async () => {
  till = await Till.start();
  browser = await Browser.start();
  page = await browser.open(till);
  hindi = await browser.open(till, 1280, 800, 'hi');
});
after(async () => {
  for (const one of [page, hindi]) assert.deepEqual(one.mistakes, []);
  await browser.end();
  await till.end();
});
beforeEach(async () => {
  await (await till.clerk()).act({ do: 'next' }, { do: 'void', reason: 'test' });
  await lines(page, 0);
  await step(page, 'items');
});

const press = async (...keys) => {
  for (const key of keys) await page.keyboard.press(key);
};
const complains = (one, words) => sees(one, `a complaint: ${words}`, (wanted) => {
  const node = document.getElementById('message');
  return node.className === 'bad' && node.textContent.includes(wanted);
}, words);

test('a code that the price list does not know sells nothing', async () => {
  await press(...CUP, 'Enter');
  await lines(page, 1);
  await press(...'4711', 'Enter');
  await complains(page, "'4711' is no SKU and no barcode of the price list");
  await complains(hindi, 'यह कोड मूल्य-सूची में नहीं');
  assert.equal(await text(page, 'gross'), '249.99');
  await press('2', '*'); // and the sale goes on
  await reads(page, 'gross', '499.98');
});

test('a phone number with letters is nobody\'s', async () => {
  await press(...CUP, 'Enter');
  await lines(page, 1);
  await page.click('#customer');
  await page.click('dialog input[name=first_name]');
  await page.keyboard.type('Asha');
  await page.click('dialog input[name=phone]');
  await page.keyboard.type('98765ask43');
  await page.click('dialog .main');
  await complains(page, 'phone');
  assert.equal(await page.evaluate(() => document.getElementById('customer').classList.contains('known')), false);
  await press('Enter');
  await step(page, 'tender');
  await press('-');
});

test('a finger on a button does not change what Enter means', async () => {
  await press(...CUP, 'Enter');
  await lines(page, 1);
  await page.click('#language');
  await page.click('#language');
  await page.click('#customer');
  await page.click('dialog .close');
  await press('Enter');
  await step(page, 'tender');
  await press('-');
});

test('browsers that never read what they are sent cost the clerk nothing', async () => {
  const cookie = await till.session();
  const deaf = await Promise.all(Array.from({ length: 4 }, () => new Promise((open, failed) => {
    const line = connect(till.port, '127.0.0.1', () => {
      line.pause();
      line.write(`GET /api/stream HTTP/1.1\r\nHost: 127.0.0.1:${till.port}\r\nCookie: ${cookie}\r\n\r\n`);
      open(line);
    });
    line.on('error', failed);
  })));
  for (let i = 0; i < 10; ++i) {
    await press(...CUP);
    await reads(page, 'typed', CUP);
    await press('Enter');
    await sees(page, `${i + 1} cups`, (count) => document.querySelector('#lines .times')?.textContent === `${count} ×`, i + 1);
  }
  const another = await browser.open(till);
  await lines(another, 1);
  await another.context().close();
  for (const line of deaf) line.destroy();
});

// A network camera that sends pictures while it is `well`, and then nothing, with the line open.
async function camera() {
  const jpeg = readFileSync(join(PHOTOS, 'fruits.jpg'));
  const one = { well: true };
  const server = createServer((_, answer) => {
    answer.writeHead(200, { 'Content-Type': 'multipart/x-mixed-replace; boundary=frame' });
    const timer = setInterval(() => {
      if (!one.well) return;
      answer.write(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`);
      answer.write(jpeg);
      answer.write('\r\n');
    }, 200);
    answer.on('close', () => clearInterval(timer));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  one.address = `http://127.0.0.1:${server.address().port}/camera.mjpg`;
  one.end = () => { server.closeAllConnections(); server.close(); };
  return one;
}

test('a camera that hangs is said to, and selling goes on', async () => {
  const hanging = await camera();
  const other = await Till.start('', 4, hanging.address);
  const shown = await browser.open(other);
  await shown.waitForSelector('#lines li.sure');
  await sees(shown, 'the camera well', () => document.querySelector('#health [data-key=camera].good'));
  hanging.well = false;
  await sees(shown, 'the camera named in the bar', () => /no picture|does not answer/.test(document.querySelector('#health [data-key=camera].bad')?.textContent));
  await sees(shown, 'no picture', () => !document.getElementById('no-picture').hidden);
  const metrics = await fetch(`http://127.0.0.1:${other.port}/metrics`).then((answer) => answer.text());
  assert.match(metrics, /^tillsight_camera_ok 0$/m);
  const before = await shown.evaluate(() => document.querySelectorAll('#lines > li').length);
  for (const key of [...CUP, 'Enter']) await shown.keyboard.press(key);
  await lines(shown, before + 1);
  hanging.well = true;
  await sees(shown, 'the camera well again', () => document.querySelector('#health [data-key=camera].good'));
  await sees(shown, 'a picture', () => document.getElementById('no-picture').hidden);
  assert.deepEqual(shown.mistakes, []);
  await shown.context().close();
  hanging.end();
  await other.end();
});
