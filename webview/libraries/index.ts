/**
 * The libraries that draw plots and typeset formulas, two thirds of a page's script. They are fetched while the page
 * already shows the value, and in one file: each request of a page passes VS Code's service worker, which takes as long
 * over a small file as over a large one.
 */
import type * as bundled from './bundled.ts';

/** Undefined until the libraries are loaded. */
export let Plot: typeof bundled.Plot;
export let katex: typeof bundled.katex;

let loading: Promise<void> | undefined;

/** Once for a page; what could not be fetched can be asked for again. */
export function loadLibraries(): Promise<void> {
  loading ??= load();
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}

async function load(): Promise<void> {
  // VS Code's service worker at times loses a request; asked again it answers.
  ({ Plot, katex } = await fetchBundled().catch(fetchBundled));
}

const fetchBundled = (): Promise<typeof bundled> => import('./bundled.ts');
