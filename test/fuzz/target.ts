/** What is fuzzed: something that reads what others wrote, with inputs that it may meet and what has to hold of each. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LossLensError } from '../../engine/errors.ts';

/** Milliseconds of processor time that no input may take. */
const hang = 1000;

export interface Target {
  readonly name: string;
  /** Inputs that `npm test` tries, always the same. */
  readonly slice: number;
  /** Inputs in one run of the property: a program is built once and run on so many sets of numbers. */
  readonly each: number;
  /** @param begun told of every run before it begins */
  property(begun: () => void): fc.IAsyncPropertyWithHooks<[unknown]>;
}

interface Described<Input> {
  readonly name: string;
  readonly slice: number;
  readonly each?: number;
  readonly inputs: fc.Arbitrary<Input>;
  /** Ends when all holds that has to hold of this input. */
  readonly examine: (input: Input) => unknown;
}

export function target<Input>({ name, slice, each = 1, inputs, examine }: Described<Input>): Target {
  const property = (begun: () => void) =>
    fc.asyncProperty(inputs, async (input) => {
      begun();
      const { user, system } = process.threadCpuUsage();
      await examine(input);
      const taken = process.threadCpuUsage({ user, system });
      const milliseconds = (taken.user + taken.system) / 1000;
      assert.ok(milliseconds < hang * each, `took ${milliseconds.toFixed(0)} ms`);
    });
  return { name, slice, each, property: property as Target['property'] };
}

/** What `read` gives, or undefined where it refuses in words; anything else that it throws is a crash. */
export async function readOrRefused<T>(read: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof LossLensError) return undefined;
    throw error;
  }
}
