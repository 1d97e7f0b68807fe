import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LossLensError } from '../../../engine/errors.ts';
import { fromWire, toFailure, toWire } from '../../../engine/presentation/wire.ts';
import { answering, type Handlers } from '../../../extension/panel/answer.ts';
import { panelChecks } from '../../../extension/panel/asked.ts';
import type { Failure, Reply, ToHost, ToWebview } from '../../../extension/panel/protocol.ts';
import { RequestError, Requests } from '../../../webview/requests.ts';
import { passed } from './channel.ts';

type Loose = { [M in keyof Handlers]?: (asked: never) => unknown };

/** Both ends with the channel between them. */
function connected(handlers: Loose, timeout?: number): { requests: Requests; replies: Reply[] } {
  const replies: Reply[] = [];
  const answer = answering(panelChecks, handlers as Handlers, (reply) => {
    const arrived = passed(reply);
    replies.push(arrived);
    requests.receive(arrived as ToWebview);
  });
  const requests = new Requests((message: ToHost) => void answer(passed(message)), timeout);
  return { requests, replies };
}

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise;
  } catch (error) {
    assert(error instanceof RequestError);
    return error.failure;
  }
  throw new Error('it did not fail');
}

describe('panel messages', () => {
  it('fail with a reason where VS Code would lose them: with more arrays than it counts', async () => {
    const columns = (count: number) => Array.from({ length: count }, () => Float64Array.of(1));
    const { requests } = connected({ rows: ({ count }: { count: number }) => ({ columns: columns(count) }) });
    const { columns: arrived } = await requests.ask('rows', { run: 1, start: 0, count: 250 });
    assert.equal(arrived.length, 250);
    const failure = await failureOf(requests.ask('rows', { run: 1, start: 0, count: 251 }));
    assert.match(failure.message, /251 arrays/);
  });

  it('are always answered, exactly once each, whatever the handlers do', async () => {
    const behaviour = fc.constantFrom('answer', 'throw', 'reject', 'bigint', 'later', 'refuse');
    const act = async (what: string): Promise<unknown> => {
      if (what === 'throw') throw new Error('broken');
      if (what === 'reject') return Promise.reject('no error object');
      if (what === 'refuse')
        throw new LossLensError('domain', 'Outside.', { found: '2', expected: '[0, 1]' });
      if (what === 'later') await new Promise((resolve) => setTimeout(resolve, 1));
      return what === 'bigint' ? { run: 1n } : { start: 0, columns: [] };
    };
    await fc.assert(
      fc.asyncProperty(fc.array(behaviour, { maxLength: 12 }), async (plan) => {
        const { requests, replies } = connected({ rows: ({ run }: { run: number }) => act(plan[run]!) });
        const outcomes = await Promise.allSettled(
          plan.map((_, run) => requests.ask('rows', { run, start: 0, count: 1 })),
        );
        const expected = plan.map((what) => (['answer', 'later'].includes(what) ? 'fulfilled' : 'rejected'));
        assert.deepEqual(
          outcomes.map(({ status }) => status),
          expected,
        );
        assert.deepEqual(
          replies.map(({ id }) => id).sort((a, b) => a - b),
          plan.map((_, position) => position + 1),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('say what the engine said, with what was found and expected', async () => {
    const { requests } = connected({
      evaluate: () => {
        throw new LossLensError('domain', 'A probability lies outside [0, 1].', {
          found: '1.5 at [3]',
          expected: 'numbers in [0, 1]',
          index: [3],
          count: 1,
        });
      },
    });
    const failure = await failureOf(requests.ask('evaluate', { parameters: {} }));
    assert.equal(failure.code, 'domain');
    assert.equal(failure.message, 'A probability lies outside [0, 1].');
    assert.deepEqual(failure.details, {
      found: '1.5 at [3]',
      expected: 'numbers in [0, 1]',
      index: [3],
      count: 1,
    });
  });

  it('answer a method that nobody serves', async () => {
    const { requests } = connected({});
    assert.equal((await failureOf(requests.ask('open', {}))).code, 'refused');
    assert.equal((await failureOf(requests.ask('toString' as 'open', {}))).code, 'refused');
  });

  it('are given up when no answer comes, and all at once when the panel closes', async () => {
    const silent = new Requests(() => undefined, 10);
    assert.equal((await failureOf(silent.ask('open', {}))).code, 'timeout');
    const waiting = new Requests(() => undefined);
    const asked = [waiting.ask('open', {}), waiting.ask('reveal', {})];
    waiting.dispose();
    for (const promise of asked) assert.equal((await failureOf(promise)).code, 'closed');
    assert.equal((await failureOf(waiting.ask('open', {}))).code, 'closed');
  });

  it('that are no requests are ignored', async () => {
    const { replies } = connected({});
    const answer = answering(panelChecks, {} as Handlers, (reply) => replies.push(reply));
    for (const message of [undefined, null, 7, 'open', {}, { kind: 'reply', id: 1 }, { kind: 'request' }]) {
      await answer(message);
    }
    assert.deepEqual(replies, []);
  });

  it('carry every number as it is', () => {
    fc.assert(
      fc.property(fc.double(), (number) => {
        const { delta } = fromWire(passed({ delta: toWire(number) }));
        assert(Object.is(delta, number) || (Number.isNaN(delta) && Number.isNaN(number)));
      }),
    );
    const special = {
      a: toWire(Number.NaN),
      b: toWire(Number.NEGATIVE_INFINITY),
      c: toWire(-0),
      d: toWire(null),
    };
    assert.deepEqual(fromWire(passed(special)), {
      a: Number.NaN,
      b: Number.NEGATIVE_INFINITY,
      c: -0,
      d: null,
    });
  });

  it('name no engine error as one of our own failures', () => {
    assert.equal(toFailure(new TypeError('x is undefined')).code, 'internal');
    assert.match(toFailure(new TypeError('x is undefined')).message, /x is undefined/);
  });
});
