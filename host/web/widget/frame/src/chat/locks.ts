/**
 * One tab at a time. Browsers without Web Locks, and those that deny them along with storage, go ahead at once: client keys and
 * tokens keep the outcome right, only work is repeated.
 */
export async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  let begun = false;
  const run = (): Promise<T> => {
    begun = true;
    return work();
  };
  try {
    return await navigator.locks.request(name, run);
  } catch (error) {
    if (begun) throw error;
    return run();
  }
}
