// The quick way out: a click on any exit link, or Shift pressed three times by itself.
(() => {
  "use strict";
  const PRESSES = 3;
  const PATIENCE = 5000; // milliseconds between one press and the next
  let title = document.title;
  let presses = 0;
  let combined = false; // the last other key went down or up together with Shift
  let lapse = 0;

  document.documentElement.classList.add("scripted");

  // The words in the language of the page.
  const said = document.getElementById("exit-status").dataset;

  function say(words) {
    const status = document.getElementById("exit-status");
    if (status) status.textContent = words;
  }

  function show() {
    document.querySelector(".exit")?.classList.toggle("counting", presses > 0);
    document.querySelectorAll(".dots i").forEach((dot, place) => {
      dot.classList.toggle("on", place < presses);
    });
  }

  function stop(words) {
    clearTimeout(lapse);
    if (presses === 0) return;
    presses = 0;
    show();
    say(words);
  }

  function stopped() {
    stop(said.stopped);
  }

  function leave() {
    stop("");
    const cover = document.createElement("div");
    cover.className = "cover";
    cover.setAttribute("role", "alert");
    cover.textContent = said.loading;
    document.body.append(cover);
    document.title = said.loading.replace(/\.$/u, "");
    for (const field of document.querySelectorAll("textarea, input:not([type=hidden])")) {
      field.checked = false;
      if (!["checkbox", "radio"].includes(field.type)) field.value = "";
    }
    location.replace(document.querySelector("a.exit").href);
  }

  function press() {
    clearTimeout(lapse);
    presses += 1;
    show();
    if (presses === PRESSES) {
      leave();
      return;
    }
    say(PRESSES - presses === 1 ? said.one : said.two);
    lapse = setTimeout(stopped, PATIENCE);
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") combined = event.shiftKey;
  });

  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift") {
      combined = event.shiftKey;
      stopped();
      return;
    }
    if (!combined) press();
    combined = false;
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("a.exit")) return;
    event.preventDefault();
    leave();
  });

  // A question that only some are asked appears with the answer that brings it up.
  function follow() {
    for (const question of document.querySelectorAll("fieldset[data-after]")) {
      const { after, answers } = question.dataset;
      const chosen = document.querySelectorAll(`#${after} input:checked`);
      const asked = [...chosen].some((field) => answers.split(" ").includes(field.value));
      question.hidden = question.disabled = !asked;
    }
  }

  document.addEventListener("change", follow);
  follow();

  // A tablet that is passed round: no page stays behind in its history, and one that nobody
  // touches is emptied for the next person.
  const PATIENT = 60000;
  const WARNING = 20000;
  const home = document.body.dataset.kiosk;
  const still = document.getElementById("still"); // not where staff sit beside her
  let idle = 0;

  function wait() {
    clearTimeout(idle);
    still.hidden = true;
    idle = setTimeout(() => {
      still.hidden = false;
      idle = setTimeout(() => location.replace(home), WARNING);
    }, PATIENT);
  }

  if (still) {
    // Not "scroll": the page scrolls by itself when the warning appears.
    for (const sign of ["pointerdown", "touchmove", "wheel", "keydown", "input"]) {
      addEventListener(sign, wait, { passive: true });
    }
    wait();
  }

  // Nor one that was sent: what comes back takes the place of what stands here.
  function turn(text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const main = page.querySelector("main");
    if (!main) throw new Error("no page of ours");
    document.querySelector("main").replaceWith(main);
    title = document.title = page.title;
    follow();
    scrollTo(0, 0);
    const heading = document.querySelector(".summary, main h1");
    heading.tabIndex = -1;
    heading.focus();
  }

  document.addEventListener("submit", (event) => {
    if (!home || !("submitter" in event)) return;
    event.preventDefault();
    const form = event.target;
    const { name, value } = event.submitter ?? {};
    const sent = new URLSearchParams(new FormData(form));
    if (name) sent.append(name, value);
    const main = document.querySelector("main");
    main.inert = true; // nothing typed now would come along
    fetch(form.action, { method: "POST", body: sent })
      .then((answer) => (answer.redirected ? location.replace(answer.url) : answer.text().then(turn)))
      .catch(() => {
        main.inert = false;
        document.getElementById("unsent").hidden = false;
      });
  });

  // She agreed that what she answers is kept: each answer as she gives it.
  document.addEventListener("change", ({ target: { form } }) => {
    if (!form?.elements.kept) return;
    const sent = new URLSearchParams(new FormData(form));
    sent.append("keep", "quiet");
    fetch(form.action, { method: "POST", body: sent }).catch(() => {});
  });

  document.addEventListener("click", (event) => {
    const next = event.target.closest?.("a.next");
    if (!next) return;
    event.preventDefault();
    location.replace(next.href);
  });

  // Back from elsewhere: the page is usable again, and nothing is covered for good.
  addEventListener("pageshow", () => {
    document.querySelectorAll(".cover").forEach((cover) => cover.remove());
    document.title = title;
    stop("");
    if (home) document.querySelector("form")?.reset();
    follow();
  });
})();
