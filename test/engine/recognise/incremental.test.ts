import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { check } from '../../../engine/checks/index.ts';
import {
  callAt,
  findLosses,
  lossAt,
  PythonDocument,
  type SourceDocument,
  signatureAt,
  sourceDocument,
} from '../../../engine/recognise/index.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Programs that train, and test code with losses in functions, tables and loops. */
const files: Readonly<Record<string, readonly string[]>> = {
  python: [
    ...['demo/train_torch.py', 'demo/train_keras.py', 'demo/compare_images.py'],
    ...['test/golden/make_messages.py', 'test/golden/cases_transport.py'],
  ],
  typescript: ['demo/train_tfjs.ts', 'engine/recognise/script/values.ts', 'test/bench/editor.host-bench.ts'],
};

/** What people type, and what they leave open while they do. */
const typed: Readonly<Record<string, readonly string[]>> = {
  python: [
    ...['', '\n', '\n    ', '(', ')', '[', ']', '"', '"""', "'", '#', '\\', ':', '=', ':=', '@', '\r\n'],
    ...['nn.MSELoss(', 'criterion = nn.L1Loss()\n', '\nimport torch\n', '\nfrom torch.nn import *\n'],
    ...['\ndef train(criterion):\n    return criterion(a, b)\n', '\nglobal criterion\n', '\nelse:\n'],
    ...['\nclass Net(nn.Module):\n    loss = nn.HuberLoss()\n', '\ntrain(nn.NLLLoss())\n', '  # loss: huber'],
  ],
  typescript: [
    ...['', '\n', '(', ')', '{', '}', '`', "'", '//', '/*', '*/', ';', '=>', '${', 'tf.losses.huberLoss('],
    ...['\nconst criterion = tf.losses.logLoss;\n', '\nfunction f(loss = tf.losses.hingeLoss) {\n', 'await '],
  ],
};

const place = fc.double({ min: 0, max: 1, noNaN: true });

function editsOf(languageId: string) {
  const edit = fc.record({
    at: place,
    removed: fc.oneof(fc.nat(3), fc.nat(400)),
    inserted: fc.constantFrom(...typed[languageId]!),
    asked: place,
  });
  return fc.record({
    file: fc.constantFrom(...files[languageId]!),
    edits: fc.array(edit, { minLength: 1, maxLength: 5 }),
    asked: fc.array(place, { minLength: 3, maxLength: 8 }),
  });
}

function answers(document: SourceDocument, offset: number): unknown {
  const { languageId } = document;
  const loss = lossAt(document, offset, languageId);
  const call = callAt(document, offset, languageId);
  if (document instanceof PythonDocument) return { loss, call, signature: signatureAt(document, offset) };
  // In code that is broken the parser may end a call elsewhere, where it takes over a part of an older tree.
  return { symbol: loss?.symbol, start: loss?.start, called: call?.loss.symbol };
}

for (const languageId of Object.keys(files)) {
  describe(`an edited ${languageId} file`, () => {
    it('is answered as one that was never read before', () => {
      const fresh = (text: string) => sourceDocument(text, languageId)!;
      let losses = 0;
      fc.assert(
        fc.property(editsOf(languageId), ({ file, edits, asked }) => {
          let text = read(file);
          const edited = fresh(text);
          for (const { at, removed, inserted, asked } of edits) {
            const start = Math.floor(at * text.length);
            text = text.slice(0, start) + inserted + text.slice(start + removed);
            edited.update(text);
            answers(edited, Math.floor(asked * text.length));
          }
          const whole = fresh(text);
          const found = findLosses(whole, languageId);
          losses += found.length;
          const offsets = [
            ...asked.map((one) => Math.floor(one * text.length)),
            ...found.map(({ end }) => end),
          ];
          for (const offset of offsets) {
            const answer = answers(edited, offset);
            deepEqual(answer, answers(fresh(text), offset), `at ${offset}, asked of this place alone`);
            deepEqual(answer, answers(whole, offset), `at ${offset}, asked after all else`);
          }
          deepEqual(
            findLosses(edited, languageId).map(({ start, symbol }) => [start, symbol]),
            found.map(({ start, symbol }) => [start, symbol]),
          );
          if (edited instanceof PythonDocument) {
            deepEqual(findLosses(edited, languageId), found);
            deepEqual(check(edited, languageId), check(whole as PythonDocument, languageId));
          }
        }),
        { numRuns: 80 },
      );
      ok(losses > 100, `only ${losses} losses were found`);
    }).timeout(120_000);
  });
}

describe('one place of a long Python file', () => {
  const functions = Array.from(
    { length: 2000 },
    (_, i) =>
      `def step_${i}(model, x, y):\n    criterion = nn.HuberLoss()\n    return criterion(model(x), y)\n`,
  );
  const text = ['from torch import nn\n', ...functions, 'last = step_7\n'].join('\n');

  it('is answered without parsing the others', () => {
    const document = new PythonDocument(text);
    equal(lossAt(document, text.lastIndexOf('criterion(') + 1)?.symbol, 'torch.nn.HuberLoss');
    equal(callAt(document, text.lastIndexOf('criterion(') + 1)?.arguments.length, 2);
    const parsed = document.parts.filter((_, part) => document.isParsed(part)).length;
    ok(parsed < 5, `${parsed} of ${document.parts.length} parts were parsed`);
  });

  it('keeps what was parsed where an edit did not touch it', () => {
    const document = new PythonDocument(text);
    equal(document.complete, true);
    const middle = text.indexOf('criterion(', text.length / 2);
    document.update(`${text.slice(0, middle)}new_${text.slice(middle)}`);
    const unparsed = document.parts.filter((_, part) => !document.isParsed(part)).length;
    equal(unparsed, 1);
  });
});
