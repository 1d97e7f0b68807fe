import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import {
  assignedName,
  callAt,
  findLosses,
  lossAt,
  type SourceDocument,
  sourceDocument,
} from '../../../../engine/recognise/index.ts';

const tf = "import * as tf from '@tensorflow/tfjs';\n";
const script = (text: string): SourceDocument => sourceDocument(text, 'typescript')!;
const find = (document: SourceDocument) => findLosses(document, 'typescript');

describe('a TypeScript document', () => {
  const functions = Array.from(
    { length: 200 },
    (_, i) => `function f${i}(a: T, b: T) {\n  const c = tf.losses.huberLoss;\n  return c(a, b);\n}\n`,
  );
  const long = tf + functions.join('');

  it('finds after any edits what it finds in the new text', () => {
    const edit = fc.record({
      at: fc.nat(),
      removed: fc.nat(60),
      inserted: fc.constantFrom(
        ...[
          '',
          '(',
          ')',
          '{',
          '}',
          "'",
          '`',
          '${',
          '/*',
          '//',
          '\n',
          'tf = 1;\n',
          '<',
          '=>',
          'tf.losses.logLoss(',
          '🙂',
        ],
      ),
    });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 6 }), (edits) => {
        let current = long.slice(0, 2000);
        const document = script(current);
        for (const { at, removed, inserted } of edits) {
          const start = at % (current.length + 1);
          current = current.slice(0, start) + inserted + current.slice(start + removed);
          document.update(current);
          find(document);
        }
        deepEqual(find(document), find(script(current)));
      }),
      { numRuns: 150 },
    );
  });

  it('says when it is too large to be read to its end, and finds what it has read', () => {
    equal(script(long).complete, true);
    const document = script(tf + 'tf.losses.huberLoss(a, b);\n'.repeat(200_000));
    equal(document.complete, false);
    const found = find(document).length;
    ok(found > 10_000 && found < 200_000, String(found));
  });
});

describe('recognition in hostile TypeScript', () => {
  const hostile: Record<string, string> = {
    'one line of a million characters': `${tf}const x = ${'f(a, b) + '.repeat(100_000)}1`,
    'five megabytes': tf + 'const x = tf.losses.huberLoss(a, b);\n'.repeat(140_000),
    'ten thousand nested parentheses': `${tf}const x = ${'('.repeat(10_000)}tf.losses.huberLoss${')'.repeat(10_000)}(a)\n`,
    'a hundred thousand open brackets': `${tf}const x = ${'[{('.repeat(33_000)}`,
    'nested blocks': `${tf}${'{ if (a) '.repeat(10_000)}`,
    'nested arrow functions': `${tf}const x = ${'(a) => '.repeat(20_000)}tf.losses.huberLoss(a)`,
    'nested type arguments': `${tf}let x: ${'A<'.repeat(20_000)}`,
    'nested templates': `${tf}const x = ${'`${'.repeat(10_000)}`,
    'nested elements': `${tf}const x = ${'<a>'.repeat(20_000)}`,
    'a long chain of members': `${tf}const x = tf${'.a'.repeat(100_000)}`,
    'a long chain of aliases':
      tf + Array.from({ length: 20_000 }, (_, i) => `const a${i} = a${i + 1};`).join('\n'),
    'names that are each other': `${tf}const a = b, b = a; let c; c = d; var d = c || tf.losses.huberLoss; d = c;`,
    'classes that extend themselves': `${tf}class A extends B {} class B extends A {} new A().x; class C { f() { this.x(1) } x = this.x }`,
    'one name bound on many conditions': `${tf}let c = 1;\n${'if (x) c = c || tf;\n'.repeat(20_000)}c.losses.huberLoss`,
    'many alternatives': `${tf}let c;\nif (x) c = tf;\n${'else if (x) c = f(c);\n'.repeat(10_000)}c.losses.huberLoss`,
    'binary noise':
      tf + Array.from({ length: 200_000 }, (_, i) => String.fromCharCode((i * i * 7919) % 257)).join(''),
  };
  for (const [name, source] of Object.entries(hostile)) {
    it(`ends without an exception: ${name}`, () => {
      for (const language of ['typescript', 'typescriptreact']) {
        const document = sourceDocument(source, language)!;
        const middle = source.length >> 1;
        findLosses(document, language);
        lossAt(document, middle);
        callAt(document, middle);
        assignedName(document, middle, middle + 5);
      }
    });
  }

  it('ends without an exception: any text made of what TypeScript is made of', () => {
    const pieces =
      'import from require tf as * ( ) [ ] { } : ; , . = => \n class extends function const let if else try catch switch case for of this. tf.losses.huberLoss c // " \' ` ${ /* */ < > ? ! async await export default ... 1.'
        .split(' ')
        .map((piece) => (/^\w/.test(piece) ? ` ${piece} ` : piece));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), fc.nat(200), (parts, offset) => {
        const source = tf + parts.join('');
        for (const language of ['typescript', 'javascriptreact']) {
          for (const loss of findLosses(source, language))
            ok(loss.start < loss.end && loss.end <= source.length);
          lossAt(source, offset, language);
          callAt(source, offset, language);
          assignedName(source, offset, offset + 3, language);
        }
      }),
      { numRuns: 500 },
    );
  });
});
