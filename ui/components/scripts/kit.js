// What our components share in the browser. Python puts this before each component's own script.

const RESEND_AFTER = 3000; // milliseconds without an answer
const SETTLE_AFTER = 300; // after a reconnection Streamlit first runs the page once by itself

// An element with attributes and children. Strings become text, never markup.
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function hide(element, hidden) {
  if (element.hidden !== hidden) element.hidden = hidden;
}

// The name a thing is sent under: a random UUID. crypto.randomUUID is missing without https.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// Streamlit calls a component's function anew for every change of its data, with the same root
// each time, and may call an outdated call's clean-up at once: only a root that has left the
// page is really finished with.
function keepOne(instances, component, build) {
  const root = component.parentElement;
  let instance = instances.get(root);
  if (!instance) {
    if (typeof STYLE !== "undefined") root.append(make("style", {}, STYLE));
    instance = build(root);
    instances.set(root, instance);
  }
  instance.receive(component);
  return () => setTimeout(() => root.host.isConnected || instance.leave());
}

// For what cannot be seen: Streamlit puts a gap around every element, even an empty one.
function takeNoSpace(root) {
  const container = root.host.closest('[data-testid="stElementContainer"]');
  if (container) container.style.position = "absolute";
}

// Whether what we send can arrive. The browser knows about the network, and Streamlit tells its
// own window when its connection goes and comes back.
class Line {
  constructor(changed) {
    this.up = navigator.onLine;
    this.socket = true;
    this.changed = changed;
    this.closing = new AbortController();
    const listen = (type, heard) =>
      window.addEventListener(type, heard, { signal: this.closing.signal });
    listen("online", () => this.#look());
    listen("offline", () => this.#look());
    listen("message", (event) => this.#hear(event));
  }

  #hear({ source, data }) {
    if (source !== window || !data || data.stCommVersion !== 1) return;
    if (data.type === "WEBSOCKET_DISCONNECTED") this.socket = false;
    else if (data.type === "WEBSOCKET_CONNECTED") this.socket = true;
    else return;
    this.#look();
  }

  #look() {
    const up = navigator.onLine && this.socket;
    if (up === this.up) return;
    this.up = up;
    this.changed();
  }

  close() {
    this.closing.abort();
  }
}

// Reads changes aloud, several at once as one sentence after the other.
class Announcer {
  constructor() {
    this.element = make("div", { class: "aloud", "aria-live": "polite" });
    this.waiting = [];
  }

  announce(sentence) {
    this.waiting.push(sentence);
    if (this.waiting.length === 1) setTimeout(() => this.#speak(), 100);
  }

  #speak() {
    this.element.textContent = this.waiting.join(" ");
    this.waiting = [];
  }
}
