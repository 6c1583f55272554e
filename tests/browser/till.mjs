// A real till over photos, and a real Chromium before it.
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const { TILLSIGHT, SOURCE, BUILD, CHROMIUM } = process.env;
export const PHOTOS = ['/usr/share/doc/opencv-doc/examples/data', join(SOURCE, 'build/photos/usr/share/doc/opencv-doc/examples/data')]
  .find((folder) => existsSync(join(folder, 'fruits.jpg')));
const PATIENCE_MS = 30_000;

export async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

// Asks until it is so; what takes longer than patience is a failure, and says what it waited for.
export async function until(what, holds, patience = PATIENCE_MS) {
  const end = Date.now() + patience;
  for (;;) {
    const value = await holds();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

export class Till {
  // settings: more of till.toml; FOLDER stands for the till's. camera: instead of one that sees what is put.
  static async start(settings = '', framesPerSecond = 4, camera = '') {
    const till = new Till();
    till.folder = mkdtempSync(join(tmpdir(), 'tillsight-browser-'));
    till.port = await freePort();
    till.view = join(till.folder, 'view.jpg');
    const broker = await freePort(); // nobody listens there: a till without a network
    writeFileSync(join(till.folder, 'till.toml'), `
[store]
id = "S01"
receipt_header = ["Tillsight Stores", "1 Market Road"]
[till]
id = "T01"
socket = "till.sock"
[camera]
source = "${camera || `still:${till.view}`}"
frames_per_second = ${framesPerSecond}
[detector]
model = "${join(SOURCE, 'models/manifest.toml')}"
[catalogue]
file = "${join(SOURCE, 'config/catalogue.csv')}"
[basket]
ignored = ["person", "dining table"]
[journal]
file = "till.db"
reserve_mib = 0
[web]
port = ${till.port}
[mqtt]
port = ${broker}
${settings.replaceAll('FOLDER', till.folder)}`);
    await till.run();
    return till;
  }

  async run() {
    this.process = spawn(TILLSIGHT, ['till', '--config', join(this.folder, 'till.toml')],
      { stdio: ['ignore', 'ignore', 'pipe'] });
    this.log = '';
    this.process.stderr.on('data', (text) => { this.log += text; });
    this.ended = new Promise((done) => this.process.on('exit', done));
    this.process.on('exit', (code) => { this.code = code; });
    await until('the till', async () => {
      if (this.process.exitCode !== null) throw new Error(`the till ended: ${this.log}`);
      return fetch(`http://127.0.0.1:${this.port}/healthz`).then((answer) => answer.ok, () => false);
    });
  }

  async stop(signal = 'SIGTERM') {
    this.process.kill(signal);
    await this.ended;
  }

  async end() {
    await this.stop();
    rmSync(this.folder, { recursive: true });
  }

  // Somebody who may sign in; the running till takes notice.
  addCashier(name, role, pin) {
    execFileSync(TILLSIGHT, ['cashier', 'add', name, '--role', role, '--config', join(this.folder, 'till.toml')], { input: `${pin}\n` });
  }

  // The address that opens a session; each holds once.
  address() {
    return readFileSync(join(this.folder, 'till.url'), 'utf8').trim();
  }

  // The cookie of a session of its own.
  async session() {
    const opened = await fetch(this.address(), { redirect: 'manual' });
    return opened.headers.get('set-cookie').split(';')[0];
  }

  // Somebody who does what no key does, as another page would.
  async clerk() {
    const cookie = await this.session();
    const stream = (await fetch(`http://127.0.0.1:${this.port}/api/stream`, { headers: { cookie } })).body.getReader();
    const token = /"token":"(\w+)"/.exec(new TextDecoder().decode((await stream.read()).value))[1];
    await stream.cancel();
    const headers = { cookie, origin: `http://127.0.0.1:${this.port}`, 'Content-Type': 'application/json', 'X-Tillsight-Token': token };
    return {
      act: async (...actions) => {
        const answer = await fetch(`http://127.0.0.1:${this.port}/api/act`, { method: 'POST', headers, body: actions.map((action) => JSON.stringify(action)).join('\n') });
        if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
      },
    };
  }

  // Somebody who asks for the camera's picture as a page does.
  async watcher() {
    const cookie = await this.session();
    let timer = null;
    return {
      look: () => { timer = setInterval(() => fetch(`http://127.0.0.1:${this.port}/api/picture`, { headers: { cookie } }).then((answer) => answer.arrayBuffer()), 200); },
      look_away: () => clearInterval(timer),
    };
  }

  // By renaming: the till must never see half a photo.
  put(photo) {
    copyFileSync(join(PHOTOS, photo), `${this.view}.new`);
    renameSync(`${this.view}.new`, this.view);
  }

  clear() {
    rmSync(this.view, { force: true });
  }
}

export class Browser {
  static async start() {
    const browser = new Browser();
    browser.chromium = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'],
    });
    return browser;
  }

  // A page of its own session at the till.
  open(till, width = 1280, height = 800, locale = 'en') {
    return this.openAt(till.address(), width, height, locale);
  }

  async openAt(address, width = 1280, height = 800, locale = 'en') {
    const context = await this.chromium.newContext({ viewport: { width, height }, locale });
    const page = await context.newPage();
    page.mistakes = [];
    page.on('pageerror', (mistake) => page.mistakes.push(String(mistake)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) page.mistakes.push(message.text());
    });
    await page.goto(address);
    await sees(page, 'the sale', () => document.body.dataset.state);
    return page;
  }

  end() {
    return this.chromium.close();
  }
}

// Asks the page itself. (Playwright's waitForFunction needs eval(), which the page forbids.)
export const sees = (page, what, holds, value) => until(what, () => page.evaluate(holds, value).catch(() => false));
export const step = (page, wanted) => sees(page, `step ${wanted}`, (name) => document.body.dataset.step === name, wanted);
export const state = (page, wanted) => sees(page, `a sale that is ${wanted}`, (name) => document.body.dataset.state === name, wanted);
export const lines = (page, count) => sees(page, `${count} lines`,
  (wanted) => document.querySelectorAll('#lines > li').length === wanted, count);
export const text = (page, id) => page.evaluate((name) => document.getElementById(name).textContent, id);
export const reads = (page, id, wanted) => sees(page, `${id}: ${wanted}`,
  ([name, words]) => document.getElementById(name).textContent.includes(words), [id, wanted]);
export const saleText = (page) => page.evaluate(() => [...document.querySelectorAll('#lines .what b, #lines .times, #lines .price, #gross')]
  .map((node) => node.textContent).join('|'));
