/** For the tests of the checks: what is found in a small source, in a few characters. */
import assert from 'node:assert/strict';
import { check, type Finding } from '../../../engine/checks/index.ts';

const imports = `import torch
import torch.nn as nn
import torch.nn.functional as F
`;

/** Python with torch imported as everyone does. */
export const torch = (body: string): string => imports + body;

/** `code: text`, in source order. */
export function found(source: string): string[] {
  return check(source, 'python').map(({ code, start, end }) => `${code}: ${source.slice(start, end)}`);
}

export function assertFound(source: string, ...expected: string[]): void {
  assert.deepEqual(found(source), expected, source);
}

/** The source after the fix of that title, of the only finding that offers it. */
export function fixed(source: string, title: string): string {
  const offered = check(source, 'python').flatMap(({ fixes }) => fixes.filter((fix) => fix.title === title));
  assert.equal(offered.length, 1, `${offered.length} fixes ‘${title}’: ${titles(check(source, 'python'))}`);
  let text = source;
  for (const { start, end, text: replacement } of [...offered[0]!.edits].reverse()) {
    text = text.slice(0, start) + replacement + text.slice(end);
  }
  return text;
}

/** That the fix makes this of the source, and that then the finding is gone. */
export function assertFixed(body: string, title: string, expected: string): void {
  assert.equal(fixed(torch(body), title), torch(expected));
  const before = new Set(found(torch(body)));
  const after = found(torch(expected)).filter((finding) => !before.has(finding));
  assert.deepEqual(after, [], 'the fix brings a finding of its own');
  assert.ok(found(torch(expected)).length < before.size, 'the finding is still there');
}

function titles(findings: readonly Finding[]): string {
  return findings.flatMap(({ fixes }) => fixes.map(({ title }) => title)).join(', ');
}
