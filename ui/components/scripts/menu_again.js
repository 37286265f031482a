// Tells the server when the menu entry of the page that is open is chosen.

const ENTRY = '[data-testid="stSidebarNav"] a[aria-current="page"]';

class MenuAgain {
  constructor(root) {
    this.leaving = new AbortController();
    const options = { capture: true, signal: this.leaving.signal };
    document.addEventListener("click", (event) => this.#clicked(event), options);
    takeNoSpace(root);
  }

  receive({ setTriggerValue }) {
    this.tell = setTriggerValue;
  }

  // A click that opens another tab or window stays what it is.
  #clicked(event) {
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (elsewhere || !event.target.closest?.(ENTRY)) return;
    event.preventDefault();
    event.stopPropagation();
    this.tell("chosen", true);
  }

  leave() {
    this.leaving.abort();
  }
}

const menus = new WeakMap();

export default (component) => keepOne(menus, component, (root) => new MenuAgain(root));
