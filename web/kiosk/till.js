// The line to the till: what it shows comes as server-sent events, what the clerk does goes as JSON
// Lines, in the order in which it was done.

const SILENCE_MS = 4000; // the till says how it is every second
const RETRY_MS = 1000;

export class Till {
  #token = '';
  #waiting = [];
  #sending = false;
  #source = null;
  #heard = 0;
  #on;

  // on: {sale, status, seen, committed, paper, notice, lost(why), back}
  constructor(on) {
    this.#on = on;
    this.#connect();
    setInterval(() => this.#watch(), RETRY_MS);
  }

  act(...actions) {
    this.#waiting.push(...actions);
    this.#send();
  }

  key(name) {
    this.act({ do: 'key', key: name });
  }

  async #send() {
    if (this.#sending || this.#waiting.length === 0) return;
    this.#sending = true;
    // One request at a time: keys that came meanwhile follow together, and nothing overtakes.
    const body = this.#waiting.splice(0, 32).map((action) => JSON.stringify(action)).join('\n');
    try {
      const answer = await fetch('/api/act', {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/json', 'X-Tillsight-Token': this.#token },
      });
      if (!answer.ok) {
        this.#waiting = []; // what did not count is said, not done later
        this.#on.notice({ event: answer.status === 503 ? 'busy' : 'error', message: (await answer.text()).trim() });
      }
    } catch {
      this.#waiting = [];
      this.#lose();
    } finally {
      this.#sending = false;
    }
    this.#send();
  }

  #connect() {
    this.#source?.close();
    this.#heard = performance.now();
    const source = new EventSource('/api/stream');
    this.#source = source;
    source.addEventListener('hello', (event) => {
      const hello = JSON.parse(event.data);
      if (this.page && this.page !== hello.page) location.reload(); // the till was renewed
      this.page = hello.page;
      this.#token = hello.token;
    });
    for (const name of ['sale', 'status', 'seen', 'committed', 'paper', 'notice']) {
      source.addEventListener(name, (event) => {
        this.#heard = performance.now();
        this.#on.back();
        this.#on[name](JSON.parse(event.data));
      });
    }
    source.onerror = () => this.#lose();
  }

  #watch() {
    const silent = performance.now() - this.#heard > SILENCE_MS;
    if (silent) this.#lose();
    if (silent || this.#source.readyState === EventSource.CLOSED) this.#connect();
  }

  async #lose() {
    this.#on.lost('');
    try {
      const answer = await fetch('/api/picture', { method: 'HEAD' });
      if (answer.status === 401) this.#on.lost((await (await fetch('/')).text()).trim());
    } catch {
      // It is away; the stream comes back by itself.
    }
  }
}
