// A real till over photos, and a real Chromium before it.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const { TILLSIGHT, SOURCE, BUILD, CHROMIUM } = process.env;
const PHOTOS = ['/usr/share/doc/opencv-doc/examples/data', join(SOURCE, 'build/photos/usr/share/doc/opencv-doc/examples/data')]
  .find((folder) => existsSync(join(folder, 'fruits.jpg')));
const PATIENCE_MS = 30_000;

async function freePort() {
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
  static async start(settings = '', framesPerSecond = 4) {
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
source = "still:${till.view}"
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
${settings}`);
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

  // The address that opens a session; each holds once.
  address() {
    return readFileSync(join(this.folder, 'till.url'), 'utf8').trim();
  }

  // Somebody who asks for the camera's picture as a page does.
  async watcher() {
    const opened = await fetch(this.address(), { redirect: 'manual' });
    const cookie = opened.headers.get('set-cookie').split(';')[0];
    let timer = null;
    return {
      look: () => { timer = setInterval(() => fetch(`http://127.0.0.1:${this.port}/api/picture`, { headers: { cookie } }).then((answer) => answer.arrayBuffer()), 200); },
      look_away: () => clearInterval(timer),
    };
  }

  put(photo) {
    copyFileSync(join(PHOTOS, photo), this.view);
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
  async open(till, width = 1280, height = 800, locale = 'en') {
    const context = await this.chromium.newContext({ viewport: { width, height }, locale });
    const page = await context.newPage();
    page.mistakes = [];
    page.on('pageerror', (mistake) => page.mistakes.push(String(mistake)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) page.mistakes.push(message.text());
    });
    await page.goto(till.address());
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
