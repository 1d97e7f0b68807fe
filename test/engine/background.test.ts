import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Steps } from '../../engine/steps.ts';
import { answering, inBackground } from '../../extension/background.ts';

const always = (): boolean => true;
const turns = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setTimeout(resolve));
};

/** Work of so many steps, each of which is written down. */
function* work(name: string, count: number, done: string[]): Steps<string> {
  for (let i = 0; i < count; i++) {
    done.push(name);
    yield;
  }
  return name;
}

/** Work that goes on until something is so. */
function* until(holds: () => boolean, done: string[]): Steps<string> {
  while (!holds()) {
    done.push('long');
    yield;
  }
  return 'long';
}

describe('work in the background', () => {
  it('is done in pieces, in turns', async () => {
    const done: string[] = [];
    let others = 0;
    const timer = setInterval(() => {
      if (done.length > 0) others++;
    });
    // It would never end if nothing else came in between.
    const first = inBackground(
      until(() => others >= 3 && done.includes('second'), done),
      always,
    );
    const second = inBackground(work('second', 3, done), always);
    assert.equal(await first, 'long');
    assert.equal(await second, 'second');
    clearInterval(timer);
  });

  it('waits while somebody is answered', async () => {
    const done: string[] = [];
    let answer = (): void => {};
    const answered = answering(() => new Promise<void>((resolve) => (answer = resolve)));
    const finished = inBackground(work('work', 3, done), always);
    await turns(5);
    assert.deepEqual(done, []);
    answer();
    await answered;
    assert.equal(await finished, 'work');
  });

  it('goes on after an answer that failed', async () => {
    await assert.rejects(answering(() => Promise.reject(new Error('no answer'))));
    assert.equal(await inBackground(work('work', 3, []), always), 'work');
  });

  it('ends where it is not wanted any more', async () => {
    const done: string[] = [];
    const endless = until(() => false, done);
    assert.equal(await inBackground(endless, () => done.length === 0), undefined);
    const { length } = done;
    await turns(3);
    assert.equal(done.length, length);
  });

  it('does not keep what comes after it when it fails', async () => {
    const failing = inBackground(
      until(() => assert.fail('no work'), []),
      always,
    );
    const next = inBackground(work('next', 3, []), always);
    await assert.rejects(failing, /no work/);
    assert.equal(await next, 'next');
  });
});
