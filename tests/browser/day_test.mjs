// Goal: a clerk sells a whole day with the seventeen keys of a keypad and nothing else, reads on the page
// what to do, and the books of that day stand.
// Method: a real till over photos without a network; its keypad is a pipe with the kernel's records; the
// page is only looked at. At the end `tillsight audit` adds the journal up again by itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Keypad, PAD_SETTINGS } from './keypad.mjs';
import { Browser, lines, reads, sees, state, step, text, Till, TILLSIGHT, until } from './till.mjs';

const BOTTLE = '2000000000091'; // 19.99
const STEEL_BOTTLE = '2000000000121'; // 449.00
const CUP = '2000000000114'; // 249.99
const UMBRELLA = '2000000000145'; // 299.99
const HAT = '2000000000138'; // 199.99
const CLERK = '1357';
const SUPERVISOR = '246810';

let till;
let browser;
let page;
let pad;
let firstInvoice;
let z;

// Yesterday somebody bought an orange and told her name; from today on a PIN is asked for.
async function yesterday() {
  const clerk = await till.clerk();
  await clerk.act({ do: 'add', sku: 'orange' }, { do: 'customer', first_name: 'Usha', last_name: 'Nair', phone: '9876543210' }, { do: 'pay' });
  await state(page, 'paid');
  await clerk.act({ do: 'next' });
  await state(page, 'open');
  await clerk.act({ do: 'close_day', counted: {} });
  await reads(page, 'message', 'the day is closed: Z 1');
  till.addCashier('Meera', 'clerk', CLERK);
  till.addCashier('Asha', 'supervisor', SUPERVISOR);
  await step(page, 'sign_in');
}

before(async () => {
  till = await Till.start(PAD_SETTINGS);
  browser = await Browser.start();
  page = await browser.open(till);
  await yesterday();
  pad = await Keypad.plugIn(till);
});
after(async () => {
  assert.deepEqual(page.mistakes, []);
  await browser.end();
  await till.end();
});

const keys = (all) => pad.press(all);
const at = (name) => step(page, name);
const title = (words) => reads(page, 'title', words);
const total = (amount) => reads(page, 'gross', amount);
const message = (words) => reads(page, 'message', words);
const shownLines = () => page.evaluate(() => [...document.querySelectorAll('#lines > li')]
  .map((node) => [...node.querySelectorAll('.what b, .times, .price')].map((part) => part.textContent).join(' ')));
const line = async (number, words) => {
  let shown = [];
  await until(`line ${number}: ${words}`, async () => {
    shown = await shownLines();
    return shown[number - 1] === words;
  }).catch((vain) => { throw new Error(`${vain.message}; shown: ${shown.join(', ')}`); });
};
const offers = (...words) => sees(page, `the choice of ${words}`, (wanted) => {
  const offered = [...document.querySelectorAll('#options .option')].map((node) => `${node.children[0].textContent} ${node.children[1].textContent}`);
  return wanted.every((one) => offered.includes(one));
}, words);
const back = (amount) => sees(page, `${amount} to give back`, (wanted) => document.querySelector('.due b')?.textContent === wanted, amount);
const report = async () => {
  await at('report');
  await page.waitForSelector('#paper table');
  return page.evaluate(() => Object.fromEntries([...document.querySelectorAll('#paper tr')].map((row) => [...row.children].map((cell) => cell.textContent))));
};
// The till itself goes on two seconds after the counter is empty; Enter is for who cannot wait.
async function nextSale() {
  await page.waitForSelector('#paper .due');
  keys('⏎');
  await state(page, 'open');
  await lines(page, 0);
}

test('the day begins: a PIN, and the float', async () => {
  await title('Your PIN');
  keys(`${BOTTLE} #`); // nothing is sold before somebody has signed in
  await at('help');
  keys('#');
  await at('sign_in');
  keys('-'.repeat(BOTTLE.length));
  await reads(page, 'typed', '');
  keys(CLERK);
  await reads(page, 'typed', '••••');
  keys('⏎');
  await reads(page, 'cashier', 'Meera');
  await title('Put things on the counter, or type a code');
  keys('/');
  await at('menu');
  await offers('1 customer', '8 cash, and the day\'s books');
  keys('8');
  await title('The day');
  keys('1');
  await title('Cash in the drawer now');
  keys('2000⏎');
  await message('the day is open');
});

test('a sale: accept, code, quantity, correct, take out, customer, cash with change', async () => {
  till.put('fruits.jpg');
  await page.waitForSelector('#lines li.ask');
  await page.waitForSelector('#lines li.sure');
  await title('Enter: say what the marked line is');
  keys('⏎');
  await at('choose');
  await offers('1 Orange');
  keys('1');
  await line(1, 'Orange 2 × 40.00');
  await title('Enter: pay');
  keys(BOTTLE);
  await title('A code, then Enter');
  keys('⏎');
  await line(2, 'Water bottle 1 × 19.99');
  keys('*');
  await title('Water bottle: how many? Now 1');
  keys('3⏎');
  await line(2, 'Water bottle 3 × 59.97');
  keys('.');
  await title('Water bottle: type the code of what it is');
  keys(`${STEEL_BOTTLE}⏎`);
  await line(2, 'Steel bottle 3 × 1,347.00');
  keys('2*');
  await line(2, 'Steel bottle 2 × 898.00');
  keys(`${CUP}⏎`);
  await line(3, 'Cup 1 × 249.99');
  keys('-');
  await title('Take out Cup: why? Enter: never mind why');
  await offers('1 not wanted', '2 keyed by mistake');
  keys('2');
  await lines(page, 2);
  keys('/1');
  await title('The customer\'s phone number');
  keys('9876543210⏎');
  await reads(page, 'customer', 'Usha');
  await total('938.00');
  keys('⏎');
  await title('938.00 to pay: how?');
  await offers('1 Cash', '2 Card');
  keys('1');
  await title('cash: 938.00 to pay; what is handed over?');
  keys('900⏎');
  await message('900 is below the total of 938.00; 38.00 is missing');
  keys('---1000⏎');
  await back('62.00');
  await reads(page, 'paper', 'Steel bottle');
  await title('Paid');
  await reads(page, 'paper', 'Customer Usha');
  [firstInvoice] = /T01-1-0000\d\d-./.exec(await text(page, 'paper'));
  till.clear();
  await nextSale();
});

test('a sale by card', async () => {
  keys(`${UMBRELLA}⏎`);
  await line(1, 'Umbrella 1 × 299.99');
  keys('⏎2');
  await title('card: take 299.99, then Enter');
  keys('⏎');
  await reads(page, 'paper', 'Paid by card');
  await nextSale();
});

test('one sale aside, one given up, the first taken back with a discount', async () => {
  keys(`${HAT}⏎`);
  await lines(page, 1);
  keys('/2');
  await lines(page, 0);
  await reads(page, 'marks', '1 on hold');
  keys(`${CUP}⏎`);
  await lines(page, 1);
  keys('/4');
  await title('Give this sale up: why?');
  keys('1');
  await message('the sale is void');
  await lines(page, 0);
  keys('/3');
  await title('Which sale?');
  keys('1');
  await line(1, 'Hat 1 × 199.99');
  keys('/5');
  await title('What is taken off?');
  keys('3');
  await title('How many per cent off?');
  keys('10⏎');
  await title('Why?');
  keys('1');
  await title('A supervisor\'s PIN');
  keys(`${CLERK}⏎`);
  await message('PIN');
  await at('supervisor');
  keys(`${SUPERVISOR}⏎`);
  await total('179.99');
  keys('⏎3');
  await title('upi: take 179.99, then Enter');
  keys('⏎');
  await reads(page, 'paper', 'Paid by upi');
  await nextSale();
});

test('one bottle comes back', async () => {
  const [, number, check] = /T01-1-0*(\d+)-(.)/.exec(firstInvoice);
  keys('/6');
  await title('The invoice number on the receipt');
  keys(`${number}${check}⏎`);
  await reads(page, 'marks', firstInvoice);
  await line(1, 'Orange 2 × 40.00');
  await line(2, 'Steel bottle 2 × 898.00');
  keys('1*'); // one of the two
  await line(2, 'Steel bottle 1 × 449.00');
  keys('+');
  await sees(page, 'the line above marked', () => document.querySelector('#lines > li').classList.contains('selected'));
  keys('-1');
  await lines(page, 1);
  await total('449.00');
  keys('⏎1');
  await title('cash: give 449.00, then Enter');
  keys('⏎');
  await back('449.00');
  await reads(page, 'paper', firstInvoice);
  await nextSale();
});

test('cash out, and the day so far', async () => {
  keys('/842');
  await title('How much?');
  keys('150⏎');
  await title('What for?');
  keys('3');
  await message('written down');
  keys('/82');
  const x = await report();
  assert.equal(x.Sales, '3');
  assert.equal(x.Sold, '1417.98'); // 938.00 + 299.99 + 179.99
  assert.equal(x.Refunds, '1 · 449.00');
  assert.equal(x['Given up'], '1 · 249.99');
  assert.equal(x['Cash expected'], '2339.00'); // 2000 + 938 − 449 − 150
  keys('⏎');
  await at('items');
});

test('a keypad is pulled out, another goes on', async () => {
  keys('12');
  await reads(page, 'typed', '12');
  pad.pullOut();
  await sees(page, 'the keypad named in the bar', () => document.querySelector('#health [data-key=keypad].bad'));
  await sees(page, 'nothing half typed', () => document.getElementById('typed').textContent === '');
  pad = await Keypad.plugIn(till, 'pad2');
  await sees(page, 'the keypad well', () => document.querySelector('#health [data-key=keypad].good'));
});

test('the day ends with a Z of what was counted', async () => {
  keys('/83');
  await title('cash: what was counted? Nothing typed: not counted');
  keys('2338.50⏎');
  await title('card: what was counted?');
  keys('299.99⏎');
  await title('upi: what was counted?');
  keys('⏎');
  await title('Close the day?');
  keys('⏎');
  await message('the day is closed: Z 2');
  z = await report();
  assert.equal(z['Counted, Cash'], '2338.50');
  assert.equal(z['Counted, Card'], '299.99');
  assert.equal(z['Cash expected'], '2339.00');
  assert.equal(z['Cash too much or too little'], '−0.50');
  keys('⏎/0');
  await title('Your PIN');
});

test('the journal proves it', async () => {
  await till.stop();
  const journal = join(till.folder, 'till.db');
  const said = execFileSync(TILLSIGHT, ['audit', '--journal', journal], { encoding: 'utf8' });
  const [first, last] = z.Events.split(' – ').map(Number);
  // Yesterday: a sale and a Z. Today, one event each: the opening, three sales, a void, a refund, cash, the Z.
  assert.deepEqual([first, last], [3, 10]);
  assert.match(said, /proven: all 10 events \(journals: 1\), none missing, none changed/);
  const audit = JSON.parse(execFileSync(TILLSIGHT, ['audit', '--journal', journal, '--format', 'json'], { encoding: 'utf8' }));
  const sums = audit.periods.reduce((all, one) => ({ sales: all.sales + one.sales, voids: all.voids + one.voids, gross: all.gross + one.sold.gross }), { sales: 0, voids: 0, gross: 0 });
  assert.equal(sums.sales, Number(z.Sales) + 1); // and yesterday's orange
  assert.equal(sums.voids, 1);
  const [, refunded] = z.Refunds.split(' · ');
  assert.equal(sums.gross, 2000 + Math.round(100 * (Number(z.Sold) - Number(refunded))));
  await till.run();
});
