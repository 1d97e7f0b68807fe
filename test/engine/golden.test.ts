/** The engine against the answers that the real libraries gave (test/golden). */
import assert from 'node:assert/strict';
import type { BackendName } from '../../engine/evaluation.ts';
import { dispose, evaluate, LossLensError, symbols } from '../../engine/node.ts';
import { departures, type Golden, goldensBySymbol } from '../golden/goldens.ts';

const goldens = goldensBySymbol();

async function problemsOf(golden: Golden, backend: BackendName): Promise<string[]> {
  const { symbol, inputs, parameters } = golden;
  const refusal = golden.error ?? golden.gradientError;
  try {
    const evaluation = await evaluate({ loss: symbol, inputs, parameters, gradients: true, backend });
    if (refusal === undefined) return departures(golden, evaluation);
    return [`gives [${evaluation.value.data}], where the library refuses: ${refusal}`];
  } catch (error) {
    if (!(error instanceof LossLensError)) return [`throws ${error instanceof Error ? error.stack : error}`];
    return refusal === undefined ? [`refused (${error.code}): ${error.message}`] : [];
  }
}

describe('golden values', () => {
  after(() => dispose());

  for (const backend of ['reference', 'wasm'] as const) {
    for (const [symbol, cases] of goldens) {
      it(`${symbol} on ${backend}, ${cases.length} cases`, async () => {
        const failing: string[] = [];
        for (const golden of cases) {
          for (const problem of await problemsOf(golden, backend)) failing.push(`${golden.note}: ${problem}`);
        }
        if (failing.length > 0) assert.fail(`${symbol} on ${backend}:\n  ${failing.join('\n  ')}`);
      });
    }
  }

  it('has at least ten cases of every symbol, and some of every input and of every parameter as other than its default', () => {
    const missing: string[] = [];
    for (const { name, inputs, parameters } of symbols) {
      const cases = goldens.get(name) ?? [];
      if (cases.length < 10) missing.push(`${name}: ${cases.length} cases`);
      for (const input of inputs) {
        if (!cases.some((golden) => input.name in golden.inputs))
          missing.push(`${name}: input ${input.name}`);
      }
      for (const parameter of parameters) {
        const values = new Set(
          cases
            .filter((golden) => golden.value)
            .map((golden) =>
              parameter.name in golden.parameters ? golden.parameters[parameter.name] : parameter.default,
            ),
        );
        const absent = (parameter.choices ?? []).filter((choice) => !values.has(choice));
        // A function that is never run has one choice: none.
        const hasOthers = parameter.choices?.length !== 1;
        if (hasOthers && ![...values].some((value) => value !== parameter.default)) {
          missing.push(`${name}: parameter ${parameter.name} as other than its default`);
        } else if (absent.length > 0) missing.push(`${name}: ${parameter.name} = ${absent.join(', ')}`);
      }
    }
    assert.deepEqual(missing, []);
  });

  it('asks about no symbol that the engine does not bind', () => {
    const bound = new Set(symbols.map(({ name }) => name));
    assert.deepEqual(
      [...goldens.keys()].filter((name) => !bound.has(name)),
      [],
    );
  });
});
