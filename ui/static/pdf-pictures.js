// Owns: the pictures of pages: which is asked for next, and that no more than a few are drawn at a time.

import { request } from "./shared.js";

// The server draws two at a time; a third would keep the page's other requests waiting.
const AT_ONCE = 2;
const [NARROWEST, WIDEST] = [100, 2400];

const waiting = [];
let running = 0;

/**
 * Have a canvas show a page, about `width` pixels wide; those with the least `distance` from what is seen come first.
 * Nothing is asked twice. `onFailure` is called with the server's sentence where the page cannot be drawn.
 */
export function loadPicture(canvas, address, width, distance, onFailure) {
  // The server rounds to hundreds, too.
  const asked = Math.min(WIDEST, Math.max(NARROWEST, Math.ceil(width / 100) * 100));
  const known = canvas.job;
  if (known?.asked === asked) {
    known.distance = distance;
    return;
  }
  // Sharper than is shown is sharp enough, unless it is much larger.
  if (known?.done && known.asked > asked && known.asked < 2.5 * asked) return;
  stopPicture(canvas);
  const job = { canvas, address: `${address}?width=${asked}`, asked, distance, onFailure, leaving: new AbortController() };
  canvas.job = job;
  waiting.push(job);
  next();
}

/** Ask no more for the picture of a canvas; one that is there stays. */
export function stopPicture(canvas) {
  const { job } = canvas;
  if (!job || job.done) return;
  job.leaving.abort();
  const place = waiting.indexOf(job);
  if (place >= 0) waiting.splice(place, 1);
  canvas.job = undefined;
}

function next() {
  while (running < AT_ONCE && waiting.length) {
    waiting.sort((a, b) => b.distance - a.distance);
    running++;
    draw(waiting.pop()).finally(() => {
      running--;
      next();
    });
  }
}

async function draw(job) {
  try {
    const response = await request(job.address, { signal: job.leaving.signal });
    const picture = await createImageBitmap(await response.blob());
    if (job.canvas.job === job) {
      job.canvas.width = picture.width;
      job.canvas.height = picture.height;
      job.canvas.getContext("2d").drawImage(picture, 0, 0);
      job.canvas.dataset.shown = job.asked;
      job.done = true;
    }
    picture.close();
  } catch (error) {
    if (error.name === "AbortError" || job.canvas.job !== job) return;
    job.done = true;
    job.onFailure(error.message);
  }
}
