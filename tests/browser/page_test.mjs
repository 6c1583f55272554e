// Goal: a clerk sells with this page by finger and by keyboard, and nothing that happens to the page
// costs a sale.
// Method: a real till over photos without a network, Chromium, waiting only for what is seen.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { Browser, lines, reads, saleText, sees, state, step, text, Till, until } from './till.mjs';

let till;
let browser;
let page;

before(async () => {
  till = await Till.start();
  browser = await Browser.start();
  page = await browser.open(till);
});
after(async () => {
  assert.deepEqual(page.mistakes, []);
  await browser.end();
  await till.end();
});
// Each test begins with an empty counter and no sale.
beforeEach(async () => {
  till.clear();
  await page.evaluate(() => document.activeElement?.blur());
  await until('an empty sale', async () => {
    if (await page.evaluate(() => document.body.dataset.state === 'open' && !document.querySelector('#lines > li') && document.body.dataset.step === 'items' && !document.getElementById('typed').textContent)) return true;
    await page.evaluate(() => fetch('/api/stream').then(async (answer) => {
      const reader = answer.body.getReader();
      const token = /"token":"(\w+)"/.exec(new TextDecoder().decode((await reader.read()).value))[1];
      await reader.cancel();
      const actions = [...Array(22).fill('{"do":"key","key":"minus"}'), '{"do":"next"}', '{"do":"void","reason":"test"}'];
      await fetch('/api/act', { method: 'POST', body: actions.join('\n'), headers: { 'Content-Type': 'application/json', 'X-Tillsight-Token': token } });
    }));
    await new Promise((done) => setTimeout(done, 200));
    return false;
  });
});

const press = async (...keys) => {
  for (const key of keys) await page.keyboard.press(key);
};
const typeCode = async (code) => {
  await press(...code);
  await reads(page, 'typed', code);
  await press('Enter');
};

test('a sale by finger, from a photo', async () => {
  till.put('fruits.jpg');
  await page.waitForSelector('#lines li.sure');
  await page.waitForSelector('#lines li.ask .line');
  await page.waitForSelector('#boxes .box');
  await page.click('#lines li.ask .line');
  await page.click('dialog .danger'); // a lemon, which this shop does not sell
  await lines(page, 1);
  await page.click('.hint-enter');
  await step(page, 'tender');
  await page.click('.option >> nth=0');
  await step(page, 'amount');
  await page.click('#keypad .key-5');
  await page.click('#keypad .key-0');
  await page.click('#keypad .key-enter');
  await state(page, 'paid');
  assert.match(await text(page, 'paper'), /30\.00/);
  await reads(page, 'paper', 'Tillsight Stores');
});

test('a sale by the keys of a keypad alone', async () => {
  await typeCode('2000000000091');
  await lines(page, 1);
  await press('3', '*');
  await sees(page, 'the page as it should be', () => document.querySelector('#lines .times').textContent === '3 ×');
  assert.equal(await text(page, 'gross'), '59.97');
  await press('Enter');
  await step(page, 'tender');
  await press('2');
  await step(page, 'confirm');
  await press('Enter');
  await state(page, 'paid');
});

test('keys faster than a hand arrive in their order', async () => {
  const digits = '20000000000912000000';
  await page.evaluate((all) => {
    for (const key of all) document.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  }, [...digits]);
  await reads(page, 'typed', digits);
});

test('a page that is loaded again, and a second one, show the same sale', async () => {
  await typeCode('2000000000114');
  await lines(page, 1);
  const before = await saleText(page);
  await page.reload();
  await lines(page, 1);
  assert.equal(await saleText(page), before);
  const second = await browser.open(till, 800, 480);
  await lines(second, 1);
  assert.equal(await saleText(second), before);
  await second.keyboard.press('2');
  await second.keyboard.press('*');
  await sees(page, 'the page as it should be', () => document.querySelector('#lines .times')?.textContent === '2 ×');
  await second.context().close();
});

test('a name is typed on the screen, in two scripts', async () => {
  await page.click('#customer');
  await page.click('dialog input[name=first_name]');
  for (const letter of ['A', 's', 'h', 'a']) await page.click(`dialog .board button:text-is("${letter}")`);
  await page.click('dialog input[name=phone]');
  for (const digit of '9876543210') await page.click(`dialog .board button:text-is("${digit}")`);
  await page.click('dialog .main');
  await reads(page, 'customer', 'Asha');
  await page.click('#customer');
  await page.click('dialog .danger');
  await sees(page, 'the page as it should be', () => !document.getElementById('customer').classList.contains('known'));
});

test('the language is changed, and remembered', async () => {
  await page.click('#language');
  await sees(page, 'the page as it should be', () => document.documentElement.lang === 'hi');
  assert.match(await text(page, 'total-name'), /कुल/);
  await page.reload();
  await sees(page, 'the page as it should be', () => document.body.dataset.state);
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'hi');
  await page.click('#language');
});

test('lines that arrive move nothing else', async () => {
  const places = () => page.evaluate(() => ['bar', 'left', 'sale', 'head', 'foot', 'gross'].map((id) => {
    const { top, bottom } = document.getElementById(id).getBoundingClientRect();
    return [id, top, bottom];
  }));
  await typeCode('2000000000114');
  await lines(page, 1);
  const before = await places();
  for (const code of ['2000000000107', '2000000000091', '2000000000138', '2000000000152', '2000000000169', '2000000000176']) {
    await typeCode(code);
    await sees(page, 'the page as it should be', () => document.getElementById('typed').textContent === '');
  }
  await lines(page, 7);
  assert.deepEqual(await places(), before);
});

test('every button is large enough for a finger', async () => {
  for (const [width, height] of [[800, 480], [1280, 800], [1920, 1080]]) {
    const one = await browser.open(till, width, height);
    await one.keyboard.press('/');
    await step(one, 'menu');
    const small = await one.evaluate(() => [...document.querySelectorAll('button')]
      .filter((node) => node.offsetParent && (node.offsetHeight < 44 || node.offsetWidth < 44))
      .map((node) => `${node.textContent} ${node.offsetWidth}×${node.offsetHeight}`));
    assert.deepEqual(small, [], `${width}×${height}`);
    await one.keyboard.press('-');
    await one.context().close();
  }
});

test('another page in the same browser presses no key', async () => {
  await typeCode('2000000000114');
  await lines(page, 1);
  const before = await saleText(page);
  const elsewhere = createServer((_, answer) => answer.setHeader('Content-Type', 'text/html').end('<form method="post" enctype="text/plain"><input name=a></form>'));
  await new Promise((done) => elsewhere.listen(0, '127.0.0.1', done));
  const other = await page.context().newPage();
  await other.goto(`http://127.0.0.1:${elsewhere.address().port}/`);
  const outcomes = await other.evaluate(async (target) => {
    const action = '{"do":"void","reason":"stranger"}';
    const tried = [];
    for (const init of [
      { method: 'POST', mode: 'no-cors', credentials: 'include', body: action },
      { method: 'POST', mode: 'cors', credentials: 'include', body: action, headers: { 'Content-Type': 'application/json', 'X-Tillsight-Token': 'x' } },
      { mode: 'cors', credentials: 'include' },
    ]) {
      tried.push(await fetch(`${target}/api/${init.method ? 'act' : 'stream'}`, init).then((answer) => `${answer.type} ${answer.status}`, () => 'refused'));
    }
    return tried;
  }, `http://127.0.0.1:${till.port}`);
  assert.deepEqual(outcomes, ['refused', 'refused', 'refused']);
  await Promise.all([
    other.waitForNavigation(),
    other.evaluate((target) => { document.forms[0].action = `${target}/api/act`; document.forms[0].submit(); }, `http://127.0.0.1:${till.port}`),
  ]);
  assert.match(await other.evaluate(() => document.body.textContent), /another page may not ask/);
  await other.close();
  elsewhere.close();
  assert.equal(await saleText(page), before);
});

test('a till that is killed is said to be lost, and comes back with its sale', async () => {
  await typeCode('2000000000114');
  await lines(page, 1);
  const before = await saleText(page);
  await till.stop('SIGKILL');
  await page.waitForSelector('#lost:not([hidden])');
  await till.run();
  await page.waitForSelector('#lost', { state: 'hidden' });
  await lines(page, 1);
  assert.equal(await saleText(page), before);
  await press('9');
  await reads(page, 'typed', '9');
});
