// Goal: every screen of a day (who is at the till, discount, cash, refund, X, Z, training) can be read and
// reached by everybody, looks right at every size, and does what it says.
// Method: as screens_test.mjs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Looks } from './looks.mjs';
import { lines, reads, sees, state, step, text } from './till.mjs';

const UMBRELLA = '2000000000145'; // 299.99
const HAT = '2000000000138'; // 199.99
const SUPERVISOR = '246810';

let looks;
let firstInvoice;

before(async () => {
  looks = await Looks.start();
});
after(() => looks.end());

const look = (name) => looks.look(name);
const press = (...keys) => looks.press(...keys);
const enter = (digits) => looks.enter(digits);
const choose = (id) => looks.choose(id);
const everywhere = (wait, ...what) => looks.everywhere(wait, ...what);
const total = (amount) => everywhere(reads, 'gross', amount);
const says = (what) => reads(looks.page, 'message', what);

async function menu(...ids) {
  await everywhere(step, 'items');
  await press('/');
  await everywhere(step, 'menu');
  for (const id of ids) await choose(id);
}

async function pay(tender) {
  await everywhere(step, 'items');
  await press('Enter');
  await everywhere(step, 'tender');
  await choose(`tender.${tender}`);
}

// The till itself goes on two seconds after the counter is empty; Enter is for who cannot wait.
async function nextSale() {
  await everywhere((page) => page.waitForSelector('#paper .due'));
  await press('Enter');
  await everywhere(state, 'open');
}

test('somebody signs in, and opens the day', async () => {
  looks.till.addCashier('Meera', 'clerk', '1357');
  looks.till.addCashier('Asha', 'supervisor', SUPERVISOR);
  await everywhere(step, 'sign_in');
  await enter('9999');
  await everywhere(sees, 'a PIN that is nobody\'s', () => document.getElementById('message').className === 'bad');
  await press(...'1357');
  await everywhere(reads, 'typed', '••••');
  await look('16-sign-in');
  await press('Enter');
  await everywhere(reads, 'cashier', 'Meera');
  await menu('day');
  await everywhere(step, 'day');
  await look('17-day');
  await choose('open_day');
  await everywhere(step, 'float');
  await press(...'2000');
  await look('18-float');
  await press('Enter');
  await says('the day is open');
});

test('a discount, with a supervisor', async () => {
  await enter(UMBRELLA);
  await enter(HAT);
  await everywhere(lines, 2);
  await menu();
  await look('19-menu-of-a-sale');
  await choose('discount');
  await everywhere(step, 'discount');
  await look('20-discount');
  await choose('discount.line_percent');
  await everywhere(step, 'discount_percent');
  await press('1', '2', '.', '5');
  await look('21-discount-percent');
  await press('Enter');
  await everywhere(step, 'discount_reason');
  await look('22-discount-reason');
  await choose('reason.damaged');
  await everywhere(step, 'supervisor');
  await press(...SUPERVISOR);
  await everywhere(reads, 'typed', '••••••');
  await look('23-supervisor');
  await press('Enter');
  await total('474.98'); // 299.99 + 199.99 less an eighth
  await look('24-discounted');
});

test('two sales aside, one taken back, paid by card', async () => {
  await menu('hold');
  await everywhere(lines, 0);
  await enter(HAT);
  await everywhere(lines, 1);
  await menu('hold');
  await everywhere(lines, 0);
  await everywhere(sees, 'two held', () => /2/.test(document.getElementById('marks').textContent));
  await menu('resume');
  await everywhere(step, 'held');
  await look('25-resume');
  await press('1');
  await total('474.98');
  await pay('card');
  await everywhere(step, 'confirm');
  await look('26-confirm');
  await press('Enter');
  await everywhere(reads, 'paper', 'T01-1-000001');
  [firstInvoice] = /T01-1-000001-./.exec(await text(looks.page, 'paper'));
  await nextSale();
  await menu('resume');
  await press('1');
  await total('199.99');
  await pay('upi');
  await press('Enter');
  await nextSale();
});

test('goods come back', async () => {
  await menu('refund');
  await everywhere(step, 'refund');
  const check = firstInvoice.slice(-1);
  await enter(`1${check === '0' ? '1' : '0'}`); // read wrongly
  await everywhere(sees, 'a wrong number', () => document.getElementById('message').className === 'bad');
  await press('-', check);
  await everywhere(reads, 'typed', `1${check}`);
  await look('27-refund');
  await press('Enter');
  await everywhere(lines, 2);
  await look('28-what-comes-back');
  await press('-'); // the hat does not
  await everywhere(step, 'remove');
  await look('29-take-out');
  await press('Enter');
  await everywhere(lines, 1);
  await total('299.99');
  await pay('card');
  await everywhere(step, 'confirm');
  await look('30-give-back');
  await press('Enter');
  await everywhere(reads, 'paper', firstInvoice);
  await look('31-given-back');
  await nextSale();
});

test('a receipt again', async () => {
  await menu('reprint');
  await everywhere(step, 'reprint');
  await press('Enter'); // the last one
  await everywhere(step, 'copy');
  await everywhere(reads, 'paper', 'COPY');
  await everywhere(reads, 'paper', 'T01-1-000002');
  await look('32-copy');
  await press('Enter');
  await everywhere(sees, 'no paper', () => document.getElementById('paper').hidden);
});

test('cash that is no sale', async () => {
  await menu('day', 'cash');
  await everywhere(step, 'cash');
  await look('33-cash');
  await choose('cash.out');
  await everywhere(step, 'cash_out');
  await press('1', '5', '0', '.', '5');
  await look('34-cash-out');
  await press('Enter');
  await everywhere(step, 'cash_reason');
  await look('35-cash-reason');
  await choose('reason.purchase');
  await says('written down');
});

test('training reaches no books', async () => {
  await menu('day', 'training');
  await everywhere(step, 'supervisor');
  await enter(SUPERVISOR);
  await everywhere(sees, 'training', () => document.body.classList.contains('training'));
  await enter(UMBRELLA);
  await everywhere(lines, 1);
  await look('36-training');
  await pay('upi');
  await press('Enter');
  await everywhere(reads, 'paper', 'TRAINING');
  await look('37-training-receipt');
  await nextSale();
  await menu('day', 'training_off');
  await enter(SUPERVISOR);
  await everywhere(sees, 'the end of it', () => !document.body.classList.contains('training'));
});

const report = () => looks.page.evaluate(() => Object.fromEntries([...document.querySelectorAll('#paper tr')]
  .map((row) => [...row.children].map((cell) => cell.textContent))));

test('the day so far, and its end', async () => {
  await menu('day', 'x_report');
  await everywhere((page) => page.waitForSelector('#paper table'));
  await look('38-x-report');
  const x = await report();
  assert.equal(x.Sales, '2');
  assert.equal(x.Sold, '674.97');
  assert.equal(x['Cash in and out'], '+0.00 −150.50');
  assert.equal(x['Cash expected'], '1849.50');
  await press('Enter');
  await menu('day', 'close_day');
  await everywhere(step, 'counted');
  await press(...'1849');
  await look('39-counted');
  await press('Enter');
  await everywhere(reads, 'typed', '');
  await press('Enter', 'Enter'); // neither card slips nor UPI are counted
  await everywhere(step, 'close');
  await look('40-close');
  await press('Enter');
  await everywhere((page) => page.waitForSelector('#paper table'));
  await look('41-z-report');
  const z = await report();
  assert.equal(z['Counted, Cash'], '1849.00');
  assert.equal(z['Cash expected'], '1849.50');
  assert.equal(z['Cash too much or too little'], '−0.50');
  await press('Enter');
  await menu('sign_out');
  await everywhere(step, 'sign_in');
});
