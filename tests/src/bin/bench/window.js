// Times in the window, taken by its own clock. Each function answers in milliseconds.

const grid = () => document.querySelector("[data-grid]");
const frame = () => new Promise((done) => requestAnimationFrame(done));
const lines = () => [...(grid()?.querySelectorAll("[data-line]") ?? [])];
/** No line of the grid is still being read. */
const filled = () => grid().getAttribute("aria-busy") !== "true" && !grid().querySelector("[data-line] i.bar");

async function until(true_, limit_ms) {
  const end = performance.now() + limit_ms;
  while (!true_()) {
    if (performance.now() > end) throw new Error(`not seen in ${limit_ms} ms: ${true_}`);
    await frame();
  }
  // What was put into the page is on the screen at the end of the next frame.
  await frame();
}

async function timed(act, true_) {
  const start = performance.now();
  act();
  await until(true_, 20_000);
  return performance.now() - start;
}

const works = {
  /** Goes to a view by its link. */
  view([name]) {
    const old = document.querySelector("main.view");
    return timed(
      () => document.querySelector(`nav a[href$="#/${name}"]`).click(),
      () => ![null, old].includes(document.querySelector("main.view")) && !document.querySelector("[aria-busy=true], i.bar"),
    );
  },

  /** Shows all that a list has, whatever its state. */
  all: ([name]) => timed(() => { location.hash = `#/${name}?tab=all`; }, () => location.hash.includes("tab=all") && filled()),

  /** Types a text sign by sign; the time of each until its rows are shown. */
  async search([text]) {
    const input = document.querySelector("input[type=search], main.view input[role=searchbox], main.view .tool input");
    const times = [];
    for (let length = 1; length <= text.length; length += 1) {
      const typed = text.slice(0, length);
      times.push(await timed(() => {
        input.focus();
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, typed);
        input.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }, () => decodeURIComponent(location.hash).includes(`q=${typed}`) && filled()));
    }
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, "");
    input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await until(() => !location.hash.includes("q=") && filled(), 20_000);
    return times;
  },

  /** Scrolls by so many pixels in each of so many frames; the time of each, and blank frames. */
  async scroll([step, frames]) {
    const times = [];
    let blank = 0;
    let before = await frame();
    for (let count = 0; count < frames; count += 1) {
      grid().scrollTop += step;
      const now = await frame();
      times.push(now - before);
      before = now;
      const here = grid().getBoundingClientRect();
      const shown = lines().some((line) => {
        const at = line.getBoundingClientRect();
        return at.top < here.bottom && at.bottom > here.top;
      });
      if (!shown) blank += 1;
    }
    await until(filled, 20_000);
    return [...times, blank];
  },

  /** Jumps to a part of the list, from 0 to 1, until its rows are read. */
  jump: ([part]) => timed(() => { grid().scrollTop = grid().scrollHeight * part; }, filled),

  /** Opens the drawer of a line that is seen. */
  async drawer() {
    const middle = grid().getBoundingClientRect();
    const cell = document.elementFromPoint(middle.left + middle.width / 2, middle.top + 100).closest("[data-cell]");
    cell.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    await frame();
    const time = await timed(
      () => grid().dispatchEvent(new KeyboardEvent("keydown", { key: " ", bubbles: true, cancelable: true })),
      () => document.querySelector("aside.drawer") && !document.querySelector("aside.drawer [aria-busy=true], aside.drawer i.bar"),
    );
    document.querySelector("aside.drawer").dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    await until(() => !document.querySelector("aside.drawer"), 10_000);
    return time;
  },

  /** Frames of a window in which nothing happens. */
  async idle([frames]) {
    const times = [];
    let before = await frame();
    for (let count = 0; count < frames; count += 1) {
      const now = await frame();
      times.push(now - before);
      before = now;
    }
    return times;
  },

  /** The number of rows in the list that is shown. */
  rows: () => Number(grid().getAttribute("aria-rowcount")) - 1,
};

const [work, given, done] = arguments;
Promise.resolve(works[work](given)).then(
  (value) => done({ value }),
  (error) => done({ error: String(error) }),
);
