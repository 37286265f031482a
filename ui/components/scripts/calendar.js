// The calendar in the browser: a month or a week as a table, or the same sessions as a list.

const NARROW = 640; // pixels of room below which a table of seven columns cannot be read

class Calendar {
  constructor(root) {
    this.#build(root);
    this.watching = new ResizeObserver(() => this.#measured());
    this.watching.observe(this.element);
  }

  #build(root) {
    const button = (words, work, label = words) => {
      const made = make("button", { type: "button", "aria-label": label }, words);
      made.addEventListener("click", work);
      return made;
    };
    this.earlier = button("←", () => this.#go({ pages: -1 }));
    this.today = button("Today", () => this.#go({ pages: 0 }));
    this.later = button("→", () => this.#go({ pages: 1 }));
    this.title = make("h2", { "aria-live": "polite" });
    this.views = make("div", { class: "views", role: "group", "aria-label": "Show as" });
    const turn = make("div", { class: "turn" }, this.earlier, this.today, this.later);
    this.body = make("div", { class: "body" });
    this.element = make("div", { class: "calendar" });
    this.element.append(make("div", { class: "head" }, turn, this.title, this.views), this.body);
    root.append(this.element);
  }

  // --- What comes from the server ---------------------------------------------------------

  receive({ data, setTriggerValue }) {
    this.send = setTriggerValue;
    const now = JSON.stringify(data);
    if (now === this.known) return;
    this.known = now;
    this.data = data;
    this.#draw();
  }

  #measured() {
    if (this.data && this.wasNarrow !== this.#isNarrow()) this.#draw();
  }

  #isNarrow() {
    return this.element.clientWidth < NARROW;
  }

  // On a narrow screen the list is what one begins with; whoever chooses otherwise gets it.
  #shape() {
    return this.data.chosen || !this.#isNarrow() ? this.data.view : "list";
  }

  // --- What she does ----------------------------------------------------------------------

  #go(to) {
    this.send("go", { view: this.data.chosen ? this.data.view : null, day: this.data.day, ...to });
  }

  #open(event, ref) {
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (elsewhere) return; // another tab or window, as with any link
    event.preventDefault();
    this.send("open", ref);
  }

  // --- What she sees ----------------------------------------------------------------------

  #draw() {
    this.wasNarrow = this.#isNarrow();
    this.drawn = this.#shape();
    say(this.title, this.data.title);
    this.earlier.setAttribute("aria-label", `Earlier: ${this.data.earlier}`);
    this.later.setAttribute("aria-label", `Later: ${this.data.later}`);
    this.#drawViews();
    this.body.replaceChildren(this.#isTable() ? this.#table() : this.#list());
  }

  // A week is seven days beneath each other where seven beside each other cannot be read.
  #isTable() {
    return this.drawn === "month" || (this.drawn === "week" && !this.#isNarrow());
  }

  // The buttons stay where they are: one that has the focus keeps it.
  #drawViews() {
    if (!this.views.children.length) {
      for (const { view, label } of this.data.views) {
        const button = make("button", { type: "button", "data-view": view }, label);
        button.addEventListener("click", () => this.#go({ view, pages: null }));
        this.views.append(button);
      }
    }
    for (const button of this.views.children) {
      button.setAttribute("aria-pressed", String(button.dataset.view === this.drawn));
    }
  }

  #table() {
    const head = make("tr");
    for (const name of this.data.weekdays) {
      const short = make("span", { "aria-hidden": "true" }, name.slice(0, 2));
      const whole = make("span", { class: "aloud" }, name);
      const words = this.#isNarrow() ? [short, whole] : [name];
      head.append(make("th", { scope: "col" }, ...words));
    }
    const rows = make("tbody");
    for (let start = 0; start < this.data.days.length; start += 7) {
      const row = make("tr");
      for (const day of this.data.days.slice(start, start + 7)) row.append(this.#cell(day));
      rows.append(row);
    }
    const caption = make("caption", { class: "aloud" }, `Sessions, ${this.data.title}`);
    return make("table", { class: this.drawn }, caption, make("thead", {}, head), rows);
  }

  #cell(day) {
    const cell = make("td", { class: day.inside ? "" : "outside" });
    const number = make("time", { datetime: day.date }, String(day.number));
    const when = make("div", { class: "when" }, number);
    if (day.today) {
      cell.classList.add("today");
      when.append(make("span", { class: "now" }, "Today"));
    }
    cell.append(when, ...(this.#isNarrow() ? this.#count(day) : this.#sessions(day)));
    return cell;
  }

  // A cell too small for words says how many take place, and leads to them; where all were
  // cancelled it says so of these.
  #count(day) {
    const all = day.sessions.length + day.more;
    if (!all) return [];
    const count = day.takingPlace || all;
    const sessions = count === 1 ? "session" : "sessions";
    const made = this.#toDay(day, String(count), day.takingPlace ? sessions : `cancelled ${sessions}`);
    if (!day.takingPlace) made.classList.add("cancelled");
    return [made];
  }

  // Of a month that has begun, what is over is folded away: today is what one looks for.
  #list() {
    const list = make("div", { class: "list" });
    const days = this.data.days.filter((day) => day.inside && day.sessions.length);
    const over = days.filter((day) => day.date < this.data.today);
    const ahead = days.filter((day) => day.date >= this.data.today);
    if (over.length && ahead.length) {
      const days = over.length === 1 ? "1 day" : `${over.length} days`;
      const words = make("summary", {}, `Earlier (${days} with sessions)`);
      list.append(make("details", {}, words, ...over.map((day) => this.#section(day))));
    } else {
      ahead.unshift(...over);
    }
    list.append(...ahead.map((day) => this.#section(day)));
    if (!days.length) list.append(make("p", { class: "none" }, this.data.nothing));
    return list;
  }

  #section(day) {
    const words = day.today ? `${day.name} (today)` : day.name;
    return make("section", {}, make("h3", {}, words), ...this.#sessions(day));
  }

  #sessions(day) {
    if (!day.sessions.length) return [];
    const list = make("ul");
    for (const session of day.sessions) list.append(make("li", {}, this.#link(session)));
    if (day.more) list.append(make("li", {}, this.#toDay(day, `${day.more} more`)));
    return [list];
  }

  #link(session) {
    const link = make("a", { href: session.href, class: session.standing });
    const until = make("span", { class: "until" }, ` ${session.until}`);
    link.append(make("span", { class: "time" }, session.time, until), " ");
    link.append(make("span", { class: "group" }, session.group), " ");
    if (session.said) link.append(make("strong", {}, session.said), " ");
    link.append(make("span", { class: "detail" }, session.detail));
    link.addEventListener("click", (event) => this.#open(event, session.ref));
    return link;
  }

  #toDay(day, words, what = "") {
    const made = make("button", { type: "button", class: "more" }, words);
    made.setAttribute("aria-label", `${words} ${what} on ${day.name}`);
    made.addEventListener("click", () => this.#go({ view: "day", day: day.date, pages: null }));
    return made;
  }

  leave() {
    this.watching.disconnect();
  }
}

const calendars = new WeakMap();

export default (component) => keepOne(calendars, component, (root) => new Calendar(root));
