// Goal: every screen can be read and reached by everybody, and looks right at every size.
// Method: axe-core on each screen; pictures of each in build/screenshots for a person to look at.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Browser, BUILD, lines, reads, sees, state, step, Till } from './till.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const FOLDER = join(BUILD, 'screenshots');
const SIZES = [[800, 480], [1280, 800], [1920, 1080]];

let till;
let browser;
const pages = [];

before(async () => {
  mkdirSync(FOLDER, { recursive: true });
  till = await Till.start();
  browser = await Browser.start();
  for (const [width, height] of SIZES) pages.push(await browser.open(till, width, height));
  pages.push(await browser.open(till, 1280, 800, 'hi'));
});
after(async () => {
  for (const page of pages) assert.deepEqual(page.mistakes, []);
  await browser.end();
  await till.end();
});

async function look(name) {
  for (const page of pages) {
    const { width, height } = page.viewportSize();
    const hindi = await page.evaluate(() => document.documentElement.lang === 'hi');
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await page.screenshot({ path: join(FOLDER, `${name}-${width}x${height}${hindi ? '-hi' : ''}.png`) });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight);
    assert.equal(overflow, false, `${name} does not fit ${width}×${height}`);
  }
  const page = pages[1];
  // evaluate() is the debugger's, which the page's own policy does not bind.
  await page.evaluate(AXE);
  const found = await page.evaluate(() => window.axe.run());
  const serious = found.violations.filter((one) => ['serious', 'critical'].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`);
  assert.deepEqual(serious, [], name);
}

const press = (...keys) => keys.reduce((before, key) => before.then(() => pages[1].keyboard.press(key)), Promise.resolve());
const everywhere = (wait, ...what) => Promise.all(pages.map((page) => wait(page, ...what)));
const code = async (digits) => {
  await press(...digits, 'Enter');
};

test('the screens of a sale', async () => {
  await everywhere(step, 'items');
  await look('01-empty');
  till.put('fruits.jpg');
  await everywhere((page) => page.waitForSelector('#lines li.ask'));
  await everywhere(sees, 'the page as it should be', () => document.getElementById('picture').width > 300);
  await everywhere((page) => page.waitForSelector('.box.sure'));
  await look('02-seen');
  await press('Enter');
  await everywhere(step, 'choose');
  await look('03-choose');
  await press('1');
  await everywhere(step, 'items');
  await code('2000000000091');
  await everywhere(sees, 'the page as it should be', () => document.querySelectorAll('#lines > li').length >= 2);
  await code('2000000000114');
  await everywhere(step, 'items');
  await look('04-lines');
  await press('*');
  await everywhere(step, 'quantity');
  await press('1', '2');
  await look('05-quantity');
  await press('-', '-', '-');
  await everywhere(step, 'items');
  await press('/');
  await everywhere(step, 'menu');
  await look('06-menu');
  await press('1');
  await everywhere(step, 'customer');
  await press(...'9876543210');
  await look('07-customer');
  await press('Enter');
  await everywhere(step, 'items');
  await press('Enter');
  await everywhere(step, 'tender');
  await look('08-tender');
  await press('1');
  await everywhere(step, 'amount');
  await press(...'1000');
  await look('09-amount');
  await press('Enter');
  await everywhere(state, 'paid');
  await everywhere(reads, 'paper', 'Tillsight Stores');
  await look('10-paid');
});

test('the screens beside a sale', async () => {
  till.clear();
  await press('Enter');
  await everywhere(state, 'open');
  await everywhere(lines, 0);
  await code('2000000000145');
  await everywhere(lines, 1);
  await press('NumLock');
  await everywhere(step, 'help');
  await look('11-help');
  await press('NumLock');
  await everywhere(step, 'items');
  for (const page of pages) await page.click('#lines .line');
  await look('12-line');
  for (const page of pages) await page.click('dialog .close');
  for (const page of pages) await page.click('#customer');
  await look('13-name');
  for (const page of pages) await page.click('dialog .close');
  await press('/');
  await everywhere(step, 'menu');
  await press('2'); // aside
  await everywhere(lines, 0);
  await look('14-held');
});

test('a lost till', async () => {
  await till.stop('SIGKILL');
  await everywhere((page) => page.waitForSelector('#lost:not([hidden])'));
  await look('15-lost');
  await till.run();
  await everywhere((page) => page.waitForSelector('#lost', { state: 'hidden' }));
});
