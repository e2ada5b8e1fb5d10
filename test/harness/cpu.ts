/** What a test's own work costs, however busy the machine is with others'. */

/** CPU that this thread has used so far (ms): compared before and after, it tells what is quadratic from what is not. */
export function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
