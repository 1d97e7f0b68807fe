import { writeFile } from 'node:fs/promises';
import type { Finding, Severity } from '../checks/finding.ts';
import { check } from '../checks/index.ts';
import { type Checkable, type Place, Unreadable } from './checkable.ts';
import { type Command, exit, oneOf, parse, UsageError } from './command.ts';
import { checkedEndings, filesIn, readCheckable } from './reading.ts';
import { sarifLog } from './sarif.ts';

const severities: readonly Severity[] = ['error', 'warning', 'information', 'hint'];
const formats = ['text', 'json', 'sarif'] as const;

/** A finding and the file that it is in. */
export interface Found {
  readonly file: Checkable;
  readonly finding: Finding;
}

export const checkCommand: Command = {
  name: 'check',
  usage: 'PATH… [--format text|json|sarif] [--severity S] [--output FILE]',
  summary: 'what contradicts itself in calls of losses, in files and folders',
  help: `PATH is a file (${checkedEndings.join(', ')}) or a folder; what is hidden, node_modules,
virtual environments, dist and build are passed over. Nothing is run or changed.

  --format F               text (path:line:column), json, or sarif (2.1.0, for code scanning)
  --severity S             reports this and what is graver: error, warning (unless given), information, hint
  --output FILE            writes there instead of printing

'# loss-lens: ignore[code]' in the source silences a finding; so does // in JavaScript and TypeScript.

Exit code 0 when nothing is reported, 1 when something is, 2 for words that make no sense or a file that
cannot be read.`,
  async run(words, output) {
    const { values, positionals } = parse(words, {
      format: { type: 'string', default: 'text' },
      severity: { type: 'string', default: 'warning' },
      output: { type: 'string' },
    });
    const format = oneOf('format', values.format, formats);
    const gravest = severities.slice(
      0,
      severities.indexOf(oneOf('severity', values.severity, severities)) + 1,
    );
    if (positionals.length === 0) throw new UsageError('Nothing to check. Expected: files or folders.');
    const files = await filesIn(positionals);
    const found: Found[] = [];
    const unread: string[] = [];
    for (const path of files) {
      try {
        const file = await readCheckable(path);
        if (!file) continue;
        if (!file.source.complete) {
          output.note(`${file.path} was not read to its end: it is too long, or too deeply nested.`);
        }
        for (const finding of check(file.source, file.source.languageId)) {
          if (gravest.includes(finding.severity)) found.push({ file, finding });
        }
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        unread.push(error.message);
      }
    }
    const text =
      format === 'text' ? textOf(found) : JSON.stringify(await documentOf(format, found), undefined, 2);
    if (values.output !== undefined) await written(values.output, `${text}\n`);
    else if (text !== '') output.print(text);
    for (const message of unread) output.note(`loss-lens check: ${message}`);
    output.note(`${counted(found.length, 'finding')} in ${counted(files.length, 'file')}.`);
    if (unread.length > 0) return exit.misused;
    return found.length > 0 ? exit.refused : exit.done;
  },
};

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const documentOf = async (format: 'json' | 'sarif', found: readonly Found[]): Promise<object> =>
  format === 'json' ? found.map(jsonOf) : sarifLog(found);

async function written(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${error instanceof Error ? error.message : error}`);
  }
}

function textOf(found: readonly Found[]): string {
  return found
    .map(({ file, finding: { start, severity, message, code } }) => {
      const { cell, line, column } = file.shown(start);
      const inCell = cell === undefined ? '' : ` cell ${cell}`;
      return `${file.path}${inCell}:${line}:${column}: ${severity}: ${message} [${code}]`;
    })
    .join('\n');
}

interface JsonRange {
  readonly start: Place;
  readonly end: Place;
}

function jsonOf({ file, finding }: Found): object {
  const range = ({ start, end }: { start: number; end: number }): JsonRange => ({
    start: file.shown(start),
    end: file.shown(end),
  });
  const { code, severity, message, related = [], fixes } = finding;
  return {
    path: file.path,
    code,
    severity,
    message,
    ...range(finding),
    related: related.map((place) => ({ message: place.message, ...range(place) })),
    fixes: fixes.map(({ title, edits }) => ({
      title,
      edits: edits.map((edit) => ({ ...range(edit), text: edit.text })),
    })),
  };
}
