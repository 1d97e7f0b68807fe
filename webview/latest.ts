/**
 * Runs a task at most once at a time, for the latest argument: calls made meanwhile are folded into one run after
 * the present one, so a dragged slider never queues more than that.
 * @returns of each call, when nothing is left to run
 */
export function latest<T>(task: (argument: T) => Promise<void>): (argument: T) => Promise<void> {
  let running: Promise<void> | undefined;
  let waiting: { argument: T } | undefined;

  const run = async (argument: T): Promise<void> => {
    try {
      await task(argument);
    } finally {
      const next = waiting;
      waiting = undefined;
      if (next) await run(next.argument);
      else running = undefined;
    }
  };

  return (argument) => {
    if (running) waiting = { argument };
    else running = run(argument);
    return running;
  };
}
