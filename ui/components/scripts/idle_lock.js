// The idle lock in the browser. Tabs share one time stamp; nothing else is stored.

const STORE = "alongside.idle";
const ACTIVITY = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "scroll"];
const LOOK_AGAIN = ["visibilitychange", "focus", "pageshow"];
const REPEAT = 3000; // milliseconds between messages until the server has locked

class IdleLock {
  constructor(root) {
    this.root = root;
    this.leaving = new AbortController();
    const listen = (target, type, heard) =>
      target.addEventListener(type, heard, {
        capture: true,
        passive: true,
        signal: this.leaving.signal,
      });
    for (const type of ACTIVITY) listen(window, type, () => this.#touched());
    for (const type of LOOK_AGAIN) listen(window, type, () => this.#look());
    this.clock = setInterval(() => this.#look(), 1000);
    takeNoSpace(root);
  }

  receive({ data, setTriggerValue }) {
    this.limit = data.minutes * 60_000;
    this.tell = setTriggerValue;
    if (this.signIn !== data.sign_in) {
      this.signIn = data.sign_in;
      if (this.#stored().sign_in !== data.sign_in) this.#remember();
    }
    this.#look();
  }

  #stored() {
    try {
      return JSON.parse(localStorage.getItem(STORE)) ?? {};
    } catch {
      return {};
    }
  }

  #remember() {
    this.at = Date.now();
    try {
      localStorage.setItem(STORE, JSON.stringify({ sign_in: this.signIn, at: this.at }));
    } catch {
      // Without storage each tab counts for itself.
    }
  }

  #overdue() {
    const latest = Math.max(this.at ?? 0, Number(this.#stored().at) || 0);
    return Date.now() - latest >= this.limit;
  }

  // After a sleep the first movement comes before any timer: look first, then count it.
  #touched() {
    if (this.cover || Date.now() - (this.at ?? 0) < 1000) return;
    if (this.#overdue()) this.#lock();
    else this.#remember();
  }

  #look() {
    if (this.cover) {
      this.#hidePage(true);
      if (Date.now() - this.told >= REPEAT) this.#tellServer();
    } else if (this.#overdue()) this.#lock();
  }

  #lock() {
    this.cover = make("dialog", { "aria-label": "Locked", tabindex: "-1" });
    this.cover.style.cssText =
      "visibility: visible; inset: 0; margin: 0; padding: 2rem; border: 0; outline: 0;" +
      "width: 100vw; max-width: none; height: 100dvh; max-height: none; box-sizing: border-box;" +
      "align-content: center; text-align: center; font: 1.25rem/1.5 var(--st-font);" +
      "color: var(--st-text-color); background: var(--st-background-color);";
    this.cover.append("Locked. Sign in again to carry on.");
    this.cover.addEventListener("cancel", (event) => event.preventDefault());
    this.cover.addEventListener("close", () => this.cover.isConnected && this.cover.showModal());
    this.root.append(this.cover);
    this.cover.showModal();
    this.#hidePage(true);
    this.#tellServer();
  }

  // Nor may it be printed, found by searching the page or read aloud.
  #hidePage(hidden) {
    document.body.style.visibility = hidden ? "hidden" : "";
  }

  #tellServer() {
    this.told = Date.now();
    this.tell("idle", this.told);
  }

  leave() {
    this.leaving.abort();
    clearInterval(this.clock);
    if (this.cover) this.#hidePage(false);
  }
}

const locks = new WeakMap();

export default (component) => keepOne(locks, component, (root) => new IdleLock(root));
