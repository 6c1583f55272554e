// Goal: every screen can be read and reached by everybody, and looks right at every size.
// Method: axe-core on each screen; pictures of each in build/screenshots for a person to look at. The
// screens of a sale; those of a day are day_screens_test.mjs's.
import { after, before, test } from 'node:test';
import { Looks } from './looks.mjs';
import { lines, reads, sees, state, step } from './till.mjs';

let looks;

before(async () => {
  looks = await Looks.start();
});
after(() => looks.end());

const look = (name) => looks.look(name);
const press = (...keys) => looks.press(...keys);
const everywhere = (wait, ...what) => looks.everywhere(wait, ...what);
const code = (digits) => looks.enter(digits);

test('the screens of a sale', async () => {
  await everywhere(step, 'items');
  await look('01-empty');
  looks.till.put('fruits.jpg');
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
  looks.till.clear();
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
  for (const page of looks.pages) await page.click('#lines .line');
  await look('12-line');
  for (const page of looks.pages) await page.click('dialog .close');
  for (const page of looks.pages) await page.click('#customer');
  await look('13-name');
  for (const page of looks.pages) await page.click('dialog .close');
  await press('/');
  await everywhere(step, 'menu');
  await press('2'); // aside
  await everywhere(lines, 0);
  await look('14-held');
});

test('a lost till', async () => {
  await looks.till.stop('SIGKILL');
  await everywhere((page) => page.waitForSelector('#lost:not([hidden])'));
  await look('15-lost');
  await looks.till.run();
  await everywhere((page) => page.waitForSelector('#lost', { state: 'hidden' }));
});
