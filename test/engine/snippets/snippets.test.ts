/** Every loss has a training step in each framework; `test/golden/python.ts snippets` runs them all on the libraries. */
import assert from 'node:assert/strict';
import { parser } from '@lezer/python';
import {
  findLosses,
  frameworkOf,
  losses,
  plainText,
  snippetFor,
  snippetFrameworks,
  snippetNames,
  snippetText,
  symbols,
} from '../../../engine/index.ts';

/** What a framework cannot compute with what it has. */
const none: readonly string[] = [
  'numpy ctc',
  'tfjs ctc',
  'tfjs earth-movers-distance',
  // They compare what they differentiate by, and TensorFlow.js' comparisons have no gradient.
  'tfjs circle',
  'tfjs nt-xent',
  'tfjs multi-margin',
  'tfjs multilabel-margin',
  'tfjs sparsemax',
];

/** Symbols that a step of their loss calls another one for. */
const calledOtherwise = (name: string): boolean =>
  // A similarity is no loss; functions whose defaults take probabilities have their class called, with logits.
  name === 'optax.cosine_similarity' ||
  // The loss and its forward probabilities, of which a step needs the first.
  name === 'optax.ctc_loss_with_forward_probs' ||
  /^keras\.losses\.((binary|categorical|sparse_categorical)_(focal_)?crossentropy|categorical_generalized\w+)$/.test(
    name,
  ) ||
  // Not written for yet: they have the step of their loss in PyTorch, Keras or NumPy.
  /^(tf\.(nn|image|compat)|ot\.emd2|segmentation_models_pytorch|monai|kornia|pytorch_metric)/.test(name);

const texts = snippetFrameworks.flatMap((framework) =>
  snippetNames(framework).map((name) => snippetFor(name, framework)!),
);

describe('snippets', () => {
  it('there is one of every loss in every framework, but for those that are named here', () => {
    const missing = snippetFrameworks.flatMap((framework) =>
      losses.filter(({ id }) => !snippetFor(id, framework)).map(({ id }) => `${framework} ${id}`),
    );
    assert.deepEqual(missing.toSorted(), none.toSorted());
  });

  it("a framework's symbol is called by its own snippet", () => {
    const own = symbols.filter(({ name }) => !calledOtherwise(name) && frameworkOf(name));
    assert.ok(own.length > 120, `${own.length} symbols`);
    for (const { name } of own) assert.equal(snippetFor(name)?.symbol, name);
  });

  it('every other symbol has the snippet of its loss, where its framework has one', () => {
    for (const { name, loss } of symbols.filter((symbol) => calledOtherwise(symbol.name))) {
      const framework = frameworkOf(name);
      if (framework) assert.equal(snippetFor(name)?.template, snippetFor(loss, framework)?.template, name);
    }
  });

  it('a loss that a framework has a symbol for is called, not written out', () => {
    for (const framework of snippetFrameworks.filter((name) => name !== 'numpy')) {
      for (const { name, loss } of symbols) {
        if (frameworkOf(name) !== framework || calledOtherwise(name)) continue;
        assert.ok(snippetFor(loss, framework)?.symbol, `${framework} ${loss}`);
      }
    }
  });

  it('Python ones are Python, and name the symbol that they call', () => {
    for (const snippet of texts.filter(({ language }) => language === 'python')) {
      const source = `${snippet.imports.map(({ line }) => line).join('\n')}\n${plainText(snippet)}\n`;
      const tree = parser.parse(source).toString();
      assert.ok(!tree.includes('⚠'), source);
      const { symbol } = snippet;
      if (!symbol || !symbols.some(({ name }) => name === symbol)) continue;
      const found = findLosses(source, 'python').map((loss) => loss.symbol);
      assert.ok(found.includes(symbol), `${symbol} is not recognised in\n${source}`);
    }
  });

  it('say the shapes, and nothing of a machine', () => {
    for (const snippet of texts) {
      assert.ok(snippet.arrays.length > 0, snippet.loss);
      for (const array of snippet.arrays) assert.match(array, /^\w+ \[[\w, ]*\]/);
      assert.doesNotMatch(snippet.template, /undefined|NaN\b|\[object/);
    }
  });

  it('are written once, however often they are asked for', () => {
    assert.equal(snippetFor('huber', 'torch'), snippetFor('huber', 'torch'));
    assert.equal(snippetFor('no-such-loss', 'torch'), undefined);
    assert.equal(snippetFor('huber'), undefined, 'a loss of the catalogue has no framework of its own');
  });
});

describe('the snippet syntax', () => {
  it('numbers what is to be filled in, the same name by the same number', () => {
    assert.equal(snippetText({ template: 'a(«b»)\n«c» = «b»' }), `a(\${1:b})\n\${2:c} = $1$0`);
  });

  it('escapes what would be syntax', () => {
    assert.equal(snippetText({ template: '{ a: $x, b: \\ } «{}»' }), `{ a: \\$x, b: \\\\ \\} \${1:{\\}}$0`);
  });

  it('holds for every snippet: each stop has its text where it stands first', () => {
    for (const snippet of texts) {
      const stops = [...snippetText(snippet).matchAll(/(?<!\\)\$(?:\{(\d+):|(\d+))/g)];
      const seen = new Set<string>();
      for (const [, first, again] of stops) {
        if (first) {
          assert.equal(Number(first), seen.size + 1);
          seen.add(first);
        } else if (again !== '0') assert.ok(seen.has(again!), snippet.loss);
      }
      assert.ok(seen.size > 0, snippet.loss);
    }
  });
});

describe('a loss that is written out', () => {
  const numpy = (id: string): string => plainText(snippetFor(id, 'numpy')!);

  it('is as short as by hand', () => {
    assert.match(
      numpy('mean-squared-error'),
      /\n {4}gradient_by_prediction = 2 \* difference \/ prediction\.size\n/,
    );
    assert.match(numpy('hinge'), /np\.where\(0 < difference, -target, 0\) \/ scores\.size/);
    const pinball = plainText(snippetFor('pinball', 'torch')!);
    assert.match(
      pinball,
      /torch\.where\(0 <= difference, alpha \* difference, \(alpha - 1\) \* difference\)/,
    );
  });

  it("calls a framework's own function where it has one", () => {
    const poly = plainText(snippetFor('poly-cross-entropy', 'torch')!);
    assert.match(poly, /F\.log_softmax\(logits, dim=-1\)/);
    const contrastive = (framework: 'torch' | 'optax'): string =>
      plainText(snippetFor('contrastive', framework)!);
    // √Σx² sends NaN back where two embeddings are equal; these do not.
    assert.match(contrastive('torch'), /torch\.linalg\.vector_norm/);
    assert.match(contrastive('optax'), /optax\.safe_norm/);
  });

  it('takes the negative of what is made large', () => {
    assert.match(
      plainText(snippetFor('wasserstein', 'torch')!),
      /loss = -\(torch\.mean\(real\) - torch\.mean\(fake\)\)/,
    );
  });
});
