/** What tests in the extension host can ask of the window around them, over HTTP to the launcher. */
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { CDPSession, Frame, Page } from 'playwright-core';
import { messageOf, storage } from './install.ts';

/**
 * The document that a selector is looked for in: VS Code's own, that of Loss Lens's webview in view, or that of the
 * notebook's outputs.
 */
export type Place = 'workbench' | 'webview' | 'notebook';

/** Selectors are Playwright's: CSS, `text=…`, `role=button[name="…"]`. Each method waits for its element. */
export interface Bridge {
  /** How many windows have asked before: 0 for the first, one more after each reload. */
  nextWindow(): Promise<number>;
  /** Writes a line on the launcher's standard output, or its standard error. */
  print(text: string, stream: 'stdout' | 'stderr'): Promise<void>;
  /** Writes the totals, where a suite cannot write files itself. */
  report(totals: string): Promise<void>;
  /** Writes `.vscode-test/screenshots/<name>.png`, of the window or of one element. @returns the path of the file */
  screenshot(name: string, place?: Place, selector?: string): Promise<string>;
  click(place: Place, selector: string): Promise<void>;
  /** A click on this text with Control held, which follows a link. */
  follow(place: Place, selector: string, text: string): Promise<void>;
  /** Rests the mouse on the middle of the element, or of this text in it, e.g. a word of a line. */
  hover(place: Place, selector: string, text?: string): Promise<void>;
  /** Where the middle of this text in the element is, from the window's corner. */
  middle(place: Place, selector: string, text: string): Promise<{ readonly x: number; readonly y: number }>;
  /**
   * Holds the mouse down on the element and moves it to and fro across the second quarter of its width, at 60 moves a second,
   * whether or not the window keeps up.
   */
  drag(place: Place, selector: string, milliseconds: number): Promise<void>;
  /** Replaces what a text field holds. */
  fill(place: Place, selector: string, text: string): Promise<void>;
  /** Types into whatever has the focus. */
  type(text: string): Promise<void>;
  /** A key or a chord: `Escape`, `Control+Shift+P`. */
  press(key: string): Promise<void>;
  /** Waits until the element is shown (or, with `hidden`, until there is none). */
  waitFor(place: Place, selector: string, state?: 'visible' | 'hidden'): Promise<void>;
  text(place: Place, selector: string): Promise<string>;
  /** How many there are at this moment; does not wait. */
  count(place: Place, selector: string): Promise<number>;
  /** Whether the system asks for less motion. */
  reduceMotion(asked: boolean): Promise<void>;
  /** What the window and its webviews hold once their garbage is collected: bytes of JavaScript, and nodes. */
  held(): Promise<{ readonly bytes: number; readonly nodes: number }>;
  /** Milliseconds of processor time that the window has taken since it was opened. */
  spent(): Promise<Spent>;
  /** Calls the function of this source text in that document, its arguments and its result as JSON. */
  evaluate(place: Place, functionSource: string, parameters: readonly unknown[]): Promise<unknown>;
}

export interface Spent {
  /** Of the thread that runs the pages: scripts, styles and layout, and all of its tasks. */
  readonly scripts: number;
  readonly layout: number;
  readonly tasks: number;
  /** Of whole processes: the one of the pages, and the ones that put their pictures together. */
  readonly pages: number;
  readonly pictures: number;
}

export interface BridgeRequest {
  readonly method: keyof Bridge;
  readonly parameters: readonly unknown[];
}

export type BridgeReply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

/** Longer than VS Code's service worker takes to give up a request of a page that it has lost, and the page to ask again. */
const elementTimeout = 45_000;

/**
 * @param page the window, once there is one: requests wait for it
 * @returns the address to post requests to, which holds a secret; served as long as the process lives
 */
export async function serveBridge(page: Promise<Page>): Promise<string> {
  const bridge = bridgeTo(page);
  const secret = randomUUID();
  const server = createServer((request, response) => {
    if (request.method !== 'POST' || request.url !== `/${secret}`) {
      response.writeHead(404).end();
      return;
    }
    // A browser asks from another origin.
    response.setHeader('Access-Control-Allow-Origin', '*');
    void answer(request, bridge).then((reply) => response.end(JSON.stringify(reply)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The bridge has no port.');
  return `http://127.0.0.1:${address.port}/${secret}`;
}

async function answer(request: IncomingMessage, bridge: Bridge): Promise<BridgeReply> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, parameters } = JSON.parse(Buffer.concat(chunks).toString()) as BridgeRequest;
    const call = bridge[method] as (...values: readonly unknown[]) => Promise<unknown>;
    for (;;) {
      try {
        return { ok: true, value: await call(...parameters) };
      } catch (error) {
        // A webview that is shown again is a new frame: asked in between, it was the old one that answered.
        if (!/frame (was|got) detached|execution context was destroyed/i.test(messageOf(error))) throw error;
      }
    }
  } catch (error) {
    return { ok: false, message: messageOf(error) };
  }
}

function bridgeTo(page: Promise<Page>): Bridge {
  const frame = async (place: Place) => frameOf(await page, place);
  const locate = async (place: Place, selector: string) => (await frame(place)).locator(selector).first();
  const options = { timeout: elementTimeout };
  /** Counts from when it was opened. */
  let metering: CDPSession | undefined;
  let windows = 0;
  return {
    async nextWindow() {
      return windows++;
    },
    async print(text, stream) {
      process[stream].write(`${text}\n`);
    },
    async report(totals) {
      await writeFile(process.env.TEST_TOTALS!, totals);
    },
    async screenshot(name, place = 'workbench', selector) {
      const folder = path.join(storage, 'screenshots');
      await mkdir(folder, { recursive: true });
      const file = path.join(folder, `${name}.png`);
      await typefacesOf(await page);
      const subject = selector === undefined ? await page : await locate(place, selector);
      await subject.screenshot({ path: file, animations: 'disabled', ...options });
      return file;
    },
    async click(place, selector) {
      await (await locate(place, selector)).click(options);
    },
    async follow(place, selector, text) {
      const element = await locate(place, selector);
      const position = await element.evaluate(middleOf, text, options);
      await element.click({ position, force: true, modifiers: ['Control'], ...options });
    },
    async hover(place, selector, text) {
      const element = await locate(place, selector);
      const position = text === undefined ? undefined : await element.evaluate(middleOf, text, options);
      // A terminal lays a layer over its lines that gets their pointer events: the text is not what is hit.
      await element.hover(position ? { position, force: true, ...options } : options);
    },
    async middle(place, selector, text) {
      const element = await locate(place, selector);
      const { x, y } = await element.evaluate(middleOf, text, options);
      const corner = (await element.boundingBox(options))!;
      return { x: corner.x + x, y: corner.y + y };
    },
    async drag(place, selector, milliseconds) {
      const { mouse } = await page;
      const { x, y, width, height } = (await (await locate(place, selector)).boundingBox(options))!;
      const [middle, from, reach] = [y + height / 2, x + width / 4, Math.floor(width / 4)];
      await mouse.move(from, middle);
      await mouse.down();
      const moves: Promise<void>[] = [];
      const began = performance.now();
      for (let ticks = 0; performance.now() - began < milliseconds; ticks++) {
        const step = (2 * ticks) % (2 * reach);
        moves.push(mouse.move(from + (step < reach ? step : 2 * reach - step), middle));
        const next = began + ((ticks + 1) * 1000) / 60;
        await setTimeout(Math.max(0, next - performance.now()));
      }
      await Promise.all(moves);
      await mouse.up();
    },
    async fill(place, selector, text) {
      await (await locate(place, selector)).fill(text, options);
    },
    async type(text) {
      await (await page).keyboard.type(text);
    },
    async press(key) {
      await (await page).keyboard.press(key);
    },
    async waitFor(place, selector, state = 'visible') {
      await (await locate(place, selector)).waitFor({ state, ...options });
    },
    async text(place, selector) {
      const element = await locate(place, selector);
      await element.waitFor({ state: 'attached', ...options });
      return (await element.allInnerTexts())[0] ?? '';
    },
    async count(place, selector) {
      return (await frame(place)).locator(selector).count();
    },
    async reduceMotion(asked) {
      await (await page).emulateMedia({ reducedMotion: asked ? 'reduce' : null });
    },
    async held() {
      const window = await page;
      const session = await window.context().newCDPSession(window);
      try {
        await session.send('HeapProfiler.collectGarbage');
        const { usedSize } = await session.send('Runtime.getHeapUsage');
        const { nodes } = await session.send('Memory.getDOMCounters');
        return { bytes: usedSize, nodes };
      } finally {
        await session.detach();
      }
    },
    async spent() {
      const window = await page;
      if (!metering) {
        metering = await window.context().newCDPSession(window);
        await metering.send('Performance.enable', { timeDomain: 'threadTicks' });
      }
      const all = await window.context().browser()!.newBrowserCDPSession();
      try {
        const { metrics } = await metering.send('Performance.getMetrics');
        const { processInfo } = await all.send('SystemInfo.getProcessInfo');
        const sum = (named: readonly { readonly value: number }[]): number =>
          1000 * named.reduce((total, { value }) => total + value, 0);
        const metric = (...names: readonly string[]): number =>
          sum(metrics.filter(({ name }) => names.includes(name)));
        const process = (...types: readonly string[]): number =>
          sum(
            processInfo.filter(({ type }) => types.includes(type)).map(({ cpuTime }) => ({ value: cpuTime })),
          );
        return {
          scripts: metric('ScriptDuration'),
          layout: metric('LayoutDuration', 'RecalcStyleDuration'),
          tasks: metric('TaskDuration'),
          pages: process('renderer'),
          pictures: process('browser', 'GPU'),
        };
      } finally {
        await all.detach();
      }
    },
    async evaluate(place, functionSource, parameters) {
      return (await frame(place)).evaluate(`(${functionSource})(...${JSON.stringify(parameters)})`);
    },
  };
}

/** Where this text is in the element, from its corner. Runs in the page. */
function middleOf(element: Element, text: string): { x: number; y: number } {
  const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) {
    const node = nodes.currentNode as Text;
    const start = node.data.indexOf(text);
    if (start < 0) continue;
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, start + text.length);
    const [whole, part] = [element.getBoundingClientRect(), range.getBoundingClientRect()];
    return { x: part.x - whole.x + part.width / 2, y: part.y - whole.y + part.height / 2 };
  }
  throw new Error(`The element does not hold '${text}' in one piece.`);
}

/** A webview is a frame in a frame; the outer one's address says whose it is. */
async function frameOf(page: Page, place: Place): Promise<Frame> {
  if (place === 'workbench') return page.mainFrame();
  const deadline = Date.now() + elementTimeout;
  for (;;) {
    for (const outer of page.frames()) {
      const query = new URL(outer.url(), 'http://none').searchParams;
      const owned =
        place === 'notebook'
          ? query.get('purpose') === 'notebookRenderer'
          : query.get('extensionId') === 'loss-lens.loss-lens';
      const inner = outer.childFrames()[0];
      if (owned && inner && (await isShown(outer))) return inner;
    }
    if (Date.now() > deadline) throw new Error(`No ${place} is in view.`);
    await setTimeout(100);
  }
}

/** Waits for what the webviews in view are loading: text is not shown before its typeface is there. */
async function typefacesOf(page: Page): Promise<void> {
  for (const outer of page.frames()) {
    const inner = outer.childFrames()[0];
    if (!inner || !(await isShown(outer))) continue;
    // A frame that was removed meanwhile is not on the picture.
    await inner.evaluate(() => document.fonts.ready.then(() => undefined)).catch(() => undefined);
  }
}

async function isShown(frame: Frame): Promise<boolean> {
  try {
    return await (await frame.frameElement()).isVisible();
  } catch {
    // It was removed meanwhile.
    return false;
  }
}
