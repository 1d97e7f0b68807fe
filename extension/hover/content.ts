/** What a hover says of a loss, as parts that the shell appends one by one: no `vscode` here, so that plain tests can read it. */
import type { ArgumentInfo, SymbolInfo } from '../../engine/catalogue.ts';
import type { ParameterValue } from '../../engine/evaluation.ts';
import { python } from '../../engine/frameworks/symbol.ts';
import type { RecognisedLoss } from '../../engine/index.ts';
import type { Page, Picture } from '../pages.ts';
import { image, type Theme } from './theme.ts';

/** `markdown` is ours, HTML images included; `text` may come from a file and is never read as Markdown. */
export interface Part {
  readonly kind: 'markdown' | 'text' | 'python' | 'typescript';
  readonly value: string;
}

/** An option that the source sets: its value, or the text where that is only known at run time. */
export type Setting = { readonly name: string } & (
  | { readonly value: ParameterValue }
  | { readonly text: string }
);

export interface Hovered {
  readonly loss: Pick<RecognisedLoss, 'kind' | 'context' | 'alternatives'>;
  /** `undefined` for the user's own loss, declared by a comment. */
  readonly symbol: SymbolInfo | undefined;
  readonly page: Page;
  readonly curve: Picture | undefined;
  readonly settings: readonly Setting[];
  /** Command URIs. */
  readonly links: { readonly evaluate: string; readonly reference: string };
}

/**
 * The curve stands to the right of everything else: a hover first shows no more than 250 pixels of its height, and
 * formula, signature and curve should all be among them.
 */
export function describe(hovered: Hovered, theme: Theme): readonly Part[] {
  const { loss, symbol, page, curve, settings, links } = hovered;
  const parts: Part[] = [
    markdown(
      `**${page.title}** \u2002[Evaluate…](${links.evaluate} "Evaluate it on arrays") \u2002` +
        `[Open page](${links.reference} "Formula, conventions and pitfalls")`,
    ),
    ...(curve ? [markdown(image(curve, theme, 'right'))] : []),
    markdown(`\n\n${page.summary}\n\n${image(page.formula, theme)}\n\n`),
  ];
  if (symbol) {
    const kind = symbol.framework === 'tfjs' ? 'typescript' : 'python';
    parts.push({ kind, value: signature(symbol, loss.context) });
  }
  if (settings.length > 0) {
    parts.push(
      markdown('Set here: '),
      { kind: 'text', value: settings.map((setting) => written(setting, symbol)).join(', ') },
      markdown('\n\n'),
    );
  }
  const notes = [...(symbol?.caveats ?? [])];
  if (loss.context === 'compile') notes.unshift('`compile` averages it over the whole batch.');
  if (loss.alternatives) {
    notes.unshift(
      `May also be ${loss.alternatives.map((name) => `\`${name}\``).join(' or ')} when the program runs.`,
    );
  }
  parts.push(markdown(notes.map((note) => `- ${note}\n`).join('')));
  return parts;
}

/** As it is called, defaults included; for a class the constructor and then the call of the instance. */
export function signature(
  { name, framework, paths, constructorArguments, callArguments }: SymbolInfo,
  context?: 'compile',
): string {
  if (framework === 'tfjs') {
    // `tf.layers.hinge` is our name for a string; some of these functions are exported as metrics.
    const [exported = name] = paths.filter((path) => !path.startsWith('tf.layers.'));
    const called = `${exported}(${list(callArguments)})`;
    return context || exported.startsWith('tf.layers.')
      ? `model.compile({ loss: '${name.slice(name.lastIndexOf('.') + 1)}' }) // (${list(callArguments)})`
      : called;
  }
  const made = constructorArguments ? `${name}(${list(constructorArguments)})` : name;
  return `${made}(${list(callArguments)})`;
}

function list(args: readonly ArgumentInfo[]): string {
  const firstKeyword = args.findIndex((argument) => argument.keywordOnly);
  const words = args.map(({ name, default: standard }) =>
    standard === undefined ? name : `${name}=${standard}`,
  );
  if (firstKeyword >= 0) words.splice(firstKeyword, 0, '*');
  return words.join(', ');
}

function written(setting: Setting, symbol: SymbolInfo | undefined): string {
  const write = symbol?.framework === 'tfjs' ? script : python;
  return `${setting.name}=${'text' in setting ? setting.text : write(setting.value)}`;
}

/** A value as JavaScript writes it. */
function script(value: ParameterValue): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

function markdown(value: string): Part {
  return { kind: 'markdown', value };
}
