/** What the checks make of comments, notebooks, bad text, and what is said about each of them. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import katex from 'katex';
import { array } from '../../../engine/array.ts';
import { check, checking, checks } from '../../../engine/checks/index.ts';
import { evaluate } from '../../../engine/evaluate.ts';
import { lossAt, PythonCells, sourceDocument } from '../../../engine/recognise/index.ts';
import { assertFound, found, torch } from './checking.ts';

const root = join(import.meta.dirname, '../../..');

describe('a comment', () => {
  const wrong = 'F.nll_loss(F.softmax(x, dim=1), y)';
  const report = 'nll-of-probabilities: F.softmax(x, dim=1)';
  it('on the line, or alone on the one before, silences what is there', () => {
    assertFound(torch(`${wrong}  # loss-lens: ignore`));
    assertFound(torch(`# loss-lens: ignore\n${wrong}`));
    assertFound(torch(`${wrong}  # meant so  # loss-lens: ignore`));
  });
  it('with codes silences those alone', () => {
    assertFound(torch(`${wrong}  # loss-lens: ignore[target-dtype, nll-of-probabilities]`));
    assertFound(torch(`${wrong}  # loss-lens: ignore[target-dtype]`), report);
  });
  it('elsewhere, in a string, or of another kind silences nothing', () => {
    for (const text of [
      `x = 1  # loss-lens: ignore\n${wrong}`,
      `'# loss-lens: ignore'; ${wrong}`,
      `${wrong}  # loss: huber`,
    ]) {
      assertFound(torch(text), report);
    }
  });
});

describe('other sources', () => {
  it('have no findings', () => {
    assert.deepEqual(check(torch('F.nll_loss(F.softmax(x, dim=1), y)'), 'typescript'), []);
    assertFound('');
    assertFound('import os\nprint(os.name)');
  });
});

describe('cells of a notebook', () => {
  it('are one source, in which each finding is in its cell', () => {
    const texts = [
      '%matplotlib inline\n!pip install torch\nimport torch.nn.functional as F',
      '%%bash\nls (',
      '',
      'F.nll_loss(F.softmax(x, 1), y)',
    ];
    const cells = new PythonCells(texts);
    const [finding] = check(cells.document, 'python');
    assert.equal(finding?.code, 'nll-of-probabilities');
    assert.deepEqual(cells.place(finding.start), { cell: 3, offset: 11 });
    assert.deepEqual(cells.place(finding.end), { cell: 3, offset: 26 });
  });

  it('have findings in one that is still being written, and in those behind it', () => {
    const texts = [
      'import torch.nn.functional as F',
      'F.nll_loss(F.softmax(x, dim=1',
      'F.nll_loss(F.softmax(x, 1), y)',
    ];
    const cells = new PythonCells(texts);
    const places = check(cells.document, 'python').map(({ start, end }) => [
      cells.place(start),
      cells.place(end),
    ]);
    assert.deepEqual(places, [
      [
        { cell: 1, offset: 11 },
        { cell: 1, offset: texts[1]!.length },
      ],
      [
        { cell: 2, offset: 11 },
        { cell: 2, offset: 26 },
      ],
    ]);
  });

  it('keep the place of every character, whatever they hold', () => {
    const piece = fc.constantFrom(
      '%time',
      '%%html',
      '!ls',
      '?x',
      ' % y',
      'a != b',
      '\n',
      '\r\n',
      ' ',
      'x = 1',
      '🙂',
    );
    fc.assert(
      fc.property(fc.array(fc.array(piece, { maxLength: 8 }), { minLength: 1, maxLength: 5 }), (parts) => {
        const texts = parts.map((cell) => cell.join(''));
        const cells = new PythonCells(texts);
        const { length } = cells.document.text;
        texts.forEach((text, cell) => {
          const start = cells.start(cell);
          for (const offset of [0, text.length])
            assert.deepEqual(cells.place(start + offset), { cell, offset });
          const next = cell + 1 < texts.length ? cells.start(cell + 1) : length + 1;
          assert.deepEqual(cells.place(next - 1), { cell, offset: text.length });
          assert.ok(start + text.length < next);
        });
      }),
    );
  });

  it('may continue a modulo, or an inequality, on a line of its own', () => {
    const text = 'print("%d"\n  % (x))\ny = (a\n  != b)';
    assert.equal(new PythonCells([text]).document.text.slice(0, text.length), text);
  });
});

describe('checks in steps', () => {
  const step = (part: number): string =>
    `def step_${part}(model, x, y):\n  c = nn.CrossEntropyLoss()\n  return c(F.softmax(model(x), dim=1), y)\n`;
  const python = torch(Array.from({ length: 200 }, (_, part) => step(part)).join(''));
  const script = `import * as tf from '@tensorflow/tfjs';\n${'tf.losses.softmaxCrossEntropy(y, tf.softmax(model.predict(x)));\n'.repeat(200)}`;

  for (const [text, languageId] of [
    [python, 'python'],
    [script, 'typescript'],
  ] as const) {
    it(`find the same, a little at a time, in ${languageId}`, () => {
      const steps = checking(text, languageId);
      let count = 0;
      let last = steps.next();
      for (; !last.done; last = steps.next()) count++;
      assert.equal(last.value.length, 200);
      assert.deepEqual(last.value, check(`${text}\n`, languageId));
      // At least one a loss: where it is read, and where it is checked.
      assert.ok(count > 400, `${count} steps`);
    });

    it(`answer who asks in between, and are not disturbed, in ${languageId}`, () => {
      const document = sourceDocument(text, languageId)!;
      const places = [...text.matchAll(/CrossEntropy/gi)].map(({ index }) => index);
      const expected = places.map((place) => lossAt(`${text}\n`, place, languageId)?.symbol);
      const steps = checking(document, languageId);
      const answers: (string | undefined)[] = [];
      let last = steps.next();
      for (; !last.done; last = steps.next()) {
        if (answers.length < places.length)
          answers.push(lossAt(document, places[answers.length]!, languageId)?.symbol);
      }
      assert.deepEqual(answers, expected);
      assert.deepEqual(last.value, check(`${text}\n`, languageId));
    });
  }
});

describe('bad text', () => {
  const head = torch('c = nn.CrossEntropyLoss()\n');
  const wrong = '\nc(F.softmax(x, dim=1), y)\n';
  const bad: Record<string, string> = {
    'five megabytes': head + 'c(F.softmax(m(x), dim=1), y)\n'.repeat(180_000),
    'a line of a megabyte': `${head}x = ${'f(a, b) + '.repeat(99_000)}1${wrong}`,
    'binary noise':
      head + Array.from({ length: 200_000 }, (_, i) => String.fromCharCode((i * i * 7919) % 65_521)).join(''),
    'ten thousand nested brackets': `${head}c(${'('.repeat(10_000)}x${')'.repeat(10_000)}, y)`,
    'ten thousand open brackets': `${head}c(${'F.softmax('.repeat(10_000)}`,
    'ten thousand nested calls': `${head}c(${'F.softmax('.repeat(10_000)}x${', 1)'.repeat(10_000)}, y)`,
    'a chain of ten thousand methods': `${head}c(x${'.float()'.repeat(10_000)}, y)`,
    'a chain of ten thousand variables': `${head}${Array.from({ length: 10_000 }, (_, i) => `a${i + 1} = F.softmax(a${i}, dim=1)`).join('\n')}\nc(a10000, y)`,
    'a Sequential of ten thousand layers': `${head}m = nn.Sequential(${'nn.Linear(2, 2), '.repeat(10_000)})\nc(m(x), y)`,
    'functions that call each other': `${head}${Array.from({ length: 60 }, (_, i) => `def f${i}(x):\n  if x:\n    return f${(i + 1) % 60}(x)\n  return f${(i * 7) % 60}(x)\n`).join('')}c(f0(x), y)`,
    'a megabyte of losses that are trained':
      head + 'loss = F.mse_loss(m(x).argmax(1), y)\nloss.backward()\n'.repeat(18_000),
    'a model that grows ten thousand times': `import keras\nmodel = keras.Sequential()\n${"model.add(keras.layers.Dense(1))\nmodel.compile(loss='binary_crossentropy')\n".repeat(10_000)}`,
    'a thousand calls of one model': `${head}class M(nn.Module):\n  def forward(self, x):\n    return F.softmax(x, dim=1)\nm = M()\n${'c(m(x), y)\n'.repeat(1000)}`,
  };
  for (const [name, text] of Object.entries(bad)) {
    it(`is read in bounded time, without an exception: ${name}`, function () {
      this.timeout(20_000);
      const start = performance.now();
      check(text, 'python');
      assert.ok(performance.now() - start < 10_000, `${performance.now() - start} ms`);
    });
  }

  it('does not hide what stands before it', () => {
    const found1 = found(`${head}${wrong}def half(:\n  x = [`);
    assert.ok(found1.includes('softmax-before-cross-entropy: F.softmax(x, dim=1)'), found1.join());
  });

  it('made of what Python is made of ends without an exception, and every edit lies in the text', () => {
    const pieces = (
      'c( nn.CrossEntropyLoss( nn.BCELoss() F.softmax( F.nll_loss( nn.Sequential( nn.Linear(3, 1) .softmax(1) .backward() .compile( from_logits=True size_average= ' +
      'reduction= loss= ) , ( [ ] = : . * ** x y m \n \n\t def class return for in if else with torch.autocast("cuda") self. lambda # loss-lens: ignore \' keras. 1.'
    )
      .split(' ')
      .map((piece) => (/^[a-z]+$/.test(piece) ? ` ${piece} ` : piece));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), (parts) => {
        const source = torch(`import keras\n${parts.join('')}`);
        for (const { start, end, fixes, related } of check(source, 'python')) {
          assert.ok(start < end && end <= source.length);
          for (const place of related ?? []) assert.ok(place.start < place.end && place.end <= source.length);
          for (const { edits } of fixes) {
            assert.ok(edits.length > 0);
            let last = 0;
            for (const edit of edits) {
              assert.ok(last <= edit.start && edit.start <= edit.end && edit.end <= source.length);
              last = edit.end;
            }
          }
        }
      }),
      { numRuns: 1500 },
    );
  });
});

describe('each check', () => {
  const folder = join(root, 'engine/checks');
  const codes = checks.map(({ code }) => code);

  it('has a code of its own', () => {
    assert.equal(new Set(codes).size, codes.length);
    for (const code of codes) assert.match(code, /^[a-z]+(-[a-z]+)*$/);
  });

  it('has a page that says what it means, why it matters and how to fix it', () => {
    const pages = readdirSync(folder).filter((file) => file.endsWith('.md') && file !== 'README.md');
    assert.deepEqual(pages.sort(), codes.map((code) => `${code}.md`).sort());
    for (const page of pages) {
      const text = readFileSync(join(folder, page), 'utf8');
      assert.deepEqual(
        [...text.matchAll(/^#+ .+$/gm)].slice(1).map(([heading]) => heading),
        ['## What it means', '## Why it matters', '## How to fix it'],
        page,
      );
      for (const [, display, inline] of text
        .replaceAll(/`[^`\n]*`/g, '')
        .matchAll(/\$\$([\s\S]+?)\$\$|\$([^$\n]+)\$/g)) {
        katex.renderToString((display ?? inline)!, { throwOnError: true });
      }
    }
  });

  it('is listed on the page of the folder, by its title', () => {
    const list = readFileSync(join(folder, 'README.md'), 'utf8');
    for (const code of codes) {
      const title = readFileSync(join(folder, `${code}.md`), 'utf8')
        .split('\n')[0]!
        .slice(2);
      assert.ok(list.includes(`- [${title}](${code}.md)\n`), code);
    }
  });

  it('is in the settings, with its own severity as the default', () => {
    const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const { properties } = contributes.configuration.properties['lossLens.checks.severity'];
    const defaults = Object.entries<{ default: string; description: string }>(properties);
    assert.deepEqual(
      defaults.map(([code, setting]) => [code, setting.default]),
      checks.map(({ code, severity }) => [code, severity]),
    );
    for (const [, { description }] of defaults) assert.ok(description.length > 10);
  });
});

describe('the numbers on the pages', () => {
  const lowest = async (loss: string, input: number[] | number[][], target: number[]) => {
    const { value } = await evaluate({
      loss,
      inputs: {
        input: array(input),
        target: array(target, { dtype: loss.includes('Cross') ? 'int64' : 'float32' }),
      },
    });
    return Number(value.data[0]).toFixed(4);
  };
  const page = (code: string) => readFileSync(join(root, 'engine/checks', `${code}.md`), 'utf8');

  it('of cross-entropy after a perfect softmax are what the loss gives', async () => {
    for (const classes of [2, 10, 100, 1000]) {
      const perfect = Array.from({ length: classes }, (_, i) => (i === 0 ? 1 : 0));
      const value = await lowest('torch.nn.CrossEntropyLoss', [perfect], [0]);
      assert.ok(page('softmax-before-cross-entropy').includes(value), value);
    }
  });

  it('of binary cross-entropy after a perfect sigmoid are what the loss gives', async () => {
    for (const target of [0, 1]) {
      const value = await lowest('torch.nn.BCEWithLogitsLoss', [target], [target]);
      assert.ok(page('sigmoid-before-bce-with-logits').includes(value), value);
    }
  });
});
