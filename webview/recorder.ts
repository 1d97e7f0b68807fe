/** Adds what is shown to the history of the workspace, when its parameters have come to rest. */
import type { Outcome, WireParameters } from '../extension/panel/protocol.ts';
import type { Requests } from './requests.ts';
import { valueText } from './values.ts';

/** Milliseconds without another outcome after which a slider has arrived. */
export const patience = 800;

export class Recorder {
  readonly #requests: Requests;
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  rest(parameters: WireParameters, outcome: Outcome): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      try {
        await this.#requests.ask('record', { parameters, value: valueText(outcome)[0] });
        for (const listener of this.#listeners) listener();
      } catch {
        // A history that cannot be written is no reason to disturb.
      }
    }, patience);
  }

  onRecorded(listener: () => void): void {
    this.#listeners.add(listener);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
