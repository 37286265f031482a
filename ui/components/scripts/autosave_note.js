// The note in the browser: sends what was typed when the typing pauses, one text at a time.

const PAUSE = 800; // milliseconds without a keystroke

// Unsaved text by note and writer. It lives as long as the page and never goes into storage.
const drafts = new Map();

const clockTime = () =>
  new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

const inWords = (number) => number.toLocaleString("en-GB");

const count = (text) => Array.from(text).length;

class Note {
  constructor(root) {
    this.id = newId();
    this.announcer = new Announcer();
    this.line = new Line(() => this.#lineChanged());
    this.leaving = new AbortController();
    this.#build(root);
    this.clock = setInterval(() => this.#tick(), 1000);
    const listen = (target, type, heard) =>
      target.addEventListener(type, heard, { signal: this.leaving.signal });
    listen(window, "beforeunload", (event) => this.unsaved && event.preventDefault());
    listen(document, "visibilitychange", () => document.hidden && this.#send());
  }

  #build(root) {
    this.label = make("label", { for: `${this.id}-text` });
    this.text = make("textarea", {
      id: `${this.id}-text`,
      "aria-describedby": `${this.id}-status ${this.id}-length`,
      autocomplete: "off",
    });
    this.status = make("span", { class: "status", id: `${this.id}-status` });
    this.length = make("span", { class: "length", id: `${this.id}-length` });
    this.#buildClash();
    const foot = make("div", { class: "foot" }, this.status, this.length);
    this.element = make("div", { class: "note" }, this.label, this.text, foot, this.ask);
    root.append(this.element, this.announcer.element);
    this.text.addEventListener("input", () => this.#typed());
    this.text.addEventListener("blur", () => this.#send());
  }

  #buildClash() {
    this.whose = make("p");
    this.theirs = make("div", { class: "theirs", tabindex: "0", role: "group" });
    this.theirs.setAttribute("aria-label", "Their text");
    const choice = (words, choose) => {
      const button = make("button", { type: "button" }, words);
      button.addEventListener("click", () => this.#choose(choose));
      return button;
    };
    this.ask = make(
      "div",
      { class: "ask" },
      this.whose,
      this.theirs,
      choice("Keep theirs", (theirs) => theirs),
      choice("Use mine", (theirs, mine) => mine),
      choice("Keep both", (theirs, mine) => `${theirs}\n\n${mine}`),
    );
  }

  // --- What comes from the server -------------------------------------------------------

  receive({ data, setTriggerValue }) {
    this.trigger = setTriggerValue;
    this.data = data;
    if (this.draft?.note !== data.note) this.#open(data);
    if (this.draft.sending) this.#settle(data.answers[this.draft.sending.id]);
    this.#compare();
    this.#show();
  }

  #open(data) {
    const { note, text, version } = data;
    this.draft = drafts.get(note) ?? { note, text, base: text, version, sending: null };
    drafts.set(note, this.draft);
    this.text.value = this.draft.text;
    if (this.unsaved) this.#pause();
  }

  #settle(answer) {
    const { draft, data } = this;
    const { sending } = draft;
    const arrived = data.version > sending.version && data.text === sending.text;
    if (answer === "saved" || arrived) {
      draft.sending = null;
      draft.base = sending.text;
      draft.version = Math.min(data.version, sending.version + 1);
      draft.savedAt = clockTime();
      if (this.unsaved) this.#pause();
    } else if (answer === "conflict") {
      draft.sending = null;
    } else if (answer) {
      draft.sending = null;
      draft.notice = answer.replace("refused: ", "");
      this.announcer.announce(`Not saved. ${draft.notice}`);
    }
  }

  // Somebody else's text takes the place of one she has not touched; otherwise she is asked.
  #compare() {
    const { draft, data } = this;
    if (draft.sending || data.version <= draft.version) return;
    if (!this.unsaved || data.text === draft.text) {
      this.#adopt(data.text, data.version);
    } else {
      const told = `${this.#other()} changed this note. Please choose.`;
      if (!draft.clash) this.announcer.announce(told);
      draft.clash = { text: data.text, version: data.version };
    }
  }

  #adopt(text, version) {
    Object.assign(this.draft, { text, base: text, version, clash: null });
    if (this.text.value === text) return;
    const { selectionStart, selectionEnd } = this.text;
    this.text.value = text;
    this.text.setSelectionRange(selectionStart, selectionEnd);
  }

  // --- What she does --------------------------------------------------------------------

  get unsaved() {
    const { draft } = this;
    return Boolean(draft) && (draft.sending !== null || draft.text !== draft.base);
  }

  get tooLong() {
    return count(this.draft.text) - this.data.longest;
  }

  #typed() {
    this.draft.text = this.text.value;
    this.draft.notice = null;
    this.#pause();
    this.#show();
  }

  #pause() {
    clearTimeout(this.pausing);
    this.pausing = setTimeout(() => this.#send(), PAUSE);
  }

  #choose(choose) {
    const { text: theirs, version } = this.draft.clash;
    const text = choose(theirs, this.draft.text);
    this.#adopt(theirs, version);
    this.draft.text = this.text.value = text;
    this.#send();
    this.#show();
    this.text.focus();
  }

  // --- Sending --------------------------------------------------------------------------

  #send() {
    clearTimeout(this.pausing);
    const { draft } = this;
    const ready = draft && this.unsaved && !draft.sending && !draft.clash && !draft.notice;
    if (!ready || !this.line.up || this.tooLong > 0) return;
    draft.sending = { id: newId(), text: draft.text, version: draft.version };
    this.#post();
    this.#show();
  }

  #post() {
    this.posted = Date.now();
    this.draft.since ??= this.posted;
    this.trigger("edits", [this.draft.sending]);
  }

  #tick() {
    if (!this.draft?.sending || !this.line.up) return;
    if (Date.now() - (this.posted ?? 0) >= RESEND_AFTER) this.#post();
    this.#show();
  }

  #lineChanged() {
    this.#show();
    if (!this.line.up && this.unsaved) this.announcer.announce(this.status.textContent);
    if (this.line.up) setTimeout(() => this.#sendAgain(), SETTLE_AFTER);
  }

  #sendAgain() {
    if (this.draft?.sending) this.#post();
    else this.#send();
  }

  // --- What she sees --------------------------------------------------------------------

  #other() {
    return this.data.by ?? "Somebody else";
  }

  #show() {
    if (!this.draft) return;
    const { data, draft } = this;
    say(this.label, data.label);
    this.text.rows = data.rows;
    say(this.length, `${inWords(count(draft.text))} of ${inWords(data.longest)}`);
    this.text.setAttribute("aria-invalid", String(this.tooLong > 0));
    if (!draft.sending) draft.since = null;
    const [standing, words] = this.#standing();
    say(this.status, words);
    this.status.dataset.standing = standing;
    hide(this.ask, !draft.clash);
    if (!draft.clash) return;
    say(this.whose, `${this.#other()} changed this note at the same time. This is their text:`);
    say(this.theirs, draft.clash.text || "(empty)");
  }

  #standing() {
    const { draft, data } = this;
    if (draft.clash) return ["wrong", "Not saved: please choose"];
    if (this.tooLong > 0) {
      const over = inWords(this.tooLong);
      return ["wrong", `Not saved: ${over} characters too long. Shorten it and it will be saved.`];
    }
    if (draft.notice) return ["wrong", `Not saved. ${draft.notice}`];
    if (this.unsaved && !this.line.up) {
      return ["waiting", "Not saved yet, no connection – kept here until it is"];
    }
    const slow = draft.since && Date.now() - draft.since >= RESEND_AFTER;
    if (slow) return ["waiting", "Not saved yet – trying again"];
    if (this.unsaved) return ["saving", "Saving…"];
    return draft.savedAt ? ["saved", `Saved ${draft.savedAt}`] : ["idle", "Saves as you type"];
  }

  leave() {
    clearInterval(this.clock);
    clearTimeout(this.pausing);
    this.leaving.abort();
    this.line.close();
    if (this.draft && !this.unsaved) drafts.delete(this.draft.note);
  }
}

const notes = new WeakMap();

export default (component) => keepOne(notes, component, (root) => new Note(root));
