/** Row by row, every loss gives what it gives at once, or says that it cannot. */
import assert from 'node:assert/strict';
import type { Evaluation } from '../../../engine/evaluation.ts';
import { dispose, evaluate, LossLensError } from '../../../engine/node.ts';
import { rowsOf } from '../../../engine/streaming/rows.ts';
import { evaluateStream, type StreamedEvaluation } from '../../../engine/streaming/stream.ts';
import { type Golden, goldensBySymbol } from '../../golden/goldens.ts';

/** What sums in another order may differ by, in float64. */
const tolerance = 1e-11;

const isNear = (a: number, b: number): boolean =>
  Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b), 1e-3);

async function inParts(
  { symbol, inputs, parameters }: Golden,
  rows: number,
): Promise<StreamedEvaluation | undefined> {
  const [first] = Object.values(inputs);
  const length = first?.shape[0];
  const rowwise = Object.entries(inputs).filter(([, { shape }]) => shape.length > 0 && shape[0] === length);
  const others = Object.entries(inputs).filter((entry) => !rowwise.some(([name]) => name === entry[0]));
  const rowBytes = rowwise.reduce((sum, [, { data }]) => sum + (8 * data.length) / length!, 0);
  const halved = rowwise.every(([, { dtype }]) => dtype === 'float32') ? 2 : 1;
  try {
    return await evaluateStream({
      loss: symbol,
      streams: Object.fromEntries(rowwise.map(([name, array]) => [name, rowsOf(array)])),
      inputs: Object.fromEntries(others),
      parameters,
      gradients: true,
      partBytes: (rows * rowBytes) / halved + 1,
    });
  } catch (error) {
    // Parts may be refused for what the whole is not: a broadcast of as many columns as there are rows.
    if (error instanceof LossLensError) return undefined;
    throw error;
  }
}

function differences(streamed: StreamedEvaluation, whole: Evaluation): string[] {
  const found: string[] = [];
  const compare = (what: string, a: number, b: number): void => {
    if (!isNear(a, b)) found.push(`${what} ${a} in parts, ${b} at once`);
  };
  compare('numerator', streamed.numerator, whole.numerator);
  compare('denominator', streamed.denominator, whole.denominator);
  compare('not finite', streamed.nonFinite.count, whole.nonFinite.count);
  const places = [streamed, whole].map(({ nonFinite }) => String(nonFinite.first));
  if (places[0] !== places[1]) found.push(`not finite at ${places[0]} in parts, ${places[1]} at once`);
  for (const [name, { largest, norm }] of Object.entries(streamed.gradients)) {
    const data = Array.from(whole.gradients[name]!.data as Float64Array, Math.abs);
    compare(
      `largest gradient by ${name}`,
      largest,
      data.reduce((a, b) => Math.max(a, b), 0),
    );
    compare(`gradient's norm by ${name}`, norm, Math.sqrt(data.reduce((sum, slope) => sum + slope ** 2, 0)));
  }
  return found;
}

describe('evaluating in parts', () => {
  after(() => dispose());
  let streamed = 0;
  const refused = new Set<string>();
  const taken = new Set<string>();

  for (const [symbol, cases] of goldensBySymbol()) {
    it(`${symbol}: what it gives at once`, async () => {
      const failing: string[] = [];
      for (const golden of cases) {
        const { inputs, parameters } = golden;
        const rows = Object.values(inputs)[0]?.shape[0];
        if (golden.error || !rows || rows < 2) continue;
        const whole = await evaluate({
          loss: symbol,
          inputs,
          parameters,
          gradients: true,
          backend: 'reference',
        }).catch((error: unknown) => error as Error);
        if (whole instanceof Error) continue;
        for (const size of [1, 2, rows - 1]) {
          const parts = await inParts(golden, size);
          if (!parts) {
            refused.add(symbol);
            continue;
          }
          taken.add(symbol);
          streamed++;
          assert.equal(parts.rows, rows);
          for (const problem of differences(parts, whole))
            failing.push(`${golden.note}, ${size} rows: ${problem}`);
        }
      }
      if (failing.length > 0) assert.fail(`${symbol}:\n  ${failing.slice(0, 5).join('\n  ')}`);
    });
  }

  it('takes most of what is known', () => {
    const never = [...refused].filter((symbol) => !taken.has(symbol));
    console.log(
      `      ${streamed} evaluations in parts, of ${taken.size} symbols; never: ${never.join(', ')}`,
    );
    assert.ok(streamed > 3500);
    for (const symbol of [
      'torch.nn.MSELoss',
      'torch.nn.CrossEntropyLoss',
      'keras.losses.BinaryCrossentropy',
    ]) {
      assert.ok(taken.has(symbol), symbol);
    }
  });
});
