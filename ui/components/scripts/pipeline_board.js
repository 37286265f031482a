// The pipeline in the browser: a column a stage, a card a volunteer, moved along by a button.

class PipelineBoard {
  constructor(root) {
    this.body = make("div", { class: "columns" });
    this.news = new Announcer();
    this.element = make("div", { class: "board" }, this.body, this.news.element);
    root.append(this.element);
  }

  receive({ data, setTriggerValue }) {
    this.send = setTriggerValue;
    const now = JSON.stringify(data);
    if (now === this.known) return;
    this.known = now;
    this.body.replaceChildren(...data.columns.map((column) => this.#column(column)));
    this.#follow(data);
  }

  // Whoever moved somebody by keyboard goes on from her card, wherever it is now.
  #follow(data) {
    if (!this.moved) return;
    const card = this.body.querySelector(`a[data-ref="${this.moved.ref}"]`);
    const now = data.columns.find(({ cards }) => cards.some(({ ref }) => ref === this.moved.ref));
    if (now && now.stage === this.moved.to) this.news.announce(`Moved to ${now.label}.`);
    if (card) card.focus();
    this.moved = null;
  }

  #column(column) {
    const count = make("span", { class: "count" }, String(column.count));
    const heading = make("h2", {}, column.label, " ", count);
    const list = make("ul");
    for (const card of column.cards) list.append(make("li", {}, ...this.#card(card, column)));
    const parts = [heading, list];
    if (!column.cards.length) parts.push(make("p", { class: "quiet" }, "Nobody now"));
    if (column.more) parts.push(make("p", { class: "quiet" }, column.more));
    return make("section", { "aria-label": column.label }, ...parts);
  }

  #card(card, column) {
    const link = make("a", { href: card.href, "data-ref": card.ref }, card.name);
    link.addEventListener("click", (event) => this.#open(event, card.ref));
    const parts = [link];
    if (card.late) parts.push(make("strong", {}, card.late));
    if (card.days) parts.push(make("span", { class: "quiet" }, card.days));
    parts.push(make("span", { class: "step" }, card.step));
    if (card.owner) parts.push(make("span", { class: "quiet" }, card.owner));
    if (column.next) {
      const words = `Move to ${column.next.label}`;
      const label = `${words}: ${card.name}`;
      const button = make("button", { type: "button", "aria-label": label }, words);
      button.addEventListener("click", () => this.#move(card, column.next.stage));
      parts.push(button);
    }
    return parts;
  }

  #open(event, ref) {
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (elsewhere) return; // another tab or window, as with any link
    event.preventDefault();
    this.send("open", ref);
  }

  #move(card, to) {
    this.moved = { ref: card.ref, to };
    this.send("move", { ref: card.ref, to, version: card.version });
  }

  leave() {}
}

const boards = new WeakMap();

export default (component) => keepOne(boards, component, (root) => new PipelineBoard(root));
