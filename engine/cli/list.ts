import { symbols } from '../frameworks/index.ts';
import { losses } from '../losses/index.ts';
import { type Command, exit, oneOf, parse, UsageError } from './command.ts';
import { table } from './shown.ts';

const frameworks = [...new Set(symbols.map(({ framework }) => framework))];

export const listCommand: Command = {
  name: 'list',
  usage: '[--framework F] [--json]',
  summary: "the losses of the catalogue, or a framework's symbols",
  help: `  --framework F            its symbols, each with its loss: ${frameworks.slice(0, 7).join(', ')},
                           ${frameworks.slice(7).join(', ')}
  --json                   prints JSON, with inputs and parameters

Exit code 0, or 2 for words that make no sense.`,
  async run(words, output) {
    const { values, positionals } = parse(words, {
      framework: { type: 'string' },
      json: { type: 'boolean', default: false },
    });
    if (positionals.length > 0) {
      throw new UsageError(
        `list takes no '${positionals[0]}'. Expected: options, or eval ${positionals[0]} --help.`,
      );
    }
    if (values.framework !== undefined) {
      const framework = oneOf('framework', values.framework, frameworks);
      const found = symbols.filter((symbol) => symbol.framework === framework);
      output.print(
        values.json
          ? json(found.map(({ name, loss, inputs, parameters }) => ({ name, loss, inputs, parameters })))
          : table(found.map(({ name, loss }) => [name, loss])),
      );
      return exit.done;
    }
    output.print(
      values.json
        ? json(
            losses.map(({ id, title, family, inputs, parameters }) => ({
              id,
              title,
              family,
              inputs,
              parameters,
            })),
          )
        : table(losses.map(({ id, title, family }) => [id, `${title} (${family})`])),
    );
    return exit.done;
  },
};

const json = (value: unknown): string => JSON.stringify(value, undefined, 2);
