// A real head office with a made-up year, and nobody who sells.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, SOURCE, TILLSIGHT, until } from './till.mjs';

const day = (back) => new Date(Date.now() - back * 86400e3).toISOString().slice(0, 10);

export class HeadOffice {
  static async start(invoices) {
    const office = new HeadOffice();
    office.folder = mkdtempSync(join(tmpdir(), 'tillsight-dashboard-'));
    office.port = await freePort();
    office.newest = day(1);
    const broker = await freePort(); // nobody listens there
    writeFileSync(join(office.folder, 'hub.toml'), `[hub]\ndata = "data"\n[recommend]\ntrain_at = "03:30"\nwithout_aisles = ["Furniture"]\nwithout_items = ["hat"]\n[web]\nport = ${office.port}\n[mqtt]\nport = ${broker}\n`);
    for (const [store, share] of [['S01', 2 / 3], ['S02', 1 / 3]]) {
      const file = join(office.folder, `${store}.jsonl`);
      office.call('history', 'generate', file, '--from', day(365), '--to', office.newest, '--invoices', String(Math.round(invoices * share)), '--store', store, '--prices', join(SOURCE, 'config/catalogue.csv'));
      office.call('import', file, '--config', join(office.folder, 'hub.toml'));
    }
    office.call('recommend', 'train', '--config', join(office.folder, 'hub.toml'));
    office.process = spawn(TILLSIGHT, ['hub', '--config', join(office.folder, 'hub.toml')], { stdio: ['ignore', 'ignore', 'pipe'] });
    office.log = '';
    office.process.stderr.on('data', (text) => { office.log += text; });
    office.ended = new Promise((done) => office.process.on('exit', done));
    await until('head office', async () => {
      if (office.process.exitCode !== null) throw new Error(`the hub ended: ${office.log}`);
      return fetch(`${office.address}healthz`).then((answer) => answer.ok, () => false);
    });
    return office;
  }

  get address() {
    return `http://127.0.0.1:${this.port}/`;
  }

  call(...words) {
    return execFileSync(TILLSIGHT, words, { stdio: ['ignore', 'pipe', 'pipe'] }).toString();
  }

  token(name, scope) {
    return this.call('hub', 'token', 'add', name, '--scope', scope, '--config', join(this.folder, 'hub.toml')).trim();
  }

  revoke(name) {
    return this.call('hub', 'token', 'revoke', name, '--config', join(this.folder, 'hub.toml'));
  }

  async get(path, token) {
    const answer = await fetch(`${this.address}api/v1/${path}`, { headers: { Authorization: `Bearer ${token}` } });
    return answer.json();
  }

  async end() {
    this.process.kill('SIGTERM');
    await this.ended;
    rmSync(this.folder, { recursive: true });
  }
}

// Nothing on the page is waited for: what it was asked for last stands there.
export async function ready(page, act) {
  const before = await page.evaluate(() => document.body.dataset.ready ?? '');
  await act();
  await until('the page', () => page.evaluate((old) => document.body.dataset.ready && document.body.dataset.ready !== old
    && !document.querySelector('main.waiting'), before).catch(() => false));
}

export async function signIn(page, office, token) {
  await page.goto(office.address);
  await until('the page', () => page.evaluate(() => document.body.dataset.ready).catch(() => ''));
  await page.fill('#token', token);
  await ready(page, () => page.keyboard.press('Enter'));
}
