/** What a kernel's number is made of: the parts add up to it, over goldens, and CTC's are those of every alignment counted. */
import assert from 'node:assert/strict';
import { array, sizeOf } from '../../../engine/array.ts';
import type { EvaluateRequest } from '../../../engine/evaluation.ts';
import { explainElement } from '../../../engine/explain/element.ts';
import { type Alignable, alignable, bestAlignment, lossOf } from '../../../engine/explain/kernels/ctc.ts';
import { channels } from '../../../engine/explain/kernels/perceptual.ts';
import { moves } from '../../../engine/explain/kernels/transport.ts';
import type { Line } from '../../../engine/explain/worked.ts';
import { runKernel } from '../../../engine/kernels/index.ts';
import type { KernelRequest } from '../../../engine/kernels/kernel.ts';
import { kernelRequest } from '../../../engine/kernels/plan.ts';
import { evaluate, LossLensError } from '../../../engine/node.ts';
import { problemOf } from '../../../engine/request.ts';
import { goldensBySymbol } from '../../golden/goldens.ts';
import { readFrom } from '../networks/files.ts';
import { bytesOf, exports } from '../networks/goldens.ts';

function kernelOf(request: EvaluateRequest): KernelRequest | undefined {
  const { built, uniforms } = problemOf({ ...request, gradients: false });
  return built.plan.kind === 'kernel' ? kernelRequest(built.plan.kernel, uniforms).request : undefined;
}

/** What the goldens ask of a kernel, where their library answers. */
function* asked(): Generator<{ what: string; request: EvaluateRequest; kernel: KernelRequest }> {
  for (const [loss, cases] of goldensBySymbol()) {
    for (const { note, inputs, parameters, value } of cases) {
      if (!value) continue;
      const request = { loss, inputs, parameters };
      try {
        const kernel = kernelOf(request);
        if (kernel) yield { what: `${loss}, ${note}`, request, kernel };
      } catch (error) {
        if (!(error instanceof LossLensError)) throw error;
      }
    }
  }
}

const near = (a: number, b: number, relative: number): boolean =>
  Math.abs(a - b) <= relative * Math.max(1, Math.abs(a), Math.abs(b));

/** The sum that a line writes out. */
function sumOf({ numbers }: Line): number {
  return numbers.split(' + ').reduce((sum, term) => sum + Number(term.replace(/[()]/g, '')), 0);
}

/** Alignments one by one: their number, and the probabilities of the best and of all. */
function counted({ frames, width, logP, labels, blank }: Alignable): { best: number; all: number } {
  let [best, all] = [0, 0];
  const wanted = labels.join(' ');
  const path: number[] = [];
  const go = (k: number, probability: number): void => {
    if (k === frames.length) {
      const emitted = path.filter((c, i) => c !== path[i - 1]).filter((c) => c !== blank);
      if (emitted.join(' ') !== wanted) return;
      best = Math.max(best, probability);
      all += probability;
      return;
    }
    for (let c = 0; c < width; c++) {
      path.push(c);
      go(k + 1, probability * Math.exp(logP[k * width + c]!));
      path.pop();
    }
  };
  go(0, 1);
  return { best, all };
}

describe('a number that a kernel computes', () => {
  let all: ReturnType<typeof asked> extends Generator<infer One> ? One[] : never;

  before(() => {
    all = [...asked()];
  });

  it('is shown with lines that end in what is evaluated, over all goldens', async () => {
    let explained = 0;
    const without = new Set<string>();
    for (const { what, request } of all) {
      const { elements } = await evaluate({ ...request, backend: 'reference', elements: true });
      for (let row = 0; row < sizeOf(elements!.shape); row++) {
        const { loss, lines, unexplained } = explainElement(request, row);
        assert.ok(Object.is(loss[0], elements!.data[row]), `${what}: ${loss[0]}, not ${elements!.data[row]}`);
        if (!unexplained) explained++;
        else if (!Number.isNaN(loss[0])) without.add(what);
        for (const { symbols, numbers, result } of lines) {
          assert.doesNotMatch(`${symbols} ${numbers} ${result}`, /undefined|NaN|object/, what);
        }
      }
    }
    assert.ok(explained > 300, `${explained} elements`);
    // Half a frame, and lengths that are not there: the libraries answer all the same.
    assert.deepEqual(
      [...without],
      [
        'optax.ctc_loss, half a frame',
        'optax.ctc_loss, more padding than labels',
        'tf.nn.ctc_loss, a label length beyond the row',
        'tf.nn.ctc_loss, a negative label length',
      ],
    );
  });

  it('is the sum of what is moved times its price, for transport', () => {
    let [seen, written] = [0, 0];
    for (const { what, request, kernel } of all) {
      if (kernel.kernel !== 'transport') continue;
      const answer = runKernel(kernel);
      const terms = moves({ request: kernel, nameOf: () => undefined }, answer);
      const sum = terms.reduce((total, { value }) => total + value, 0);
      assert.ok(near(sum, answer.elements[0]!, 1e-13), `${what}: ${sum}, not ${answer.elements[0]}`);
      const { lines } = explainElement(request, 0);
      if (terms.length > 0) {
        const last = lines.at(-1)!;
        assert.ok(near(sumOf(last), Number(last.result), 1e-5), `${what}: ${last.numbers} = ${last.result}`);
        written++;
      }
      seen++;
    }
    assert.ok(seen >= 30 && written >= 20, `${seen}, ${written}`);
  });

  it('is of the best alignment and its share, and of all alignments counted one by one, for CTC', () => {
    let [seen, small] = [0, 0];
    for (const { what, request, kernel } of all) {
      if (!kernel.kernel.startsWith('ctc')) continue;
      for (let n = 0; n < kernel.inputs['targetLength']!.data.length; n++) {
        const subject = alignable(kernel, n);
        const element = runKernel(kernel).elements[n]!;
        if (!subject || Number.isNaN(element)) continue;
        seen++;
        const best = bestAlignment(subject);
        const logBest = best?.terms.reduce((sum, term) => sum + term, 0) ?? Number.NEGATIVE_INFINITY;
        const exact = lossOf(subject);
        // A library's own steps in float32, prices of what cannot be, infinities that count 0: those have lines of their own.
        if (kernel.kernel === 'ctc' && Number.isFinite(exact)) {
          assert.ok(near(exact, element, 1e-12), `${what}: ${exact}, not ${element}`);
        }
        if (subject.width ** subject.frames.length > 20_000 || subject.labels.includes(subject.blank))
          continue;
        small++;
        const brute = counted(subject);
        assert.ok(near(Math.exp(logBest), brute.best, 1e-12), `${what}: the best is ${brute.best}`);
        assert.ok(near(Math.exp(-exact), brute.all, 1e-12), `${what}: all are ${brute.all}`);
      }
      assert.ok(explainElement(request, 0));
    }
    assert.ok(seen > 100 && small > 20, `${seen}, ${small}`);
  });

  it('has lines of CTC whose numbers add up as they stand', () => {
    let seen = 0;
    for (const { what, request, kernel } of all) {
      if (!kernel.kernel.startsWith('ctc')) continue;
      const { lines } = explainElement(request, 0);
      const best = lines.find(({ name }) => name === 'ln best');
      if (!best) continue;
      assert.ok(near(sumOf(best), Number(best.result), 1e-5), `${what}: ${best.numbers} = ${best.result}`);
      const share = Number(lines.find(({ name }) => name === 'share')!.result);
      assert.ok(share > 0 && share <= 1 + 1e-9, `${what}: a share of ${share}`);
      const other = Number(lines.find(({ name }) => name === 'rounding' || name === 'price')?.result ?? 0);
      const loss = Number(lines.find(({ name }) => name === 'loss' || name === 'unweighted')!.result);
      const sum = -(Number(best.result) - Math.log(share)) + other;
      assert.ok(near(sum, loss, 1e-5), `${what}: ${sum}, not ${loss}`);
      seen++;
    }
    assert.ok(seen > 50, `${seen}`);
  });

  describe('through networks that torch exported', () => {
    readFrom(new Map(exports.map(({ network }) => [network, bytesOf(network)])));

    it('is the sum of its channels', async () => {
      let seen = 0;
      for (const { network, ...images } of exports) {
        const [prediction, target] = [images.prediction, images.target].map(({ data, shape }) =>
          array(Float64Array.from(data), { shape }),
        );
        const request = {
          loss: 'perceptual',
          inputs: { prediction: prediction!, target: target! },
          parameters: { network },
        };
        const kernel = kernelOf(request)!;
        const { elements } = await evaluate({ ...request, backend: 'reference', elements: true });
        for (let element = 0; element < sizeOf(elements!.shape); element++) {
          const parts = channels({ request: kernel, element });
          const sum = parts.reduce((total, { value }) => total + value, 0);
          const loss = Number(elements!.data[element]);
          assert.ok(near(sum, loss, 1e-12), `${network}: ${sum}, not ${loss}`);
          const last = explainElement(request, element).lines.at(-1)!;
          assert.ok(near(sumOf(last), loss, 1e-5), `${network}: ${last.numbers}`);
          seen++;
        }
      }
      assert.ok(seen > 3, `${seen}`);
    });
  });

  const texts = (request: EvaluateRequest): string[] =>
    explainElement(request, 0).lines.map(
      ({ name, symbols, numbers, result }) => `${name ?? ''}: ${symbols} | ${numbers} | ${result}`,
    );

  it('says what is moved from where to where', () => {
    const inputs = { first: array([0.5, 2]), second: array([1, 4]) };
    assert.deepEqual(texts({ loss: 'earth-movers-distance', inputs, parameters: { p: 2 } }), [
      'move from 0 to 0: mass · |first[0] − second[0]|^2 | 0.5 · |0.5 − 1|^2 | 0.125',
      'move from 1 to 1: mass · |first[1] − second[1]|^2 | 0.5 · |2 − 4|^2 | 2',
      'loss: move from 0 to 0 + move from 1 to 1 | 0.125 + 2 | 2.125',
    ]);
  });

  it('says frame by frame which class the best alignment has', () => {
    const half = Math.log(0.5);
    const request = {
      loss: 'ctc',
      inputs: {
        logProbabilities: array([[[half, half]], [[Math.log(0.25), Math.log(0.75)]]]),
        target: array([[1]], { dtype: 'int64' }),
        inputLength: array([2], { dtype: 'int64' }),
        targetLength: array([1], { dtype: 'int64' }),
      },
    };
    // 1 1, blank 1 and 1 blank: 0.375 + 0.375 + 0.125.
    const lines = texts(request);
    assert.equal(lines.at(-1), 'loss: −(ln best − ln(share)) | −(-0.9808293 − (-0.8472979)) | 0.1335314');
    assert.ok(
      lines.includes(
        'share: probability of the best alignment ÷ of all | exp(-0.9808293) ÷ exp(-0.1335314) | 0.4285714',
      ),
    );
    assert.match(
      lines.join('\n'),
      /^frame 1: class 1: logProbabilities\[frame 1, 1\] \| -0\.2876821 \| -0\.2876821$/m,
    );
    assert.match(lines.join('\n'), /^frames of class 1: .* \| 1\.428571$/m);
  });

  it('says why a target fits no alignment', () => {
    const request = {
      loss: 'ctc',
      inputs: {
        logits: array([[[0, 0]], [[0, 0]]]),
        target: array([[1, 1]], { dtype: 'int64' }),
        inputLength: array([2], { dtype: 'int64' }),
        targetLength: array([2], { dtype: 'int64' }),
      },
    };
    assert.deepEqual(texts(request), [
      ': frames ≥ labels + blanks between equal ones | 2 ≥ 2 + 1 | no',
      'loss: inf | inf | inf',
    ]);
  });
});
