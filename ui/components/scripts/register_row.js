// One row of the register: a person, her marks, and what there is to ask about them.

const NEED = "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20m-1 5h2v2.5h-2zm0 4h2v6.5h-2z";
const COLLECT = "M8 4a3 3 0 1 0 0 6 3 3 0 0 0 0-6m8 4a2 2 0 1 0 0 4 2 2 0 0 0 0-4M3 20v-4a5 5 0 0 1 10 0v4zm12 0v-5a3 3 0 0 1 6 0v5z";
const BARRED = "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20M7 10.8h10v2.4H7z";
const ALERT = "M5 2h2v2h12l-3 5 3 5H7v8H5z";

function tag(kind, path, words) {
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
  shape.setAttribute("d", path);
  icon.append(shape);
  return make("li", { class: kind }, icon, words);
}

// Its elements are made once and then only changed, so that neither focus nor a half-typed
// number is lost when somebody else's marks arrive.
class Row {
  constructor(register, place) {
    this.register = register;
    this.place = place;
    this.id = newId();
    this.opened = false; // the less common codes are in sight
    this.welcomed = false; // not expected, but marked all the same
    this.offering = false; // she tapped the chosen mark again
    this.notice = null; // why the last tap was refused
    this.#build();
  }

  #build() {
    this.name = make("span", { class: "name", id: `${this.id}-name` });
    this.tags = make("ul", { class: "tags" });
    this.status = make("span", { class: "status", id: `${this.id}-status` });
    this.told = make("span", { class: "told" });
    this.group = make("div", {
      class: "marks",
      role: "radiogroup",
      "aria-labelledby": `${this.id}-name`,
      "aria-describedby": `${this.id}-status`,
    });
    this.marks = new Map(this.register.codes.map((code) => [code.letter, this.#mark(code)]));
    this.group.append(...this.marks.values());
    this.more = make("button", { type: "button", class: "more quiet" });
    this.more.addEventListener("click", () => this.#toggleMore());
    this.#buildMinutes();
    this.#buildQuestion();
    const who = make("div", { class: "who" }, this.name, this.tags);
    this.element = make("li", { class: "row" });
    const choices = make("div", { class: "choices" }, this.group, this.more);
    this.element.append(who, this.told, choices, this.status, this.asked, this.ask);
    this.group.addEventListener("keydown", (event) => this.#key(event));
    this.group.addEventListener("focusin", (event) => this.#rove(event.target));
    this.group.addEventListener("focusout", () => this.#rove(null));
  }

  #mark(code) {
    const button = make(
      "button",
      { type: "button", role: "radio", class: "mark", "aria-keyshortcuts": code.letter },
      make("span", { class: "letter", "data-letter": code.letter }),
      make("span", { class: "word" }, code.label),
    );
    button.addEventListener("click", () => this.#tap(code.letter));
    return button;
  }

  #buildMinutes() {
    this.prompt = make("label", { for: `${this.id}-minutes` });
    this.minutes = make("input", {
      id: `${this.id}-minutes`,
      type: "text",
      inputmode: "numeric",
      maxlength: "3",
      autocomplete: "off",
      "aria-describedby": `${this.id}-wrong`,
    });
    this.wrong = make("span", { class: "wrong", id: `${this.id}-wrong` });
    this.asked = make("div", { class: "minutes" }, this.prompt, this.minutes, this.wrong);
    this.minutes.addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.#saveMinutes(), 800);
    });
    this.minutes.addEventListener("change", () => this.#saveMinutes());
  }

  #buildQuestion() {
    this.words = make("p");
    this.yes = make("button", { type: "button" });
    this.no = make("button", { type: "button" });
    this.ask = make("div", { class: "ask" }, this.words, this.yes, this.no);
    this.yes.addEventListener("click", () => this.#reply(this.question.yes));
    this.no.addEventListener("click", () => this.#reply(this.question.no));
  }

  // What she sees as marked: her own last tap, or what the server has.
  get shown() {
    return this.register.outbox.at(this.place).findLast((tap) => !tap.clash) ?? this.row;
  }

  get clash() {
    return this.register.outbox.at(this.place).find((tap) => tap.clash);
  }

  get markable() {
    if (this.register.locked) return false;
    return this.row.expected || this.welcomed || this.shown.code !== null;
  }

  // The mark that is in the tab order: the one in focus, the chosen one or the first.
  get entry() {
    const seen = this.#seen();
    return [this.roving, this.marks.get(this.shown.code), seen[0]].find((m) => seen.includes(m));
  }

  #seen() {
    return [...this.marks.values()].filter((mark) => !mark.hidden);
  }

  #rove(mark) {
    this.roving = mark;
    for (const other of this.marks.values()) other.tabIndex = other === this.entry ? 0 : -1;
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const seen = this.#seen();
    const here = seen.indexOf(event.target);
    const goes = {
      ArrowRight: here + 1,
      ArrowDown: here + 1,
      ArrowLeft: here - 1,
      ArrowUp: here - 1,
      Home: 0,
      End: -1,
    };
    if (event.key in goes) seen.at(goes[event.key] % seen.length).focus();
    else if (event.key === "Delete" || event.key === "Backspace") this.#set(null);
    else if (this.marks.has(event.key.toUpperCase())) this.#letter(event.key.toUpperCase());
    else return;
    event.preventDefault();
    event.stopPropagation(); // C is also a key of Streamlit's own
  }

  #letter(letter) {
    if (this.#where(this.register.code(letter)) === "never") return;
    this.#set(letter);
    this.register.focusAfter(this);
  }

  // Where a code is offered on this row: in sight, under "More", or never.
  #where(code) {
    return this.row.child ? code.child : code.adult;
  }

  #tap(letter) {
    if (letter === this.shown.code && !this.clash) this.offering = !this.offering;
    else this.#set(letter);
    this.show();
  }

  #set(letter) {
    this.offering = false;
    this.notice = null;
    if (letter === this.shown.code && !this.clash) return;
    this.#forgetTyping();
    this.register.mark(this, letter, letter === this.row.code ? this.row.minutes : null);
  }

  #forgetTyping() {
    clearTimeout(this.typing);
    this.typing = undefined;
    say(this.wrong, "");
    this.minutes.setAttribute("aria-invalid", "false");
  }

  #toggleMore() {
    const welcoming = !this.markable;
    if (welcoming) this.welcomed = true;
    else this.opened = !this.opened;
    this.show();
    if (welcoming) this.entry.focus();
  }

  #saveMinutes() {
    this.#forgetTyping();
    const text = this.minutes.value.trim();
    const most = this.register.mostMinutes;
    const wrong = !/^\d*$/.test(text) || Number(text) > most;
    if (wrong) {
      say(this.wrong, `Minutes go from 0 to ${most}.`);
      this.minutes.setAttribute("aria-invalid", "true");
      return;
    }
    const minutes = text === "" ? null : Number(text);
    if (minutes !== this.shown.minutes) this.register.mark(this, this.shown.code, minutes);
  }

  #reply(action) {
    const inside = this.ask.contains(this.ask.getRootNode().activeElement);
    this.offering = false;
    this.notice = null;
    action();
    this.register.show();
    if (inside) this.entry?.focus();
  }

  #questionNow() {
    const { clash, register, row } = this;
    if (clash) {
      const done = row.code === null ? "took the mark back" : `marked ${register.words(row)}`;
      return {
        words:
          `${row.by ?? "Somebody else"} ${done} at the same time. ` +
          `Your mark: ${register.words(clash)}.`,
        yes: () => register.giveWay(clash),
        yesWord: "Keep theirs",
        no: () => register.mark(this, clash.code, clash.minutes),
        noWord: "Use mine",
      };
    }
    if (this.notice) return { words: this.notice, yes: () => {}, yesWord: "OK" };
    if (!this.offering || this.shown.code === null) return null;
    return {
      words: `Marked ${register.words(this.shown)}.`,
      yes: () => register.mark(this, null, null),
      yesWord: "Clear this mark",
      no: () => {},
      noWord: "Keep it",
    };
  }

  receive(row) {
    this.row = row;
    say(this.name, row.name);
    const tags = JSON.stringify([row.needs, row.alerts, row.collected_by, row.barred]);
    if (tags !== this.tagged) {
      this.tags.replaceChildren(
        ...row.barred.map((who) => tag("alert barred", BARRED, `Must not collect: ${who}`)),
        ...row.alerts.map((words) => tag("alert", ALERT, words)),
        ...(row.collected_by ? [tag("need", COLLECT, `Collected by: ${row.collected_by}`)] : []),
        ...row.needs.map((words) => tag("need", NEED, words)),
      );
      this.tagged = tags;
    }
  }

  show() {
    const { shown, register, markable } = this;
    hide(this.tags, !this.tags.children.length);
    const away = !this.row.expected && shown.code === null;
    say(this.told, away ? "Not expected" : register.words(shown));
    this.element.classList.toggle("locked", Boolean(register.locked));
    hide(this.group, !markable);
    this.#showMarks(shown);
    this.#showMore(markable);
    this.#showMinutes(shown, markable);
    this.#showQuestion();
    const [standing, words] = this.#standing(shown);
    say(this.status, words);
    this.status.dataset.standing = standing;
  }

  #showMarks(shown) {
    for (const code of this.register.codes) {
      const mark = this.marks.get(code.letter);
      const chosen = code.letter === shown.code;
      const where = this.#where(code);
      const offered = where === "in sight" || (this.opened && where === "more");
      hide(mark, !(offered || chosen || mark === this.roving));
      mark.setAttribute("aria-checked", String(chosen));
    }
    this.#rove(this.roving);
  }

  #showMore(markable) {
    const closed = !markable && !this.register.locked;
    const nothingMore =
      markable && this.register.codes.every((code) => this.#where(code) !== "more");
    hide(this.more, Boolean(this.register.locked) || nothingMore);
    say(this.more, closed ? "Mark anyway" : this.opened ? "Fewer" : "More");
    const whose = closed ? "" : ` marks for ${this.row.name}`;
    this.more.setAttribute("aria-label", this.more.textContent + whose);
    this.more.setAttribute("aria-expanded", String(!closed && this.opened));
  }

  #showMinutes(shown, markable) {
    const prompt = this.register.code(shown.code)?.minutes;
    hide(this.asked, !prompt || !markable);
    if (!prompt) this.#forgetTyping();
    say(this.prompt, `${prompt} (optional)`);
    const typing = this.typing !== undefined || this.wrong.textContent !== "";
    const value = String(shown.minutes ?? "");
    if (!typing && this.minutes.value !== value) this.minutes.value = value;
  }

  #showQuestion() {
    this.question = this.#questionNow();
    hide(this.ask, !this.question);
    if (!this.question) return;
    say(this.words, this.question.words);
    say(this.yes, this.question.yesWord);
    say(this.no, this.question.noWord ?? "");
    hide(this.no, !this.question.no);
  }

  #standing(shown) {
    if (this.clash) return ["clash", "Not saved: please choose"];
    if (shown !== this.row) return this.register.standing(shown);
    if (this.notice) return ["clash", "Not saved"];
    const { by, expected } = this.row;
    if (this.register.locked) return ["blank", by ? `Marked by ${by}` : ""];
    if (shown.code === null) return ["blank", expected ? "Not marked yet" : "Not expected"];
    return ["saved", by ? `Saved, marked by ${by}` : "Saved"];
  }

  focus() {
    this.entry.focus();
  }
}

