/** What the extension costs before it is used. First of the suites by name: nothing may have activated it yet. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('activation', () => {
  it('takes less than 50 ms', async () => {
    const extension = vscode.extensions.getExtension('loss-lens.loss-lens')!;
    assert.equal(extension.isActive, false, 'something has activated the extension already');
    // Processor time: what the rest of the machine does must not count.
    const before = process.cpuUsage();
    const start = performance.now();
    await extension.activate();
    const elapsed = performance.now() - start;
    const { user, system } = process.cpuUsage(before);
    const taken = (user + system) / 1000;
    console.log(
      `      activation: ${taken.toFixed(1)} ms of processor time, ${elapsed.toFixed(1)} ms elapsed`,
    );
    assert(taken < 50, `${taken} ms`);
  });
});
