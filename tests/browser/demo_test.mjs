// Goal: `tillsight demo --serve` keeps the clerks' pages open until it is told to end, and then ends all.
// Method: the real binary, broker, hub and tills; Chromium opens the address that is printed and sells.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Browser, PHOTOS, reads, SOURCE, state, step, TILLSIGHT, until } from './till.mjs';

const PATIENCE_MS = 200_000;

// The command lines in which `word` stands.
function processesOf(word) {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid)).map((name) => {
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return ''; // it has ended meanwhile
    }
  }).filter((line) => line.includes(word));
}

test('the demo serves its pages until it is stopped', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tillsight-browser-'));
  const demo = spawn(TILLSIGHT, ['demo', '--serve', '--photos', PHOTOS, '--out', join(folder, 'demo')], { cwd: SOURCE });
  let said = '';
  let ended = null;
  for (const stream of [demo.stdout, demo.stderr]) stream.on('data', (bytes) => { said += bytes; });
  demo.on('exit', (code) => { ended = code; });
  const browser = await Browser.start();
  try {
    await until('the demo to serve', () => {
      if (ended !== null) throw new Error(`the demo ended: ${said}`);
      return said.includes('another photo on the counter');
    }, PATIENCE_MS);
    assert.match(said, /all 7 invoices are at head office, each once/);
    const addresses = [...said.matchAll(/the page of till T01: (http:\S+)/g)].map((found) => found[1]);
    assert.equal((await fetch(addresses.at(-1).replace(/\/start.*/, '/'))).status, 401);
    const page = await browser.openAt(addresses.at(-1));
    assert.equal((await fetch(addresses.at(-1), { redirect: 'manual' })).status, 403, 'each address holds once');
    await page.waitForSelector('#lines li.ask');
    await page.keyboard.press('Enter');
    await step(page, 'choose');
    await page.keyboard.press('*'); // it is a lemon
    await step(page, 'items');
    await page.keyboard.press('Enter');
    await step(page, 'tender');
    await page.keyboard.press('1');
    await step(page, 'amount');
    await page.keyboard.press('Enter');
    await state(page, 'paid');
    await reads(page, 'paper', 'T01-1-000005'); // the demo itself has sold four at this till
    assert.equal(ended, null);
    demo.kill('SIGTERM');
    await until('the demo to end', () => ended !== null);
    assert.equal(ended, 0, said);
    assert.deepEqual(processesOf(folder), [], 'nothing that was started is left');
  } finally {
    demo.kill('SIGTERM');
    await browser.end();
    await until('the demo to end', () => ended !== null);
    rmSync(folder, { recursive: true });
  }
});
