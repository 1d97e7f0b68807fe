/**
 * Runs a task at most once at a time, for the latest argument: calls made meanwhile are folded into one run after
 * the present one, so a dragged slider never queues more than that.
 */
export function latest<T>(task: (argument: T) => Promise<void>): (argument: T) => void {
  let busy = false;
  let waiting: { argument: T } | undefined;

  const run = async (argument: T): Promise<void> => {
    busy = true;
    try {
      await task(argument);
    } finally {
      const next = waiting;
      waiting = undefined;
      if (next) void run(next.argument);
      else busy = false;
    }
  };

  return (argument) => {
    if (busy) waiting = { argument };
    else void run(argument);
  };
}
