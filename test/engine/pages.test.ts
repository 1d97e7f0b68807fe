import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import katex from 'katex';
import { catalogueOf } from '../../engine/losses/build.ts';
import { losses } from '../../engine/losses/index.ts';

const root = join(import.meta.dirname, '../..');

const sections = [
  'Formula',
  'Symbols',
  'Gradient',
  'When to use it',
  'What goes wrong',
  'In the frameworks',
  'References',
];

interface Formula {
  readonly tex: string;
  readonly displayMode: boolean;
}

/** Fenced and inline code holds no formulas, links or headings. */
function withoutCode(markdown: string): string {
  return markdown.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '');
}

function formulas(markdown: string): Formula[] {
  const found: Formula[] = [];
  const rest = withoutCode(markdown).replaceAll(/^\$\$\n([\s\S]*?)\n\$\$$/gm, (_, tex: string) => {
    found.push({ tex, displayMode: true });
    return '';
  });
  const inline = rest.replaceAll(/\$([^$\n]+)\$/g, (_, tex: string) => {
    found.push({ tex, displayMode: false });
    return '';
  });
  assert.ok(
    !inline.includes('$'),
    `an unpaired $ near: ${inline.slice(inline.indexOf('$') - 60).slice(0, 120)}`,
  );
  return found;
}

function section(markdown: string, title: string): string {
  const parts = withoutHeadingsInCode(markdown).split(/^## /m);
  const part = parts.find((text) => text.startsWith(`${title}\n`));
  assert.ok(part, `no section ${title}`);
  return part.slice(title.length).trim();
}

/** A `#` at the start of a line of code is a comment, not a heading. */
function withoutHeadingsInCode(markdown: string): string {
  return markdown.replaceAll(/^```[\s\S]*?^```$/gm, (code) => code.replaceAll(/^#/gm, ' #'));
}

function tableRows(text: string): string[][] {
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

/** `torch.nn.MSELoss`: a public path of a library whose losses the engine knows, and a name. */
const frameworkSymbol =
  /^`(torch\.nn|torch\.nn\.functional|torchvision\.ops|keras\.losses|tf\.nn|tf\.image|tf\.compat\.v1\.losses|optax|optax\.losses|sklearn\.metrics|scipy\.stats|ot|segmentation_models_pytorch\.losses|monai\.losses|kornia\.losses|pytorch_metric_learning\.losses)\.\w+`$/;

const files = globSync('engine/losses/*/*.md', { cwd: root })
  .filter((file) => basename(file) !== 'README.md')
  .toSorted();

describe('the catalogue', () => {
  it('is what the build writes of its files', () => {
    const folder = join(root, 'engine/losses');
    const { index, opening } = catalogueOf(folder);
    const hint = 'npm run build writes it';
    assert.equal(readFileSync(join(folder, 'index.ts'), 'utf8'), index, hint);
    assert.equal(readFileSync(join(folder, 'README.md'), 'utf8'), opening, hint);
  });
});

describe('pages of the losses', () => {
  it('has one for each loss of the catalogue, and no other', () => {
    const expected = losses.map(({ family, id }) => join('engine/losses', family, `${id}.md`));
    assert.deepEqual(files, expected.toSorted());
  });

  for (const file of files) {
    const id = basename(file, '.md');
    const loss = losses.find((each) => each.id === id);
    const markdown = readFileSync(join(root, file), 'utf8');

    describe(id, () => {
      it('opens with the title of the catalogue and a summary of one or two plain sentences', () => {
        const [title, summary, next] = markdown.split('\n\n');
        assert.equal(title, `# ${loss?.title}`);
        assert.match(summary ?? '', /^[^\n$#>[\]*]+\.$/);
        assert.ok((summary ?? '').split(/\.(?= [A-Z])/).length <= 2, 'more than two sentences');
        assert.equal(next, '## Formula');
        assert.equal(markdown.match(/^# /gm)?.length, 1);
      });

      it('has its sections in order', () => {
        const titles = [...withoutHeadingsInCode(markdown).matchAll(/^## (.+)$/gm)].map(([, title]) => title);
        assert.deepEqual(titles, sections);
      });

      it('shows the formula first, and says each display formula in words on one line', () => {
        const formula = section(markdown, 'Formula');
        assert.match(formula, /^\$\$\n[^$]+\n\$\$\n\n> [^\n]+(\n\n|$)/);
        assert.match(formula, /> loss = /);
        const displays = markdown.match(/^\$\$\n[\s\S]*?\n\$\$$/gm)?.length;
        const inWords = [...markdown.matchAll(/^\$\$\n[^$]+\n\$\$\n\n> ([^\n$\\]+)\n(?!>)/gm)].length;
        assert.equal(inWords, displays);
      });

      it('is written in TeX that KaTeX takes and that Markdown leaves as it is', () => {
        const found = formulas(markdown);
        assert.ok(found.some(({ displayMode }) => displayMode));
        for (const { tex, displayMode } of found) {
          katex.renderToString(tex, { displayMode, throwOnError: true, strict: 'error', trust: false });
          assert.doesNotMatch(tex, /\\[^A-Za-z]/, 'Markdown drops a backslash before punctuation');
          assert.doesNotMatch(tex, /[*<>]|\\operatorname/, 'forges read these as markup, or refuse them');
        }
      });

      it('names in Symbols what `evaluate` takes', () => {
        const [header, , ...rows] = tableRows(section(markdown, 'Symbols'));
        assert.deepEqual(header, ['Symbol', 'Meaning', 'Shape', 'Name in `evaluate`']);
        const named = rows.flatMap((row) => {
          assert.equal(row.length, 4, row.join('|'));
          return row[3] ? [row[3]] : [];
        });
        const expected = [...(loss?.inputs ?? []), ...(loss?.parameters ?? [])].map(
          ({ name }) => `\`${name}\``,
        );
        assert.deepEqual(named.toSorted(), expected.toSorted());
      });

      it('tells of at least four things that go wrong, each in words of its own', () => {
        const pains = section(markdown, 'What goes wrong').split(/^### /m).slice(1);
        assert.ok(pains.length >= 4, `${pains.length} only`);
        for (const pain of pains) assert.match(pain, /^.+\n\n[\s\S]{60,}/);
      });

      it('has a table of the bound framework symbols', () => {
        const [header, , ...rows] = tableRows(section(markdown, 'In the frameworks'));
        assert.deepEqual(header, ['Symbol', 'Defaults', 'What differs']);
        assert.ok(rows.length > 0);
        for (const row of rows) {
          assert.equal(row.length, 3, row.join('|'));
          for (const symbol of (row[0] ?? '').split(', ')) {
            assert.match(symbol, frameworkSymbol);
          }
        }
      });

      it('links over https, and cites at least one work with its year', () => {
        const text = withoutCode(markdown);
        const links = [...text.matchAll(/\[([^\]\n]+)\]\(([^)\s]*)\)/g)];
        for (const [, label, address] of links) {
          assert.ok(label?.trim());
          const { protocol, hostname } = new URL(address ?? '');
          assert.equal(protocol, 'https:');
          assert.match(hostname, /\./);
        }
        assert.equal(text.match(/\]\(/g)?.length, links.length, 'a link that is not [label](address)');
        const references = section(markdown, 'References')
          .split('\n')
          .filter((line) => line.startsWith('- '));
        assert.ok(references.some((line) => /\]\(https:.+\), .*(18|19|20)\d\d/.test(line)));
      });
    });
  }
});

/** The files and folders that a page links to, as paths from the root. */
function linkedFiles(file: string): string[] {
  const markdown = withoutCode(readFileSync(join(root, file), 'utf8'));
  return [...markdown.matchAll(/\]\(([^)\s]*)\)/g)]
    .map(([, address]) => address ?? '')
    .filter((address) => !address.startsWith('https://'))
    .map((address) => join(dirname(file), address));
}

const folder = 'engine/losses';
const pageOf = ({ family, id }: { family: string; id: string }) => join(folder, family, `${id}.md`);
const families = [...new Set(losses.map(({ family }) => family))];

const guides = [
  join(folder, 'README.md'),
  join(folder, 'choosing.md'),
  ...families.map((family) => join(folder, family, 'README.md')),
];

describe('pages about several losses', () => {
  for (const file of guides) {
    it(`${file} has a title, formulas that KaTeX takes, and links that lead somewhere`, () => {
      const markdown = readFileSync(join(root, file), 'utf8');
      assert.match(markdown, /^# [^\n]+\n\n[^\n#|]/);
      for (const { tex, displayMode } of formulas(markdown)) {
        katex.renderToString(tex, { displayMode, throwOnError: true, strict: 'error', trust: false });
      }
      assert.deepEqual(
        linkedFiles(file).filter((path) => !existsSync(join(root, path))),
        [],
      );
    });
  }

  it('opens with all families and all losses, and the choosing guide', () => {
    const linked = new Set(linkedFiles(join(folder, 'README.md')));
    const expected = [
      join(folder, 'choosing.md'),
      ...families.map((family) => join(folder, family, 'README.md')),
      ...losses.map(pageOf),
    ];
    assert.deepEqual(
      expected.filter((path) => !linked.has(path)),
      [],
    );
  });

  for (const family of families) {
    it(`compares losses of the family ${family} in a table, each by its title`, () => {
      const file = join(folder, family, 'README.md');
      const rows = tableRows(readFileSync(join(root, file), 'utf8')).map((cells) => cells[0] ?? '');
      const ofFamily = losses
        .filter((loss) => loss.family === family)
        .map(({ id, title }) => `[${title}](${id}.md)`);
      const links = rows.filter((cell) => cell.startsWith('['));
      assert.ok(links.length >= 3);
      assert.deepEqual(
        links.filter((link) => !ofFamily.includes(link)),
        [],
      );
    });
  }

  it('leads from every row of the choosing guide to a loss, a reason and a symbol', () => {
    const file = join(folder, 'choosing.md');
    const [header, , ...rows] = tableRows(readFileSync(join(root, file), 'utf8'));
    assert.deepEqual(header, ['Task', 'Loss', 'Why', 'torch', 'Keras']);
    for (const [task, loss, why, torch, keras] of rows) {
      assert.match(loss ?? '', /\]\(\w+\/[\w-]+\.md\)/, task);
      assert.ok((why ?? '').length > 15, task);
      for (const cell of [torch, keras]) assert.match(cell ?? '', /^none$|`[\w.=(), ']+`/, task);
    }
    const linked = new Set(linkedFiles(file));
    for (const family of families) {
      const some = losses.some((loss) => loss.family === family && linked.has(pageOf(loss)));
      assert.ok(some, `no loss of the family ${family}`);
    }
  });
});
