/** Findings as SARIF 2.1.0, which code scanning reads. */

import type { Severity } from '../checks/finding.ts';
import { checks } from '../checks/index.ts';
import type { Found } from './check.ts';
import type { Checkable } from './checkable.ts';
import { manifest, pageOf } from './package-files.ts';

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};

export async function sarifLog(found: readonly Found[]): Promise<object> {
  const { version, homepage, repository } = await manifest();
  const site = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
  const rules = await Promise.all(
    checks.map(async ({ code, severity }) => {
      const page = await pageOf(code);
      const [title, meaning] = [/^# (.+)$/m, /^## What it means\n\n(.+)$/m].map((part) =>
        plain(part.exec(page)?.[1]),
      );
      return {
        id: code,
        shortDescription: { text: title },
        fullDescription: { text: meaning },
        help: { text: `${title}: ${meaning}`, markdown: page },
        helpUri: `${site}/blob/main/engine/checks/${code}.md`,
        defaultConfiguration: { level: levels[severity] },
      };
    }),
  );
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'Loss Lens', version, semanticVersion: version, informationUri: homepage, rules },
        },
        columnKind: 'utf16CodeUnits',
        results: found.map(resultOf),
      },
    ],
  };
}

function resultOf({ file, finding }: Found): object {
  const { code, severity, message, related = [], fixes } = finding;
  return {
    ruleId: code,
    ruleIndex: checks.findIndex((each) => each.code === code),
    level: levels[severity],
    message: { text: message },
    locations: [locationOf(file, finding)],
    ...(related.length > 0 && {
      relatedLocations: related.map((place, id) => ({
        id,
        message: { text: place.message },
        ...locationOf(file, place),
      })),
    }),
    ...(fixes.length > 0 && {
      fixes: fixes.map(({ title, edits }) => ({
        description: { text: title },
        artifactChanges: [
          {
            artifactLocation: artifact(file),
            replacements: edits.map((edit) => ({
              deletedRegion: regionOf(file, edit),
              insertedContent: { text: file.written(edit.text) },
            })),
          },
        ],
      })),
    }),
  };
}

interface Range {
  readonly start: number;
  readonly end: number;
}

const artifact = ({ path }: Checkable) => ({ uri: encodeURI(path) });

const locationOf = (file: Checkable, range: Range) => ({
  physicalLocation: { artifactLocation: artifact(file), region: regionOf(file, range) },
});

function regionOf(file: Checkable, { start, end }: Range) {
  const [from, to] = [file.inFile(start), file.inFile(end)];
  return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
}

/** Without the marks of Markdown. */
const plain = (text = ''): string => text.replaceAll(/[`$*_]/g, '');
