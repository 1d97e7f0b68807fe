/** What the extension costs before it is used. First of the suites by name: nothing may have activated it yet. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('activation', () => {
  it('takes less than 50 ms', async () => {
    const extension = vscode.extensions.getExtension('loss-lens.loss-lens')!;
    assert.equal(extension.isActive, false, 'something has activated the extension already');
    const start = performance.now();
    await extension.activate();
    const taken = performance.now() - start;
    console.log(`      activation: ${taken.toFixed(1)} ms`);
    assert(taken < 50, `${taken} ms`);
  });
});
