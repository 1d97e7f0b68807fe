/** Where a prepared evaluation runs: on the first of some backends, and what that one cannot take, on the next. */
import { t } from '@vscode/l10n';
import type { Backend, Execution, Result, Uniforms } from './backends/backend.ts';
import { prepareKernel } from './backends/kernels.ts';
import { LossLensError } from './errors.ts';
import type { BackendName, Warning } from './evaluation.ts';
import type { Built } from './problem.ts';

/**
 * A problem that a backend does not support is handed on in silence, a device that is lost or refuses with a warning;
 * either for good. The last backend throws what it throws.
 */
export class Relay {
  #backends: readonly Backend[];
  #built: Built;
  #execution: Execution;
  #warnings: Warning[] = [];

  constructor(backends: readonly Backend[], built: Built) {
    this.#backends = backends;
    this.#built = built;
    this.#execution = this.#begin();
  }

  /** The one in use, and those after it. */
  get backends(): readonly Backend[] {
    return this.#backends;
  }

  get backend(): BackendName {
    return this.#backends[0]!.name;
  }

  /** Another problem takes this one's place. */
  replace(built: Built): void {
    this.#execution.dispose();
    this.#built = built;
    this.#execution = this.#begin();
  }

  async run(uniforms: Uniforms, signal?: AbortSignal): Promise<Result> {
    for (;;) {
      try {
        return await this.#execution.run(uniforms, signal);
      } catch (error) {
        this.#handOn(error);
        this.#execution.dispose();
        this.#execution = this.#begin();
      }
    }
  }

  /** What happened on the way since it was last asked. */
  takeWarnings(): readonly Warning[] {
    return this.#warnings.splice(0);
  }

  dispose(): void {
    this.#execution.dispose();
  }

  #begin(): Execution {
    for (;;) {
      try {
        return start(this.#backends[0]!, this.#built);
      } catch (error) {
        this.#handOn(error);
      }
    }
  }

  /** @throws the error itself, unless it is for the next backend to answer */
  #handOn(error: unknown): void {
    const [first, ...others] = this.#backends;
    const code = error instanceof LossLensError ? error.code : undefined;
    const isForTheNext = code === 'backend-unsupported' || code === 'gpu-lost' || code === 'gpu-refused';
    if (!isForTheNext || others.length === 0) throw error;
    if (code !== 'backend-unsupported') {
      const message = `${t`${first!.name} gave up, and ${others[0]!.name} evaluates instead.`} ${(error as Error).message}`;
      this.#warnings.push({ code, message });
    }
    this.#backends = others;
  }
}

/** A prepared problem on its backend; a hand-written kernel where the backend has its own, else in process or on a worker. */
function start(backend: Backend, { plan }: Built): Execution {
  if (plan.kind === 'expression') return backend.prepare(plan.problem);
  if (backend.prepareKernel) return backend.prepareKernel(plan.kernel);
  return prepareKernel(plan.kernel, backend.name === 'wasm' ? 'worker' : 'here');
}
