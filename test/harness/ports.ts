/**
 * Free TCP ports on loopback, below the range that the kernel hands to outgoing connections, so that nothing takes one in between. Servers take seconds to listen at
 * theirs: each process of the tests has a stretch of its own, told to the others by listening at its first port, and goes round in it.
 */
import { createServer, type Server } from 'node:net';

const lowest = 10_500;
const highest = 32_000;
const stretch = 250;

let first: Promise<number> | undefined;
let drawn = 0;

/** A port that nobody listens on now, and that no other test is given soon. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  first ??= claim();
  const base = await first;
  for (let tries = 1; tries < stretch; tries++) {
    const port = base + 1 + (drawn++ % (stretch - 1));
    const server = await listen(port, host);
    if (server === undefined) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
  throw new Error('no free port found on loopback');
}

/** Several at once, all different. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await freePort());
  return ports;
}

/** @returns the first port of a stretch that is this process' until it ends */
async function claim(): Promise<number> {
  const stretches = Math.floor((highest - lowest) / stretch);
  const start = Math.floor(Math.random() * stretches);
  for (let i = 0; i < stretches; i++) {
    const port = lowest + ((start + i) % stretches) * stretch;
    const server = await listen(port, '127.0.0.1');
    if (server === undefined) continue;
    server.unref();
    return port;
  }
  throw new Error('every stretch of ports on loopback is some other process’');
}

function listen(port: number, host: string): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, host, () => resolve(server));
  });
}
