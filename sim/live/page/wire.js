// The websocket: while a hand is moving, the newest move goes out as soon as the one before it has its first answer; one that
// it has come to rest on goes out at once, and the server lets go of the one before. A lost connection is tried again.

const FIRST_WAIT = 250;
const LONGEST_WAIT = 5000;

export class Wire {
  constructor({ onAnswer, onLost, onBack, onGone }) {
    Object.assign(this, { onAnswer, onLost, onBack, onGone });
    this.number = 0;
    this.newest = null;
    this.sent = null;
    this.waiting = false;
    this.pause = FIRST_WAIT;
    this.open();
  }

  open() {
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`);
    this.socket = socket;
    socket.onopen = () => {
      this.pause = FIRST_WAIT;
      this.waiting = false;
      this.sent = null;
      this.onBack();
      this.flush();
    };
    socket.onmessage = (event) => this.take(JSON.parse(event.data));
    socket.onclose = () => this.again();
  }

  // Ask first whether the page is still let in, so that a refusal is told as one.
  async again() {
    this.onLost();
    await new Promise((done) => setTimeout(done, this.pause));
    this.pause = Math.min(2 * this.pause, LONGEST_WAIT);
    const answer = await fetch("/page/icon.svg", { cache: "no-store" }).catch(() => null);
    if (answer && answer.status === 403) this.onGone();
    if (answer && answer.ok) this.open();
    else this.again();
  }

  // Whether the newest move is the one that was last sent, and has had an answer.
  get idle() { return !this.waiting && this.newest === this.sent; }

  // `view` as the address has it, and the output whose difference is on screen; false if that was asked for last.
  ask(view, show, settled) {
    const before = this.newest;
    this.newest = JSON.stringify({ view, show });
    this.flush(settled);
    return this.newest !== before;
  }

  flush(atOnce = false) {
    if ((this.waiting && !atOnce) || this.newest === null || this.newest === this.sent || this.socket.readyState !== WebSocket.OPEN) return;
    this.number += 1;
    this.sent = this.newest;
    this.waiting = true;
    this.asked = performance.now();
    this.socket.send(JSON.stringify({ move: this.number, ...JSON.parse(this.sent) }));
  }

  take(answer) {
    if (answer.move !== null && answer.move !== this.number) return;
    this.waiting = false;
    this.onAnswer({ ...answer, asked: this.asked });
    this.flush();
  }
}
