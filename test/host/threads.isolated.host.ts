/** In a page that shares memory with its threads: the kernels run on web workers. */
import assert from 'node:assert/strict';
import './virtual.host.ts';

describe('host in an isolated page', () => {
  it('shares memory with its threads', () => {
    assert.equal(globalThis.crossOriginIsolated, true);
    assert.equal(typeof SharedArrayBuffer, 'function');
  });
});
