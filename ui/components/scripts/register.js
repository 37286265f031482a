// The register in the browser: shows a tap at once, keeps it until the server has answered it.

const OFFER_RELOAD_AFTER = 12000; // by then asking again does not help: the page may be stale

const STUCK = "The service has not answered for a while. Your marks are kept here and sent again.";

class Register {
  constructor(root) {
    this.rows = new Map();
    this.announcer = new Announcer();
    this.line = new Line(() => this.#lineChanged());
    this.#build(root);
    this.clock = setInterval(() => this.#tick(), 1000);
    this.warn = (event) => {
      if (this.outbox?.unsaved() && !this.reloading) event.preventDefault();
    };
    window.addEventListener("beforeunload", this.warn);
  }

  #build(root) {
    this.count = make("strong", { class: "count" });
    this.bar = make("span", { class: "bar", "aria-hidden": "true" }, make("span"));
    this.summary = make("span", { class: "summary" });
    this.everyone = make("button", { type: "button", class: "everyone" });
    this.everyone.addEventListener("click", () => this.#markEveryone());
    this.undone = make("span");
    const undo = make("button", { type: "button" }, "Undo");
    undo.addEventListener("click", () => this.#undo());
    this.undoing = make("div", { class: "undo" }, this.undone, undo);
    this.told = make("p");
    this.reload = make("button", { type: "button" }, "Load the page again");
    this.reload.addEventListener("click", () => this.#reload());
    this.banner = make("div", { class: "banner" }, this.told, this.reload);
    this.list = make("ul", { class: "rows" });
    this.progress = make("div", { class: "progress" }, this.count, this.summary, this.bar);
    const head = make("div", { class: "head" }, this.progress, this.everyone);
    this.element = make("div", { class: "register" });
    this.element.append(head, this.undoing, this.banner, this.list, this.announcer.element);
    root.append(this.element);
  }

  // --- What comes from the server -------------------------------------------------------

  receive({ data: [data], setTriggerValue }) {
    this.send = setTriggerValue;
    this.mostMinutes = data.most_minutes;
    this.locked = data.locked;
    this.all = data.everyone;
    const key = `alongside.register.${data.session}.${data.marker}`;
    if (this.outbox?.key !== key) {
      this.outbox = new Outbox(key);
      this.undoable = [];
    }
    this.#receiveCodes(data.codes);
    this.#receiveRows(data.rows);
    const rows = new Map(data.rows.map((row) => [row.place, row]));
    this.#tell(this.outbox.settle(rows, data.answers));
    this.#flush((tap) => !tap.sent);
    this.show();
  }

  #receiveCodes(codes) {
    const known = JSON.stringify(codes);
    if (known === this.known) return;
    this.known = known;
    this.codes = codes;
    this.rows.clear();
    this.list.replaceChildren();
  }

  #receiveRows(rows) {
    const gone = new Set(this.rows.keys());
    let previous = null;
    for (const row of rows) {
      gone.delete(row.place);
      if (!this.rows.has(row.place)) this.rows.set(row.place, new Row(this, row.place));
      const line = this.rows.get(row.place);
      line.receive(row);
      // Moving an element takes the focus from it: only what is really out of place moves.
      const place = previous ? previous.nextSibling : this.list.firstChild;
      if (line.element !== place) this.list.insertBefore(line.element, place);
      previous = line.element;
    }
    for (const place of gone) {
      this.rows.get(place).element.remove();
      this.rows.delete(place);
    }
    this.order = rows.map((row) => this.rows.get(row.place));
  }

  #tell(news) {
    const saved = news.filter(({ outcome, row }) => outcome === "saved" && row);
    if (saved.length > 3) this.announcer.announce(`${saved.length} marks saved.`);
    for (const { tap, row, outcome } of news) {
      const line = this.rows.get(tap.place);
      const sentence = outcome.replace("refused: ", "");
      if (!line) this.lost = outcome.startsWith("refused: ") ? sentence : this.lost;
      else if (outcome === "saved") {
        if (saved.length <= 3) this.announcer.announce(`${row.name}: ${this.words(tap)}, saved.`);
      } else if (outcome === "conflict") {
        const who = row.by ?? "somebody else";
        this.announcer.announce(`${row.name}: ${who} marked at the same time. Please choose.`);
      } else {
        line.notice = sentence;
        this.announcer.announce(`${row.name}: not saved. ${sentence}`);
      }
    }
  }

  // --- What she does --------------------------------------------------------------------

  mark(line, code, minutes) {
    this.outbox.put(line.row, code, minutes);
    if (!this.line.up) {
      const words = `${line.row.name}: ${this.words(line.shown)}, not saved yet, no connection.`;
      this.announcer.announce(words);
    }
    this.#flush((tap) => !tap.sent);
    this.show();
  }

  giveWay(clash) {
    this.outbox.drop(clash);
    this.outbox.save();
  }

  #markEveryone() {
    const blank = this.#unmarked();
    if (!blank.length) return;
    for (const line of blank) this.outbox.put(line.row, this.all, null);
    this.undoable = blank.map((line) => line.place);
    this.#flush((tap) => !tap.sent);
    this.announcer.announce(`${blank.length} marked ${this.code(this.all).label}.`);
    this.show();
  }

  #undo() {
    for (const line of this.#undoableLines()) this.outbox.put(line.row, null, null);
    this.undoable = [];
    this.#flush((tap) => !tap.sent);
    this.announcer.announce("Undone.");
    this.show();
    this.everyone.focus();
  }

  // Only what the button marked and nobody has changed since.
  #undoableLines() {
    const untouched = ({ shown, row, clash }) =>
      !clash && !row.by && shown.code === this.all && shown.minutes === null;
    return this.order.filter((line) => this.undoable.includes(line.place) && untouched(line));
  }

  #unmarked() {
    return this.order.filter((line) => {
      return line.row.expected && line.shown.code === null && !line.clash;
    });
  }

  focusAfter(line) {
    const next = this.order.slice(this.order.indexOf(line) + 1).find((other) => other.markable);
    (next ?? line).focus();
  }

  // --- Sending --------------------------------------------------------------------------

  // Every message repeats all that is unanswered: Streamlit keeps only the latest message that
  // arrives while the page is running, and the server counts each tap once.
  #flush(worthSending) {
    const due = this.outbox.due();
    if (!this.line.up || !due.some(worthSending)) return;
    const now = Date.now();
    for (const tap of due) {
      tap.sent = now;
      tap.since ??= now;
    }
    this.outbox.save();
    const names = ["id", "place", "code", "minutes", "version"];
    const taps = due.map((tap) => Object.fromEntries(names.map((name) => [name, tap[name]])));
    this.send("taps", taps);
  }

  #tick() {
    if (!this.outbox?.unsaved()) return;
    this.#flush((tap) => Date.now() - tap.sent >= RESEND_AFTER);
    this.show();
  }

  #lineChanged() {
    if (this.line.up) for (const tap of this.outbox.taps) tap.since = undefined;
    this.show();
    if (!this.line.up) this.announcer.announce(this.told.textContent);
    else setTimeout(() => this.#flush(() => true), SETTLE_AFTER);
  }

  // The taps are in this tab's storage and go out from the fresh page.
  #reload() {
    this.reloading = true;
    location.reload();
  }

  // --- What she sees --------------------------------------------------------------------

  code(letter) {
    return this.codes.find((code) => code.letter === letter);
  }

  words({ code, minutes }) {
    if (code === null) return "not recorded";
    const label = this.code(code)?.label ?? code;
    return minutes === null ? label : `${label}, ${minutes} minute${minutes === 1 ? "" : "s"}`;
  }

  #waits(tap, most) {
    return Boolean(tap.since) && Date.now() - tap.since >= most;
  }

  standing(tap) {
    if (!this.line.up) return ["waiting", "Not saved yet – no connection"];
    if (this.#waits(tap, RESEND_AFTER)) return ["waiting", "Not saved yet – trying again"];
    return ["saving", "Saving…"];
  }

  show() {
    for (const line of this.order) line.show();
    const counted = this.order.filter((line) => line.row.expected);
    const marked = counted.filter((line) => line.shown.code !== null).length;
    hide(this.progress, !counted.length);
    say(this.count, `${marked} of ${counted.length} marked`);
    this.bar.firstChild.style.width = `${(100 * marked) / Math.max(counted.length, 1)}%`;
    say(this.summary, this.#summaryWords(marked));
    this.#showEveryone();
    this.#showBanner();
  }

  #summaryWords(marked) {
    const clashes = this.order.filter((line) => line.clash).length;
    if (clashes) return `${clashes} to choose`;
    const unsaved = this.outbox.unsaved();
    if (unsaved) return this.line.up ? "Saving…" : `${unsaved} not saved yet`;
    return marked ? "All saved" : "";
  }

  #showEveryone() {
    const label = this.code(this.all)?.label.toLowerCase();
    const blank = this.#unmarked().length;
    hide(this.everyone, Boolean(this.locked) || !label);
    say(this.everyone, `Everyone ${label}`);
    this.everyone.setAttribute("aria-disabled", String(blank === 0));
    const undoable = this.#undoableLines().length;
    hide(this.undoing, Boolean(this.locked) || undoable === 0);
    say(this.undone, `${undoable} marked ${this.code(this.all)?.label}.`);
  }

  #showBanner() {
    const waits = this.outbox.due().some((tap) => this.#waits(tap, OFFER_RELOAD_AFTER));
    const stuck = waits && this.line.up;
    say(this.told, stuck ? STUCK : this.#bannerWords());
    hide(this.reload, !stuck);
    hide(this.banner, !this.told.textContent);
  }

  #bannerWords() {
    if (!this.line.up) {
      const kept = this.outbox.unsaved();
      const what =
        kept === 0 ? "Marks you make now are" : kept === 1 ? "1 mark is" : `${kept} marks are`;
      return `No connection. ${what} kept here and sent when it is back. Keep this page open.`;
    }
    return this.locked ?? this.lost ?? "";
  }

  leave() {
    clearInterval(this.clock);
    this.line.close();
    window.removeEventListener("beforeunload", this.warn);
  }
}

const registers = new WeakMap();

export default (component) => keepOne(registers, component, (root) => new Register(root));
