/** `loss-lens check`: findings as text, JSON and SARIF, of files and notebooks. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv';
import { checks } from '../../../engine/checks/index.ts';
import { inFolder, run } from './running.ts';

const require = createRequire(import.meta.url);

/** The standard's own schema, in its last release candidate, which is what was adopted. */
function sarifSchema(): (log: unknown) => void {
  const ajv = new Ajv({ schemaId: 'auto', meta: false, unknownFormats: 'ignore', logger: false });
  ajv.addMetaSchema(require('ajv/lib/refs/json-schema-draft-04.json'));
  const validate = ajv.compile(require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'));
  return (log) => assert.ok(validate(log), ajv.errorsText(validate.errors));
}

const python = `import torch.nn as nn
from torch.nn import functional as F

def step(x, y):
    name = "é"; return nn.CrossEntropyLoss()(nn.Softmax(dim=1)(x), y)
`;
const script = `import * as tf from '@tensorflow/tfjs';
const model = tf.sequential();
model.add(tf.layers.dense({ units: 10, activation: 'softmax', inputShape: [3] }));
model.compile({ optimizer: 'sgd', loss: tf.losses.softmaxCrossEntropy });
`;
const notebook = JSON.stringify(
  {
    cells: [
      { cell_type: 'markdown', metadata: {}, source: ['# softmax\n'] },
      { cell_type: 'code', metadata: {}, outputs: [], source: 'import torch.nn as nn\n%matplotlib inline' },
      {
        cell_type: 'code',
        metadata: {},
        outputs: [{ name: 'stdout', text: ['loss = "é"\n'] }],
        source: [
          'text = "\t\\"é\\""\n',
          't = "\\n\t"; loss = nn.CrossEntropyLoss()(nn.Softmax(dim=1)(x), y)\n',
        ],
      },
      {
        cell_type: 'code',
        metadata: {},
        outputs: [],
        source: ['nn.CrossEntropyLoss()(nn.Softmax(dim=1)(x), y)'],
      },
    ],
    metadata: { language_info: { name: 'python' } },
    nbformat: 4,
    nbformat_minor: 5,
  },
  undefined,
  1,
);

interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

const offsetOf = (text: string, line: number, column: number): number =>
  text
    .split('\n')
    .slice(0, line - 1)
    .reduce((sum, each) => sum + each.length + 1, 0) +
  column -
  1;
const cut = (text: string, { startLine, startColumn, endLine, endColumn }: Region): [number, number] => [
  offsetOf(text, startLine, startColumn),
  offsetOf(text, endLine, endColumn),
];

describe('the command line, checking', () => {
  inFolder({
    'src/train.py': python,
    'src/deep/model.ts': script,
    'src/notes.ipynb': notebook,
    'src/r.ipynb': '{"cells": [], "metadata": {"kernelspec": {"language": "R"}}}',
    'src/fine.py': 'import torch.nn as nn\nloss = nn.CrossEntropyLoss()(x, y)\n',
    'src/node_modules/other.py': python,
    'src/.venv/lib.py': python,
    'hints/kl.py': 'import torch.nn.functional as F\nF.kl_div(F.log_softmax(p, 1), q)\n',
    'broken.ipynb': '{"cells": 3',
    'marked.py': `\uFEFF${python}`,
    'long.py': `import torch.nn as nn\n${'x = 1\n'.repeat(200_000)}`,
    'readme.md': '# nothing',
  });

  it('says where each finding is, in folders but not in what belongs to others, and exits with 1', async () => {
    const { code, printed, noted } = await run('check', 'src');
    assert.deepEqual(
      printed.split('\n').map((line) => line.replace(/ (warning): .* \[/, ' $1 [')),
      [
        'src/deep/model.ts:4:41: warning [softmax-before-cross-entropy]',
        'src/notes.ipynb cell 3:2:41: warning [softmax-before-cross-entropy]',
        'src/notes.ipynb cell 4:1:23: warning [softmax-before-cross-entropy]',
        'src/train.py:5:46: warning [softmax-before-cross-entropy]',
      ],
    );
    assert.equal(code, 1);
    assert.equal(noted, '4 findings in 5 files.');
  });

  it('exits with 0 where there is nothing to report, and reports what is less grave when asked', async () => {
    const plain = await run('check', 'hints', 'src/fine.py');
    assert.deepEqual(plain, { code: 0, printed: '', noted: '0 findings in 2 files.' });
    const all = await run('check', 'hints', '--severity', 'information');
    assert.equal(all.code, 1);
    assert.match(all.printed, /^hints\/kl\.py:2:\d+: information: .*\[kl-div-reduction\]$/);
    assert.equal((await run('check', 'src', '--severity', 'error')).code, 0);
  });

  it('gives all of a finding as JSON', async () => {
    const found = JSON.parse((await run('check', 'src/train.py', '--format', 'json')).printed);
    assert.equal(found.length, 1);
    const [{ path, code, severity, start, fixes, related }] = found;
    assert.deepEqual([path, code, severity], ['src/train.py', 'softmax-before-cross-entropy', 'warning']);
    assert.deepEqual(start, { line: 5, column: 46 });
    assert.deepEqual(fixes[0].edits[0].text, 'x');
    assert.ok(related.length > 0);
  });

  it('gives SARIF that the standard’s schema takes, with a rule for each check', async () => {
    const conform = sarifSchema();
    assert.throws(() => conform({ version: '2.1.0', runs: [{ tool: {} }] }), 'the schema refuses something');
    const { code } = await run(
      'check',
      'src',
      'hints',
      '--severity',
      'hint',
      '--format',
      'sarif',
      '--output',
      'f.sarif',
    );
    assert.equal(code, 1);
    const log = JSON.parse(readFileSync('f.sarif', 'utf8'));
    conform(log);
    const [{ tool, results }] = log.runs;
    const rules: {
      id: string;
      shortDescription: { text: string };
      fullDescription: { text: string };
      help: { markdown: string };
    }[] = tool.driver.rules;
    assert.deepEqual(
      rules.map(({ id }) => id),
      checks.map(({ code }) => code),
    );
    for (const { shortDescription, fullDescription, help } of rules) {
      assert.match(shortDescription.text, /^\S.{5,}/);
      assert.match(fullDescription.text, /^\S.{20,}/);
      assert.match(help.markdown, /^# /);
    }
    assert.equal(results.length, 5);
    for (const { ruleId, ruleIndex } of results) assert.equal(rules[ruleIndex]!.id, ruleId);
    const empty = JSON.parse((await run('check', 'src/fine.py', '--format', 'sarif')).printed);
    conform(empty);
    assert.deepEqual(empty.runs[0].results, []);
  });

  it('marks in the file itself what is found, and mends it there, in the JSON of a notebook too', async () => {
    for (const [file, marked, mended] of [
      ['src/train.py', 'nn.Softmax(dim=1)(x)', 'nn.CrossEntropyLoss()(x, y)'],
      ['src/notes.ipynb', 'nn.Softmax(dim=1)(x)', '\\"; loss = nn.CrossEntropyLoss()(x, y)\\n"'],
    ] as const) {
      const log = JSON.parse((await run('check', file, '--format', 'sarif')).printed);
      const text = readFileSync(file, 'utf8');
      const [{ locations, fixes }] = log.runs[0].results;
      const [from, to] = cut(text, locations[0].physicalLocation.region);
      assert.equal(text.slice(from, to), marked);
      const [{ deletedRegion, insertedContent }] = fixes[0].artifactChanges[0].replacements;
      const [start, end] = cut(text, deletedRegion);
      const whole = `${text.slice(0, start)}${insertedContent.text}${text.slice(end)}`;
      assert.ok(whole.includes(mended), whole);
      if (file.endsWith('ipynb')) JSON.parse(whole);
    }
  });

  it('goes on past a file that cannot be read, and says so with 2', async () => {
    const { code, printed, noted } = await run('check', 'broken.ipynb', 'src/train.py');
    assert.equal(code, 2);
    assert.match(printed, /^src\/train\.py/);
    assert.match(noted, /broken\.ipynb cannot be checked: it is no notebook\. Expected: JSON/);
  });

  it('counts columns as editors do behind a mark of the byte order, and tells of what it has not read', async () => {
    assert.match((await run('check', 'marked.py')).printed, /^marked\.py:5:46: /);
    const { code, noted } = await run('check', 'long.py');
    assert.equal(code, 0);
    assert.match(noted, /long\.py was not read to its end/);
  });

  for (const [what, words, message] of [
    ['no path', [], /Expected: files or folders/],
    ['a path that is not there', ['nowhere'], /'nowhere' is not there/],
    ['a file of another kind', ['readme.md'], /is of another kind\. Expected: \.py/],
    ['a format that there is not', ['src', '--format', 'xml'], /Expected: text, json, sarif/],
    [
      'a severity that there is not',
      ['src', '--severity', 'fatal'],
      /Expected: error, warning, information, hint/,
    ],
    ['a place that cannot be written', ['src', '--output', 'no/where.txt'], /cannot be written/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { code, noted } = await run('check', ...words);
      assert.equal(code, 2);
      assert.match(noted, message);
    });
  }
});
