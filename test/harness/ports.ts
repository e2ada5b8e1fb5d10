/** Free TCP ports on loopback, below the range that the kernel hands to outgoing connections, so that nothing takes one in between. */
import { createServer } from 'node:net';

const lowest = 10_500;
const highest = 32_000;

/** A port that nobody listens on now. Drawn at random: test files that run side by side don't meet. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let tries = 0; tries < 200; tries++) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (await isFree(port, host)) return port;
  }
  throw new Error('no free port found on loopback');
}

/** Several at once, all different. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
