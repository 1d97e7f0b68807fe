/** Reads what `printed.py` prints from standard input, and counts what comes back. */
import { createInterface } from 'node:readline';
import { judge, type PrintedCase } from './printed-cases.ts';

const counts = new Map<string, number>();
const shown = new Map<string, number>();
let cases = 0;
let wrong = 0;

for await (const line of createInterface({ input: process.stdin })) {
  const printed: PrintedCase = JSON.parse(line);
  cases++;
  let outcome: string;
  try {
    outcome = judge(printed);
  } catch (error) {
    outcome = 'WRONG';
    wrong++;
    if (wrong <= 12) console.log(`${(error as Error).message}\n${line.slice(0, 1500)}\n`);
  }
  const key = `${printed.library}: ${outcome}`;
  counts.set(key, (counts.get(key) ?? 0) + 1);
  if (process.argv.includes('--show') && !/read|rightly|WRONG/.test(outcome) && (shown.get(key) ?? 0) < 4) {
    shown.set(key, (shown.get(key) ?? 0) + 1);
    console.log(`${outcome}\n${printed.text.slice(0, 1200)}\n`);
  }
}
for (const [key, count] of [...counts].sort()) console.log(`${String(count).padStart(7)}  ${key}`);
console.log(`${String(cases).padStart(7)}  in all, ${wrong} of them wrong`);
if (wrong > 0) process.exitCode = 1;
