/** Variables of a paused JavaScript program, by js-debug, which VS Code brings. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { LossLensError } from '../../engine/errors.ts';
import { debuggerOffer, debuggerSource } from '../../extension/arrays/debugger/source.ts';
import { closeEditors } from './browser.ts';
import { ended, numbersOf, stoppedAt } from './debugging.ts';

const source = `function main() {
  const prediction = Float32Array.of(0.1, 2, -3.5);
  const half = new Float32Array(10).subarray(4, 6).fill(0.5);
  const labels = [[1, 0], [0, 1]];
  const large = new Float64Array(2_000_000).map((_, index) => Math.sin(index));
  const counts = BigInt64Array.of(1n, -(2n ** 62n));
  const ragged = [[1], [1, 2]];
  const name = 'x';
  debugger; // here
  const later = [1, 2];
  return [prediction, half, labels, large, counts, ragged, name, later];
}
main();
`;

describe('debugger: JavaScript', function () {
  this.timeout(120_000);

  before(async () => {
    await closeEditors();
    await stoppedAt('paused.cjs', source, 'debugger; // here', {
      type: 'pwa-node',
      name: 'paused.cjs',
      request: 'launch',
      runtimeExecutable: process.execPath,
      console: 'internalConsole',
    });
  });

  after(async () => {
    await ended();
    await closeEditors();
    await vscode.commands.executeCommand('workbench.view.explorer');
    await vscode.commands.executeCommand('workbench.action.closePanel');
  });

  it('the arrays in sight are listed; a variable without a value yet is not', async () => {
    const offers = await debuggerSource()!.offers();
    const shown = new Map(offers.map(({ name, dtype, shape }) => [name, `${dtype} ${shape}`]));
    assert.equal(shown.get('prediction'), 'float32 3');
    assert.equal(shown.get('labels'), 'list 2,2');
    assert.equal(shown.get('large'), 'float64 2000000');
    assert(!shown.has('name') && !shown.has('later'));
  });

  it('their numbers come exactly', async () => {
    assert.deepEqual([...(await numbersOf('prediction')).data], [Math.fround(0.1), 2, -3.5]);
    assert.deepEqual([...(await numbersOf('half')).data], [0.5, 0.5]);
    assert.deepEqual([...(await numbersOf('counts')).data], [1n, -(2n ** 62n)]);
    const labels = await numbersOf('labels');
    assert.deepEqual([labels.weak, labels.shape, [...labels.data]], [true, [2, 2], [1, 0, 0, 1]]);
    const { data } = await numbersOf('large');
    assert(data.length === 2_000_000 && data.every((value, index) => value === Math.sin(index)));
  });

  it('what is no array is refused, and a program that runs on gives an error', async () => {
    const refusal = (code: string, words: string) => (error: unknown) =>
      error instanceof LossLensError && error.code === code && error.message.includes(words);
    await assert.rejects(numbersOf('ragged'), refusal('unreadable', 'rows of different lengths'));
    await assert.rejects(numbersOf('name'), refusal('unreadable', 'name is no array'));
    const offer = await debuggerOffer('large');
    await ended();
    await assert.rejects(
      offer.load({ report: () => undefined, signal: new AbortController().signal }),
      refusal('process-error', 'debugger'),
    );
    await assert.rejects(debuggerOffer('large'), refusal('no-session', 'no paused program'));
  });
});
