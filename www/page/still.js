// Holds the clock of a gallery page still: a state is looked at for as long as
// somebody likes, and is the same each time. To be imported before the component.

import { NOW } from "../gallery/fixtures.js";

/** What waits longer is a deadline, a countdown or another try: those never come. */
const LONG_MS = 400;

const over = new Set();

/** Lets what waits for exactly so long come at once. */
export const letPass = (milliseconds) => over.add(milliseconds);

const Moving = Date;
const now = Moving.parse(NOW);
const wait = globalThis.setTimeout;

globalThis.Date = class extends Moving {
  constructor(...given) {
    super(...(given.length ? given : [now]));
  }

  static now() {
    return now;
  }
};

globalThis.setTimeout = (run, milliseconds, ...rest) => {
  if (over.has(milliseconds)) return wait(run, 0, ...rest);
  return milliseconds > LONG_MS ? 0 : wait(run, milliseconds, ...rest);
};
