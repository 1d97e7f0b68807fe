/** The extension in a browser's worker, where there is no Node: VS Code for the Web. The entry of dist/web.js. */
import { builtUri } from '../built.ts';
import { runOn } from './platform.ts';

export { activate } from '../main.ts';

runOn({
  async engine() {
    const engine = await import('../../engine/web.ts');
    const script = builtUri('web-worker.js').toString(true);
    engine.configure({ worker: () => engine.webWorker(script) });
    return engine;
  },
});
