/** What a hundred evaluations leave behind, a fifth of which lose their thread, their signal or their problem on the way. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

describe('evaluations that fail, again and again', () => {
  it('leave no thread, no timer and no memory behind', async function () {
    this.timeout(120_000);
    const script = path.join(import.meta.dirname, 'cycles.ts');
    const child = spawn(process.execPath, ['--expose-gc', script, '100'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (out += text));
    const [code] = await once(child, 'close');
    assert.equal(code, 0, out);
    const { ends, left } = JSON.parse(out.trim().split('\n').at(-1)!);
    assert.ok(ends['worker-died'] > 0 && ends['cancelled'] > 0 && left.workers === 2, out);
  });
});
