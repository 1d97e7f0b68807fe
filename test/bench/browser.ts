/**
 * The page that runs TensorFlow.js and jax-js: peers.page.js, in a Chromium, where both have threads (in Node neither
 * has). The libraries are installed beside the project when they are first asked for; nothing of the extension uses them.
 */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { installChromium, installOnce } from '../host/install.ts';
import type { Answer, Asked, Host, HostOptions, Peer, PerPeer } from './peers.ts';

export async function startBrowser({ peers, threads, folder }: HostOptions): Promise<Host> {
  const installed = path.join(
    await installOnce('bench', async () => {}, path.join(import.meta.dirname, 'packages')),
    'node_modules',
  );
  const script = await bundle(installed);
  const server = await serve({
    '/': async (_, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end(`<!doctype html><link rel="icon" href="data:,"><script src="/peers.js"></script>`);
    },
    '/peers.js': async (_, response) =>
      void response.setHeader('Content-Type', 'text/javascript').end(script),
    '/wasm/': async (name, response) =>
      pipeline(
        createReadStream(path.join(installed, '@tensorflow/tfjs-backend-wasm/wasm-out', name)),
        response,
      ),
    '/data/': (name, response) => pipeline(createReadStream(path.join(folder, name)), response),
  });
  const executable = await installChromium();
  const browser = await chromium.launch({
    executablePath: executable.executable,
    env: { ...process.env, ...executable.environment } as Record<string, string>,
    chromiumSandbox: false,
  });
  return BrowserHost.start(server, browser, { peers, threads, versions: await versionsIn(installed) });
}

async function versionsIn(modules: string): Promise<PerPeer<string>> {
  const version = async (name: string): Promise<string> =>
    (JSON.parse(await readFile(path.join(modules, name, 'package.json'), 'utf8')) as { version: string })
      .version;
  return { tfjs: await version('@tensorflow/tfjs-core'), 'jax-js': await version('@jax-js/jax') };
}

async function bundle(modules: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(import.meta.dirname, 'peers.page.js')],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    globalName: 'peers',
    platform: 'browser',
    nodePaths: [modules],
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}

type Route = (name: string, response: ServerResponse) => Promise<void>;

/** Routes that end in a slash get what follows it. The headers allow the page shared memory. */
async function serve(routes: Readonly<Record<string, Route>>): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost');
    const at = pathname.lastIndexOf('/') + 1;
    const route = routes[pathname] ?? routes[pathname.slice(0, at)];
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    if (pathname.endsWith('.js')) response.setHeader('Content-Type', 'text/javascript');
    if (pathname.endsWith('.wasm')) response.setHeader('Content-Type', 'application/wasm');
    const answered = route?.(pathname.slice(at), response) ?? Promise.reject(new Error('no such page'));
    answered.catch((error: unknown) => response.writeHead(404).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** What peers.page.js leaves in its page. */
interface Library {
  start(peer: Peer, threads: number): Promise<number>;
  load(peer: Peer, of: Asked): Promise<Answer>;
  time(peer: Peer, runs: number): Promise<readonly number[]>;
}

class BrowserHost implements Host {
  readonly #server: Server;
  readonly #browser: Browser;
  readonly #page: Page;
  readonly #versions: PerPeer<string>;

  static async start(
    server: Server,
    browser: Browser,
    { peers, threads, versions }: { peers: readonly Peer[]; threads: number; versions: PerPeer<string> },
  ): Promise<BrowserHost> {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const told: PerPeer<string> = {};
    for (const peer of peers) {
      const own = await call(page, 'start', peer, threads);
      told[peer] = `${versions[peer]} (${own} ${own === 1 ? 'thread' : 'threads'})`;
    }
    return new BrowserHost(server, browser, page, told);
  }

  private constructor(server: Server, browser: Browser, page: Page, versions: PerPeer<string>) {
    this.#server = server;
    this.#browser = browser;
    this.#page = page;
    this.#versions = versions;
  }

  versions = async (): Promise<PerPeer<string>> => this.#versions;
  load = (peer: Peer, of: Asked): Promise<Answer> => call(this.#page, 'load', peer, of);
  time = (peer: Peer, runs: number): Promise<readonly number[]> => call(this.#page, 'time', peer, runs);

  async stop(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
  }
}

function call<M extends keyof Library>(
  page: Page,
  method: M,
  ...args: Parameters<Library[M]>
): ReturnType<Library[M]> {
  return page.evaluate(
    ([name, given]) => {
      const library = (globalThis as unknown as { peers: Record<string, (...all: unknown[]) => unknown> })
        .peers;
      return library[name]!(...given);
    },
    [method, args as unknown[]] as const,
  ) as ReturnType<Library[M]>;
}
