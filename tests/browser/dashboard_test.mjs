// Goal: a head of sales finds every report on head office's page, on a desk and on a phone, by day and by
// night, readable by everybody; and nobody sees more than their token allows.
// Method: a real hub with a made-up year, Chromium, and axe; pictures of the screens are kept.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { HeadOffice, ready, signIn } from './head_office.mjs';
import { Browser, BUILD, until } from './till.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const FOLDER = join(BUILD, 'screenshots');
const SIZES = [1440, 768, 390];

let office;
let browser;
let reports;
const tokens = {};

before(async () => {
  mkdirSync(FOLDER, { recursive: true });
  office = await HeadOffice.start(3000);
  browser = await Browser.start();
  tokens.reader = office.token('reader', 'read');
  tokens.boss = office.token('boss', 'persons');
  reports = (await office.get('reports', tokens.boss)).reports;
});
after(async () => {
  await browser.end();
  await office.end();
});

async function open(width = 1440, theme = 'light', token = tokens.boss) {
  const context = await browser.chromium.newContext({ viewport: { width, height: 900 }, colorScheme: theme, locale: 'en-IN', acceptDownloads: true });
  const page = await context.newPage();
  page.mistakes = [];
  page.on('pageerror', (mistake) => page.mistakes.push(String(mistake)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) page.mistakes.push(message.text());
  });
  await signIn(page, office, token);
  return page;
}
const close = async (page) => {
  assert.deepEqual(page.mistakes, []);
  await page.context().close();
};
const visit = (page, query) => ready(page, () => page.evaluate((where) => {
  const link = document.createElement('a');
  link.href = where;
  document.body.append(link);
  link.click();
  link.remove();
}, `/?${query}`));
const heading = (page) => page.evaluate(() => document.querySelector('h1').textContent);

async function look(page, name) {
  const fits = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  await page.screenshot({ path: join(FOLDER, `dashboard-${name}.png`), fullPage: true });
  assert.ok(fits, `${name} is wider than its screen`);
  assert.doesNotMatch(await page.evaluate(() => document.body.innerText), /\b(null|undefined|NaN)\b/, name);
}
async function everybodyCanRead(page, name) {
  await page.evaluate(AXE);
  const found = await page.evaluate(() => window.axe.run());
  const serious = found.violations.filter((one) => ['serious', 'critical'].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.html).slice(0, 3).join(' ')}`);
  assert.deepEqual(serious, [], name);
}

test('without a token there is a question for one, and a wrong one opens nothing', async () => {
  const context = await browser.chromium.newContext();
  const page = await context.newPage();
  await page.goto(office.address);
  await until('the question', () => page.evaluate(() => document.querySelector('#token') !== null));
  await everybodyCanRead(page, 'login');
  await page.fill('#token', 'tillsight_guess');
  await page.keyboard.press('Enter');
  await until('the refusal', () => page.evaluate(() => /wrong, revoked or expired/.test(document.querySelector('[role=alert]').textContent)));
  assert.equal(await page.evaluate(() => document.getElementById('menu').hidden), true);
  await context.close();
});

test('every report is shown with its rows, on a desk', async () => {
  const page = await open();
  for (const report of reports) {
    await visit(page, `view=report&report=${report.name}${report.of_a_date ? `&date=${office.newest}` : ''}`);
    const shown = await page.evaluate(() => document.querySelectorAll('main .rows tbody tr').length);
    const { rows } = await office.get(`reports/${report.name}${report.of_a_date ? `?date=${office.newest}` : ''}`, tokens.boss);
    assert.equal(shown, Math.min(rows.length, 50), report.name);
    await look(page, `1440-light-${report.name}`);
  }
  await close(page);
});

test('the pages fit a desk, a tablet and a phone, by day and by night', async () => {
  for (const width of SIZES) {
    for (const theme of ['light', 'dark']) {
      const page = await open(width, theme);
      const { rows: [invoice] } = await office.get('invoices?limit=1', tokens.boss);
      for (const [name, query] of [['today', `view=today&date=${office.newest}`], ['sales-by-day', 'view=report&report=sales-by-day'],
        ['busy-hours', 'view=report&report=busy-hours'], ['top-items', 'view=report&report=top-items'],
        ['models', 'view=models'], ['till', 'view=till&store=S01&till=T01'], ['customer', `view=customer&customer=${invoice.customer}`]]) {
        await visit(page, query);
        await look(page, `${width}-${theme}-${name}`);
        if (width !== 768) await everybodyCanRead(page, `${name}, ${width}, ${theme}`);
      }
      await close(page);
    }
  }
});

test('what is recommended is shown with its worth, its rules and its training', async () => {
  const page = await open();
  await ready(page, () => page.evaluate(() => [...document.querySelectorAll('.entries a')].find((one) => one.textContent === 'Recommendations').click()));
  assert.equal(await heading(page), 'Recommendations');
  assert.equal(await page.evaluate(() => document.querySelector('.entries [aria-current]').textContent), 'Recommendations');
  const { versions: [used], training } = await office.get('models', tokens.reader);
  const text = await page.evaluate(() => document.querySelector('main').innerText);
  for (const part of [used.title, used.settings, used.baseline, used.ndcg20.toFixed(3).replace(/^0/, ''), used.learnt_to, 'Furniture', 'hat', training.train_at, training.time_zone]) {
    assert.ok(text.includes(part), `${part} is not in: ${text}`);
  }
  const width = (name) => page.evaluate((which) => document.querySelector(which).getBoundingClientRect().width, name);
  const fills = await page.evaluate(() => [...document.querySelectorAll('.bars .fill')].map((one) => one.getBoundingClientRect().width));
  assert.ok(Math.abs(fills[1] / fills[0] - used.baseline_ndcg20 / used.ndcg20) < 0.02, `${fills}`);
  assert.ok(await width('.bars .span') > 0);
  await close(page);
});

test('a customer may want what the model says, and why', async () => {
  const page = await open();
  const { rows } = await office.get('invoices?limit=200', tokens.boss);
  const { customer } = rows.find((one) => one.customer);
  const { recommended } = await office.get(`customers/${customer}`, tokens.boss);
  assert.ok(recommended.length > 0);
  await visit(page, `view=customer&customer=${customer}`);
  const shown = await page.evaluate(() => [...document.querySelectorAll('.wants li')].map((one) => one.textContent));
  assert.deepEqual(shown, recommended.map((one) => one.item + (one.because ? ` because of ${one.because}` : '')));
  await close(page);
});

test('a training that failed is said on the first page, and what to do on its own', async () => {
  const file = join(office.folder, 'data', 'training.json');
  const record = JSON.parse(readFileSync(file, 'utf8'));
  const at = Date.now();
  writeFileSync(file, JSON.stringify({ ...record, began_ms: at, ended_ms: at, failed: true, said: 'the disk is full; make room' }));
  const page = await open();
  await until('the tile', () => page.evaluate(() => /Training\s*failed/.test(document.querySelector('#tiles').innerText)));
  await look(page, '1440-light-training-failed');
  await everybodyCanRead(page, 'training failed');
  await ready(page, () => page.evaluate(() => [...document.querySelectorAll('#tiles a')].find((one) => /failed/.test(one.textContent)).click()));
  assert.match(await page.evaluate(() => document.querySelector('[role=alert]').textContent), /the disk is full; make room\. What was in use stays/);
  await look(page, '1440-light-models-failed');
  writeFileSync(file, JSON.stringify(record));
  await close(page);
});

test('a table sorts by what is pressed, and filters stand in the address', async () => {
  const page = await open();
  await visit(page, 'view=report&report=aisles');
  const column = (index) => page.evaluate((at) => [...document.querySelectorAll('main .rows tbody tr')].map((row) => row.children[at].textContent), index);
  const sort = (name) => page.evaluate((text) => [...document.querySelectorAll('main .rows thead button')].find((one) => one.textContent === text).click(), name);
  await sort('Aisle');
  const names = await column(0);
  assert.deepEqual(names, [...names].sort((a, b) => a.localeCompare(b)));
  await sort('Aisle');
  assert.deepEqual(await column(0), [...names].reverse());
  await until('the stores', () => page.evaluate(() => document.querySelectorAll('#store option').length === 3));
  await ready(page, () => page.selectOption('#store', 'S02'));
  assert.match(page.url(), /store=S02/);
  assert.match(page.url(), /report=aisles/);
  const { totals } = await office.get('reports/aisles?store=S02', tokens.reader);
  assert.ok((await page.evaluate(() => document.querySelector('.tiles').textContent)).includes(new Intl.NumberFormat('en-IN').format(totals.invoices)));
  await ready(page, () => page.goBack());
  assert.doesNotMatch(page.url(), /store=S02/);
  await close(page);
});

test('what is shown can be taken along', async () => {
  const page = await open();
  await visit(page, 'view=report&report=sales-by-month');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('a[download$=".csv"]')]);
  assert.equal(download.suggestedFilename(), 'sales-by-month.csv');
  assert.match(readFileSync(await download.path(), 'utf8'), /^month,invoices,/);
  await close(page);
});

test('who may not read persons is not offered them', async () => {
  const page = await open(1440, 'light', tokens.reader);
  const menu = await page.evaluate(() => document.getElementById('menu').textContent);
  assert.doesNotMatch(menu, /Top customers/);
  const { rows: [invoice] } = await office.get('invoices?limit=1', tokens.reader);
  await visit(page, `view=customer&customer=${invoice.customer}`);
  assert.match(await page.evaluate(() => document.querySelector('main').textContent), /needs a token of scope persons/);
  await close(page);
});

test('a theme that somebody chose stays', async () => {
  const page = await open();
  await page.selectOption('#theme', 'dark');
  await page.reload();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
  await close(page);
});

test('signing out, and a revoked token, end what was open', async () => {
  const page = await open();
  await ready(page, () => page.click('#leave'));
  await page.goto(office.address);
  await until('the question', () => page.evaluate(() => document.querySelector('#token') !== null));
  await page.context().close();
  const other = await open(1440, 'light', office.token('short', 'read'));
  office.revoke('short');
  await ready(other, () => other.evaluate(() => document.querySelector('.entries a').click()));
  assert.equal(await heading(other), 'Tillsight head office');
  await other.context().close();
});
