/** Messages between the host and its webviews: whatever one of them sends, the other answers once, or leaves alone. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { array } from '../../../engine/array.ts';
import * as engine from '../../../engine/node.ts';
import { Session } from '../../../engine/presentation/session.ts';
import { answering, type Handlers } from '../../../extension/panel/answer.ts';
import { type Checks, panelChecks } from '../../../extension/panel/asked.ts';
import { compareAnswers } from '../../../extension/panel/compare/answers.ts';
import { evaluationAnswers } from '../../../extension/panel/evaluation.ts';
import { explainAnswers } from '../../../extension/panel/explain/answers.ts';
import { historyAnswers } from '../../../extension/panel/history/answers.ts';
import { keep, kept } from '../../../extension/panel/keep.ts';
import type { Exchanges, Opening, Reply } from '../../../extension/panel/protocol.ts';
import { isChanged, RequestError, Requests } from '../../../webview/requests.ts';
import { State } from '../../../webview/state.ts';
import { kept as keptOfStreamed } from '../../../webview/streamed/page.ts';
import { passed } from '../../engine/panel/channel.ts';
import { type Target, target } from '../target.ts';

/** What the editor alone can do, or what measures the machine. */
type Elsewhere =
  | 'reveal'
  | 'speeds'
  | 'page'
  | 'curve'
  | 'snippets'
  | 'insertSnippet'
  | 'openPage'
  | 'save'
  | 'copy';
type Here = Omit<Exchanges, Elsewhere>;

const requests = [
  {
    loss: 'torch.nn.HuberLoss',
    inputs: { input: array([0.5, -2, 3]), target: array([0, 0, 1]) },
    parameters: { delta: 1 },
  },
  {
    loss: 'torch.nn.CrossEntropyLoss',
    inputs: {
      input: array([
        [1, 2, 0.5],
        [0, -1, 2],
      ]),
      target: array([1, 2]),
    },
    parameters: { label_smoothing: 0.1 },
  },
  {
    loss: 'dice',
    inputs: { prediction: array([[0.2, 0.9, 0.5]]), target: array([[0, 1, 1]]) },
    parameters: {},
  },
];

interface Panel {
  readonly session: Session;
  readonly value: number;
  readonly keep: string;
  readonly send: (message: unknown) => Promise<Reply[]>;
}

async function panelOf(request: (typeof requests)[number]): Promise<Panel> {
  const kept = keep(request);
  const session = new Session(engine, request, { title: 'x', keep: kept, backend: 'cpu' });
  const stored = new Map<string, unknown>();
  const workspaceState = {
    get: (key: string) => stored.get(key),
    update: async (key: string, value: unknown) => void stored.set(key, value),
  };
  const shown = {
    context: { workspaceState } as never,
    session: async () => session,
    show: () => undefined,
  };
  const handlers = {
    ...evaluationAnswers(shown),
    ...explainAnswers(shown),
    ...compareAnswers(shown),
    ...historyAnswers(shown),
    pytest: async () => ({ text: await session.pytest({}) }),
  };
  const replies: Reply[] = [];
  const answer = answering<Here>(panelChecks as Checks<Here>, handlers as Handlers<Here>, (reply) =>
    replies.push(passed(reply)),
  );
  const { value } = await session.evaluate({});
  return {
    session,
    value: Number(value[0]),
    keep: kept,
    send: async (message) => {
      replies.length = 0;
      await answer(message);
      return [...replies];
    },
  };
}

let opened: Promise<Panel[]> | undefined;
const panels = (): Promise<Panel[]> => (opened ??= Promise.all(requests.map(panelOf)));

/** What no one sends. */
const strange = fc.oneof(
  fc.constantFrom<unknown>(
    ...[undefined, null, true, '', '__proto__', 'constructor', 'toString', 'x'.repeat(100_000), [], {}, [[]]],
    ...[0, 1, -1, 0.5, Number.NaN, Infinity, 2 ** 31, 2 ** 53, 1e300, '1', 'none', 'mean', 'median'],
    ...[
      new Float64Array(),
      Float64Array.of(Number.NaN),
      new Float64Array(9),
      new Uint8Array(3),
      new ArrayBuffer(8),
    ],
    ...[
      { number: '1' },
      { delta: 1 },
      { delta: Float64Array.of(-1) },
      { __proto__: null },
      { length: 2 ** 32 },
    ],
  ),
  fc.anything({
    maxDepth: 2,
    maxKeys: 3,
    withBigInt: true,
    withTypedArray: true,
    withDate: true,
    withMap: true,
  }),
);

const parameters = fc.constantFrom<Record<string, unknown>>(
  ...[{}, {}, { delta: Float64Array.of(0.5) }, { delta: Float64Array.of(Infinity) }, { reduction: 'sum' }],
  ...[{ reduction: 'none' }, { label_smoothing: Float64Array.of(0) }, { ignore_index: Float64Array.of(1) }],
);
const small = fc.oneof(fc.nat(4), fc.nat());

const often: Record<string, fc.Arbitrary<Record<string, unknown>>> = {
  open: fc.constant({}),
  evaluate: fc.record({ parameters }),
  rows: fc.record({ run: fc.constant('RUN'), start: small, count: small }),
  plot: fc.record({
    run: fc.constant('RUN'),
    id: fc.constantFrom(
      'gradient-histogram',
      'loss-histogram',
      'classes',
      'gradient-map',
      'images',
      'scores',
    ),
    slice: small,
    row: small,
  }),
  sweep: fc.record({
    parameters,
    parameter: fc.constantFrom('delta', 'label_smoothing', 'smooth', 'reduction', 'x', '__proto__'),
    values: fc.constantFrom(new Float64Array(), Float64Array.of(0.5, 2), Float64Array.of(-1, Number.NaN)),
    isLast: fc.boolean(),
  }),
  describe: fc.constant({}),
  part: fc.record({
    input: fc.constantFrom('input', 'target', 'prediction', '__proto__'),
    start: small,
    count: small,
  }),
  explainElement: fc.record({ parameters, row: small }),
  comparedControls: fc.record({
    loss: fc.constantFrom('huber', 'dice', 'torch.nn.MSELoss', 'x', '__proto__'),
  }),
  record: fc.record({ parameters, value: fc.constant('1.5') }),
  history: fc.record({ parameters }),
  goBack: fc.record({ id: small }),
  clearHistory: fc.constant({}),
};
/** Each a dozen evaluations and more. */
const seldom: Record<string, fc.Arbitrary<Record<string, unknown>>> = {
  explainValue: fc.record({ parameters }),
  findTrouble: fc.record({ parameters }),
  otherRules: fc.record({ parameters }),
  comparable: fc.record({ parameters }),
  compare: fc.record({
    parameters,
    others: fc.array(fc.record({ loss: fc.constantFrom('huber', 'torch.nn.MSELoss', 'x'), parameters }), {
      maxLength: 5,
    }),
  }),
  pytest: fc.record({ parameters }),
};

interface Ask {
  readonly method: string;
  readonly asked: Record<string, unknown>;
}
const asks = (of: Record<string, fc.Arbitrary<Record<string, unknown>>>): fc.Arbitrary<Ask>[] =>
  Object.entries(of).map(([method, asked]) => fc.record({ method: fc.constant(method), asked }));

/** A request, often with a member that is something else. */
function request(ask: fc.Arbitrary<Ask>): fc.Arbitrary<unknown> {
  const envelope = ask.map(
    ({ method, asked }) => ({ kind: 'request', id: 1, method, asked }) as Record<string, unknown>,
  );
  const at = fc.nat(20);
  return fc.oneof(
    { weight: 3, arbitrary: envelope },
    {
      weight: 6,
      arbitrary: fc.tuple(envelope, at, strange).map(([message, i, other]) => {
        const asked = message.asked as Record<string, unknown>;
        const names = Object.keys(asked);
        const name = names[i % names.length] ?? 'parameters';
        return { ...message, asked: { ...asked, [name]: other } };
      }),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(envelope, fc.constantFrom('kind', 'id', 'method', 'asked'), strange)
        .map(([message, name, other]) => ({ ...message, [name]: other })),
    },
  );
}

/** As the engine's own code fails, and not as it refuses. */
const crash =
  /Cannot (read|set|convert|mix|destructure)|is not (a function|iterable|defined|an object)|undefined|Invalid (array|typed)|out of range|call stack|BigInt/;

const toHost = target({
  name: 'messages-to-host',
  slice: 1500,
  inputs: fc.record({
    panel: fc.nat(requests.length - 1),
    message: fc.oneof(
      { weight: 60, arbitrary: request(fc.oneof(...asks(often))) },
      { weight: 1, arbitrary: request(fc.oneof(...asks(seldom))) },
      { weight: 4, arbitrary: strange },
    ),
  }),
  examine: async ({ panel, message }) => {
    const { session, value, send } = (await panels())[panel]!;
    const asAtFirst = { ...defaults(session), ...requests[panel]!.parameters };
    const { run } = await session.evaluate(asAtFirst);
    const sent = structuredCloneOf(message, run);
    const replies = await send(sent);
    const { kind, id, method } = (typeof sent === 'object' && sent !== null ? sent : {}) as Record<
      string,
      unknown
    >;
    const isRequest = kind === 'request' && typeof id === 'number' && typeof method === 'string';
    assert.equal(replies.length, isRequest ? 1 : 0, 'replies');
    const [reply] = replies;
    if (reply && !reply.ok) {
      const { code, message } = reply.error;
      assert.ok(code !== 'internal' && !crash.test(message), `${code}: ${message}`);
    }
    // Whatever it was, the evaluation is the same as before once its parameters are.
    const again = await session.evaluate(asAtFirst);
    assert.ok(Object.is(Number(again.value[0]), value), `${again.value[0]} instead of ${value}`);
  },
});

const defaults = (session: Session) =>
  Object.fromEntries(
    session
      .open()
      .controls.map(({ name, default: value }) => [name, value instanceof Float64Array ? value[0]! : value]),
  );

/** As the channel hands it over, where it takes it at all; the latest run filled in. */
function structuredCloneOf(message: unknown, run: number): unknown {
  try {
    const arrived = structuredClone(message);
    const asked = (arrived as { asked?: Record<string, unknown> } | null)?.asked;
    if (asked && asked['run'] === 'RUN') asked['run'] = run;
    return arrived;
  } catch {
    return undefined;
  }
}

const reply = fc.record(
  {
    kind: fc.constantFrom<unknown>('reply', 'reply', 'reply', 'changed', 'request', undefined),
    id: fc.constantFrom<unknown>(1, 1, 2, 3, -1, '1', null, Number.NaN),
    ok: fc.constantFrom<unknown>(true, false, 1, undefined),
    answered: fc.oneof(fc.constant({ value: 1 }), strange),
    error: fc.oneof(
      fc.constant({ code: 'domain', message: 'Outside.', details: {} }),
      fc.record({ code: strange, message: strange, details: strange }),
      strange,
    ),
  },
  { requiredKeys: [] },
);

/** What the editor kept of a page, and hands back to it and to the host. */
const state = fc.oneof(
  strange,
  fc
    .tuple(fc.nat(requests.length - 1), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(20), strange)
    .map(([i, at, count, other]) => {
      const text = keep(requests[i]!);
      const start = Math.floor(at * text.length);
      return {
        keep:
          text.slice(0, start) +
          (typeof other === 'string' ? other.slice(0, 9) : '') +
          text.slice(start + count),
        parameters: other,
        about: '[]',
        tab: other,
        row: other,
        views: other,
      };
    }),
);

const toWebview = target({
  name: 'messages-to-webview',
  slice: 3000,
  inputs: fc.record({ messages: fc.array(fc.oneof(reply, strange), { maxLength: 6 }), state }),
  examine: async ({ messages, state }) => {
    const requests = new Requests(() => undefined);
    const settled: unknown[] = [];
    const asked = [1, 2].map((id) =>
      requests.ask('open', {}).then(
        (answered) => settled.push([id, true, answered]),
        (error) => {
          assert.ok(error instanceof RequestError);
          assert.equal(typeof error.failure.message, 'string');
          settled.push([id, false, error.failure.code]);
        },
      ),
    );
    for (const message of messages) {
      const taken = requests.receive(message);
      assert.ok(!(taken && isChanged(message)), 'both a reply and a change');
    }
    requests.dispose();
    await Promise.all(asked);
    assert.equal(settled.length, 2);

    for (const read of [() => kept(state), () => keptOfStreamed(state)]) {
      try {
        read();
      } catch (error) {
        assert.ok(error instanceof Error && /again\.$/.test(error.message), String(error));
      }
    }
    const opening = { title: 'x', inputs: [], controls: [], keep: 'k', loss: 'x', backend: 'cpu' } as Opening;
    const page = new State({ read: () => state, write: () => undefined }, opening);
    assert.ok(page.row === undefined || page.row >= 0);
    page.view('elements');
  },
});

export const messageTargets: readonly Target[] = [toHost, toWebview];
