// A numeric keypad at the till's own input: what the kernel writes for each key, through a pipe.
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './till.mjs';

// linux/input-event-codes.h
const EV_KEY = 1;
const CODES = {
  0: 82, 1: 79, 2: 80, 3: 81, 4: 75, 5: 76, 6: 77, 7: 71, 8: 72, 9: 73,
  '.': 83, '⏎': 96, '+': 78, '-': 74, '*': 55, '/': 98, '#': 69, // # is num lock
};
const RECORD = 24; // struct input_event, 64 bits
const APART_MS = 150n; // a hand, not a scanner

export const PAD_SETTINGS = '[keypad]\ndevice = "FOLDER/pad*"';

export class Keypad {
  #pipe;
  #path;
  #now = 1000n;

  static async plugIn(till, name = 'pad') {
    const pad = new Keypad();
    pad.#path = join(till.folder, name);
    execFileSync('mkfifo', [pad.#path]);
    await until('the till to take the keypad', () => {
      try {
        pad.#pipe = openSync(pad.#path, constants.O_WRONLY | constants.O_NONBLOCK);
        return true;
      } catch {
        return false; // nobody reads yet
      }
    });
    return pad;
  }

  // keys: one character each, blanks between them mean nothing.
  press(keys) {
    for (const key of keys.replaceAll(' ', '')) {
      this.#now += APART_MS;
      this.#write(CODES[key], 1);
      this.#write(CODES[key], 0);
    }
  }

  pullOut() {
    rmSync(this.#path);
    closeSync(this.#pipe);
  }

  #write(code, value) {
    const record = Buffer.alloc(RECORD);
    record.writeBigInt64LE(this.#now / 1000n, 0);
    record.writeBigInt64LE((this.#now % 1000n) * 1000n, 8);
    record.writeUInt16LE(EV_KEY, 16);
    record.writeUInt16LE(code, 18);
    record.writeInt32LE(value, 20);
    writeSync(this.#pipe, record);
  }
}
