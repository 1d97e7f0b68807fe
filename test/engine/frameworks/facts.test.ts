/** What is declared of the frameworks' symbols besides their numbers. */
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import katex from 'katex';
import {
  array,
  curve,
  evaluate,
  explainedSymbols,
  findLosses,
  LossLensError,
  lossAt,
  losses,
  symbols,
} from '../../../engine/node.ts';

const ids = new Set(losses.map(({ id }) => id));

describe('symbols that are only explained', () => {
  it('are found under every path by which Python can import them', () => {
    for (const symbol of explainedSymbols) {
      for (const path of symbol.paths) {
        const module = path.slice(0, path.lastIndexOf('.')).replace(/^tf\./, 'tensorflow.');
        const name = path.slice(path.lastIndexOf('.') + 1);
        const source = `from ${module} import ${name}\n${name}(`;
        const [found] = findLosses(source, 'python');
        deepEqual([found?.symbol, found?.loss, found?.kind], [symbol.name, symbol.loss, symbol.kind], path);
      }
    }
  });

  it('have names and paths of their own', () => {
    const bound = new Set(symbols.flatMap(({ name, paths }) => [name, ...paths]));
    const all = explainedSymbols.flatMap(({ paths }) => paths);
    deepEqual(
      all.filter((path) => bound.has(path)),
      [],
    );
    equal(new Set(all).size, all.length);
    for (const { name, paths } of explainedSymbols) ok(paths.includes(name), name);
  });

  it('are refused with the reason, and never evaluated under another name', async () => {
    for (const symbol of explainedSymbols) {
      const request = { loss: symbol.name, inputs: { input: array([1, 2]) } };
      await rejects(
        evaluate(request),
        (error) =>
          error instanceof LossLensError &&
          error.code === 'not-evaluable' &&
          error.message.startsWith(`${symbol.name} cannot be evaluated here: ${symbol.refusal}.`),
        symbol.name,
      );
    }
    let code = '';
    try {
      curve('lpips.LPIPS');
    } catch (error) {
      if (error instanceof LossLensError) code = error.code;
    }
    equal(code, 'not-evaluable');
  });

  it('say in whole sentences what they are, and refer to losses that there are', () => {
    for (const { name, loss, summary, refusal, caveats } of explainedSymbols) {
      if (loss !== undefined) ok(ids.has(loss), `${name}: ${loss}`);
      for (const sentence of [summary, ...caveats])
        match(sentence, /^[\p{Lu}\d`(−].*\.$/u, `${name}: ${sentence}`);
      match(refusal, /^\p{Ll}.*[^.]$|^TF-GAN |^TensorFlow /u, name);
    }
  });

  it('have formulas that are typeset, and the same in words', () => {
    const withFormula = explainedSymbols.filter(({ formula }) => formula);
    ok(withFormula.length > 15);
    for (const { name, formula } of withFormula) {
      katex.renderToString(formula!.tex, { displayMode: true, throwOnError: true, strict: 'error' });
      ok(formula!.alternative.length > 10, name);
    }
  });

  it('show their signatures as the library writes them', () => {
    const symbol = explainedSymbols.find(({ name }) => name === 'kornia.losses.MS_SSIMLoss')!;
    deepEqual(symbol.constructorArguments?.slice(0, 3), [
      { name: 'sigmas', kind: 'parameter', default: '(0.5, 1.0, 2.0, 4.0, 8.0)' },
      { name: 'data_range', kind: 'parameter', default: '1.0' },
      { name: 'K', kind: 'parameter', default: '(0.01, 0.03)' },
    ]);
    const linear = explainedSymbols.find(({ name }) => name.endsWith('linear_cross_entropy'))!;
    deepEqual(
      linear.callArguments.filter(({ keywordOnly }) => keywordOnly).map(({ name }) => name),
      ['linear_bias', 'weight', 'reduction', 'ignore_index', 'label_smoothing', 'options'],
    );
  });
});

describe('the catalogue', () => {
  it('has no loss that cannot be hovered in Python: by a symbol, or else by the comment that declares it', () => {
    const inPython = symbols.filter(({ framework }) => framework !== 'tfjs');
    const named = new Set([...inPython, ...explainedSymbols].map(({ loss }) => loss));
    const declared = (id: string): boolean =>
      lossAt(`def own(p, y):  # loss: ${id}`, 'def o'.length, 'python')?.loss === id;
    deepEqual(
      losses.map(({ id }) => id).filter((id) => !named.has(id) && !declared(id)),
      [],
    );
  });
});
