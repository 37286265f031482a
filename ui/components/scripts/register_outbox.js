// The part of the register that loses nothing.

const same = (one, other) => one.code === other.code && one.minutes === other.minutes;

// Taps not yet answered, in the order they were made. Kept for this tab as opaque references
// only. Each place has at most one tap on its way; what she taps meanwhile waits behind it
// without a version, so the server never has to judge one tap by another.
class Outbox {
  constructor(key) {
    this.key = key;
    this.taps = this.#load();
  }

  at(place) {
    return this.taps.filter((tap) => tap.place === place);
  }

  put(row, code, minutes) {
    this.taps = this.taps.filter((tap) => tap.place !== row.place || (tap.sent && !tap.clash));
    const [ahead] = this.at(row.place);
    if (!same(ahead ?? row, { code, minutes })) {
      const version = ahead ? null : row.version;
      this.taps.push({ id: newId(), place: row.place, code, minutes, version, sent: 0 });
    }
    this.save();
  }

  drop(tap) {
    this.taps = this.taps.filter((other) => other !== tap);
  }

  due() {
    return this.taps.filter((tap) => tap.version !== null && !tap.clash);
  }

  unsaved() {
    return this.taps.filter((tap) => !tap.clash).length;
  }

  // Compares what was sent with the server's answers and rows. Returns what became of it.
  settle(rows, answers) {
    const news = [];
    for (const tap of [...this.taps]) {
      const row = rows.get(tap.place);
      const outcome = this.#outcome(tap, row, answers[tap.id]);
      if (outcome) {
        news.push({ tap, row, outcome });
        this.#close(tap, row, outcome);
      }
    }
    this.save();
    return news;
  }

  #outcome(tap, row, answer) {
    if (tap.version === null && !tap.clash) return null;
    const agreed = row && row.version > tap.version && same(row, tap);
    if (agreed || answer === "saved") return "saved";
    return tap.clash ? null : answer;
  }

  #close(tap, row, outcome) {
    const [, next] = this.at(tap.place);
    const last = next ?? tap;
    if (outcome === "conflict" && row) {
      if (next) this.drop(tap);
      Object.assign(last, { clash: true, version: row.version });
      return;
    }
    this.drop(tap);
    if (!next || !row) return;
    const changedSince = outcome === "saved" && !same(row, tap);
    if (same(row, next)) this.drop(next);
    else Object.assign(next, { version: row.version, clash: changedSince });
  }

  #load() {
    try {
      const taps = JSON.parse(sessionStorage.getItem(this.key)) ?? [];
      return taps.map((tap) => ({ ...tap, since: undefined }));
    } catch {
      return [];
    }
  }

  save() {
    try {
      if (this.taps.length) sessionStorage.setItem(this.key, JSON.stringify(this.taps));
      else sessionStorage.removeItem(this.key);
    } catch {
      // Storage may be full or forbidden: the taps are still in memory.
    }
  }
}

