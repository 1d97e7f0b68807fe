/** Programs in which losses are looked for: broken ones as they stand while they are typed, and worse. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { check } from '../../../engine/checks/index.ts';
import {
  assignedName,
  callAt,
  findLosses,
  lossAt,
  signatureAt,
  sourceDocument,
} from '../../../engine/recognise/index.ts';
import { damagedTexts, soup } from '../damage.ts';
import { type Target, target } from '../target.ts';

const root = join(import.meta.dirname, '../../..');

/** The short programs of the recogniser's tests: their texts that import something. */
function programsIn(folder: string): string[] {
  return readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap(
      (file) => readFileSync(join(root, folder, file), 'utf8').match(/'(?:[^'\\\n]|\\.)*'|`[^`$\\]*`/g) ?? [],
    )
    .map((literal) => literal.slice(1, -1).replaceAll('\\n', '\n').replaceAll(/\\(.)/g, '$1'))
    .filter((text) => /\bimport\b|\brequire\b/.test(text) && text.length > 20 && text.length < 600);
}

const demo = (file: string): string => readFileSync(join(root, 'demo', file), 'utf8').slice(0, 900);

const languages = {
  python: {
    texts: [...programsIn('test/engine/recognise'), demo('train_torch.py'), demo('train_keras.py')],
    pieces: [
      ...[
        'import ',
        'from ',
        ' as ',
        'torch',
        'torch.nn',
        'nn',
        '.nn',
        'keras',
        'optax',
        'functional',
        'losses',
        'F',
      ],
      ...[
        'nn.MSELoss(',
        '.HuberLoss',
        'MSELoss',
        'L1Loss()',
        'F.kl_div(p, q)',
        'nn.BCELoss',
        "'mse'",
        'compile(',
      ],
      ...[
        '(',
        ')',
        '[',
        ']',
        '{',
        '}',
        ',',
        ':',
        ' = ',
        ' := ',
        '.',
        '@',
        '*',
        '**',
        '->',
        ';',
        '\\\n',
        '\r\n',
      ],
      ...[
        '\n',
        '\n\n',
        '\n  ',
        '\n\t',
        ' ',
        "'",
        '"',
        '"""',
        "'''",
        '#',
        'f"{',
        '}"',
        '  # loss: huber',
        '%%bash\n',
      ],
      ...[
        'def f(a, b=1):',
        'class A(B):',
        'lambda x: ',
        'for i in a:',
        'if x:',
        'else:',
        'elif y:',
        'try:',
        'except:',
      ],
      ...[
        'with a as b:',
        'match x:',
        'case _:',
        'del x',
        'global c',
        'nonlocal c',
        'return ',
        'yield ',
        'await ',
        'async ',
      ],
      ...[
        'self.',
        'super().',
        '__init__',
        'None',
        'True',
        'not ',
        ' or ',
        ' and ',
        ' if ',
        ' else ',
        ' in ',
        '...',
        '1.',
        '0x',
      ],
      ...[
        'reduction="none"',
        'weight=w',
        '[0]',
        '.item()',
        '🙂',
        '\0',
        '\u2028',
        '\ud800',
        'ﬁ',
        'ß = 1',
        '\f',
      ],
    ],
  },
  typescript: {
    texts: [...programsIn('test/engine/recognise/script'), demo('train_tfjs.ts')],
    pieces: [
      ...[
        'import ',
        ' from ',
        ' as ',
        'require(',
        "'@tensorflow/tfjs'",
        'tf',
        'tf.losses',
        '.huberLoss(',
        'export ',
      ],
      ...[
        'default ',
        '* ',
        '{',
        '}',
        '(',
        ')',
        '[',
        ']',
        '<',
        '>',
        ',',
        ';',
        ':',
        '.',
        '?.',
        '?',
        '!',
        '=',
        '=>',
        '...',
      ],
      ...[
        '\n',
        ' ',
        "'",
        '"',
        '`',
        '${',
        '//',
        '/*',
        '*/',
        '/',
        '/x/',
        '\\',
        '#',
        '@',
        '<div>',
        '</div>',
        '&&',
        '??=',
      ],
      ...[
        'const ',
        'let ',
        'var ',
        'function f(',
        'class A extends B ',
        'if (x) ',
        'else ',
        'for (const i of a) ',
      ],
      ...[
        'switch (x) { case 1: ',
        'try { ',
        '} catch {',
        'async ',
        'await ',
        'yield ',
        'return ',
        'new ',
        'this.',
      ],
      ...[
        'interface I {',
        'type T = ',
        ' satisfies T',
        'enum E {',
        'namespace N {',
        'declare ',
        'abstract ',
        '1.',
        '1n',
      ],
      ...[
        "'meanSquaredError'",
        'compile({ loss: ',
        'undefined',
        'null',
        '🙂',
        '\0',
        '\u2028',
        '\ud800',
        '\r\n',
      ],
    ],
  },
} as const;

/** What is found must lie in the text, in order, and be found again when the place alone is asked for. */
function examine(source: string, languageId: 'python' | 'typescript', at: number): void {
  const found = findLosses(source, languageId);
  let last = 0;
  for (const { start, end, symbol } of found) {
    assert.ok(last <= start && start < end && end <= source.length, `${symbol} at ${start} to ${end}`);
    last = start;
  }
  const document = sourceDocument(source, languageId)!;
  const [one] = found;
  if (one) {
    const again = lossAt(document, one.start, languageId);
    assert.equal(again?.symbol, one.symbol, 'asked of its place alone');
    callAt(document, one.start, languageId);
  }
  const offset = Math.floor(at * (source.length + 1));
  lossAt(document, offset, languageId);
  callAt(document, offset, languageId);
  assignedName(document, offset, offset + 3, languageId);
  if (languageId === 'python') signatureAt(source, offset);
  for (const { place, fixes } of check(source, languageId).map((finding) => ({
    place: finding,
    fixes: finding.fixes ?? [],
  }))) {
    assert.ok(place.start < place.end && place.end <= source.length, 'a finding outside the text');
    for (const edit of fixes.flatMap(({ edits }) => edits)) {
      assert.ok(edit.start <= edit.end && edit.end <= source.length, 'a fix outside the text');
    }
  }
}

export const sourceTargets: readonly Target[] = (['python', 'typescript'] as const).map((languageId) => {
  const { texts, pieces } = languages[languageId];
  const source = fc.oneof(
    { weight: 5, arbitrary: damagedTexts(texts, pieces) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...texts), soup(pieces)).map(([a, b]) => `${a}\n${b}`) },
  );
  return target({
    name: `find-losses-${languageId}`,
    slice: 600,
    inputs: fc.tuple(source, fc.double({ min: 0, max: 1, noNaN: true })),
    examine: ([text, at]) => examine(text, languageId, at),
  });
});
