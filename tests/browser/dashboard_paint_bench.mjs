// How long a head of sales waits, on a year of data: from the address to the first figures, and from a press
// to the page that answers it.
import { HeadOffice, ready, signIn } from './head_office.mjs';
import { Browser } from './till.mjs';

const INVOICES = 90_000;
const PRESSES = 40;

function figure(name, value, unit, bound, rival) {
  console.log(`FIGURE ${name} value=${value.toFixed(1)} unit=${unit} goal=<=${bound}${rival ? ` rival=${rival}` : ''} ok=${value <= bound ? 'yes' : 'no'}`);
  return value <= bound;
}
const percentile = (values, part) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))];

const office = await HeadOffice.start(INVOICES);
const browser = await Browser.start();
let met = true;
try {
  const token = office.token('boss', 'persons');
  const page = await (await browser.chromium.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signIn(page, office, token);
  const paints = [];
  for (let i = 0; i < 5; ++i) {
    await page.goto(`${office.address}?view=today&date=${office.newest}`);
    await page.waitForSelector('#tiles');
    paints.push(await page.evaluate(() => performance.now()));
  }
  met = figure('dashboard.address_to_figures_ms', percentile(paints, 0.5), 'ms', 1000,
    `worst:${Math.max(...paints).toFixed(0)}ms`) && met;
  met = figure('dashboard.first_paint_ms', await page.evaluate(() => performance.getEntriesByType('paint').at(-1)?.startTime ?? 0), 'ms', 1000) && met;
  // A press that needs nothing of head office: sorting the year by a column.
  await ready(page, () => page.evaluate(() => [...document.querySelectorAll('.entries a')].find((one) => one.textContent === 'Sales by day').click()));
  const sorts = await page.evaluate(async (presses) => {
    const waits = [];
    const heads = [...document.querySelectorAll('main .rows thead button')];
    for (let i = 0; i < presses; ++i) {
      const begun = performance.now();
      heads[i % heads.length].click();
      await new Promise((done) => requestAnimationFrame(() => { const next = new MessageChannel(); next.port1.onmessage = done; next.port2.postMessage(0); }));
      waits.push(performance.now() - begun);
    }
    return waits;
  }, PRESSES);
  met = figure('dashboard.press_to_sorted_p95_ms', percentile(sorts, 0.95), 'ms', 100) && met;
  // A press that asks head office: the standing reports, which are kept added up.
  const moves = [];
  for (let i = 0; i < PRESSES; ++i) {
    const name = ['Sales by day', 'Sales by month', 'Customers by month', 'Busiest days'][i % 4];
    moves.push(await page.evaluate((wanted) => new Promise((done) => {
      const begun = performance.now();
      const before = document.body.dataset.ready;
      new MutationObserver((_, watch) => {
        if (document.body.dataset.ready === before) return;
        watch.disconnect();
        requestAnimationFrame(() => done(performance.now() - begun));
      }).observe(document.body, { attributes: true });
      [...document.querySelectorAll('.entries a')].find((one) => one.textContent === wanted).click();
    }), name));
  }
  met = figure('dashboard.press_to_report_p95_ms', percentile(moves, 0.95), 'ms', 100, `p50:${percentile(moves, 0.5).toFixed(0)}ms`) && met;
} finally {
  await browser.end();
  await office.end();
}
process.exit(met ? 0 : 1);
