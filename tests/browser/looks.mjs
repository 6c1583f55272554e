// The same till on pages of several sizes and languages; what is looked at is kept as pictures, must fit
// its page and be readable by everybody.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Browser, BUILD, sees, Till } from './till.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const FOLDER = join(BUILD, 'screenshots');
const SIZES = [[800, 480], [1280, 800], [1920, 1080]];

export class Looks {
  static async start(settings) {
    const looks = new Looks();
    mkdirSync(FOLDER, { recursive: true });
    looks.till = await Till.start(settings);
    looks.browser = await Browser.start();
    looks.pages = [];
    for (const [width, height] of SIZES) looks.pages.push(await looks.browser.open(looks.till, width, height));
    looks.pages.push(await looks.browser.open(looks.till, 1280, 800, 'hi'));
    looks.page = looks.pages[1];
    return looks;
  }

  async end() {
    for (const page of this.pages) assert.deepEqual(page.mistakes, []);
    await this.browser.end();
    await this.till.end();
  }

  async look(name) {
    for (const page of this.pages) {
      const { width, height } = page.viewportSize();
      const hindi = await page.evaluate(() => document.documentElement.lang === 'hi');
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      await page.screenshot({ path: join(FOLDER, `${name}-${width}x${height}${hindi ? '-hi' : ''}.png`) });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight);
      assert.equal(overflow, false, `${name} does not fit ${width}×${height}`);
    }
    // evaluate() is the debugger's, which the page's own policy does not bind.
    await this.page.evaluate(AXE);
    const found = await this.page.evaluate(() => window.axe.run());
    const serious = found.violations.filter((one) => ['serious', 'critical'].includes(one.impact))
      .map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`);
    assert.deepEqual(serious, [], name);
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  // Digits, then Enter.
  enter(digits) {
    return this.press(...digits, 'Enter');
  }

  // The digit of what is offered under this id; only on every page's screen is it pressed.
  async choose(id) {
    const offered = (wanted) => [...document.getElementById('options').children]
      .find((node) => node.dataset.key.endsWith(` ${wanted}`))?.dataset.key[0];
    const digits = await Promise.all(this.pages.map((page) => sees(page, `the choice ${id}`, offered, id)));
    await this.press(digits[0]);
  }

  everywhere(wait, ...what) {
    return Promise.all(this.pages.map((page) => wait(page, ...what)));
  }
}
