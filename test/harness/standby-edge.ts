/** One more edge of a gateway, which stands by until the component streams are its own. */
import { mainFile, root } from './build.ts';
import { freePort } from './ports.ts';
import { type Running, start } from './process.ts';

export interface StandbyEdge {
  readonly running: Running;
  /** Of its HTTP. */
  readonly port: number;
  /** What it says of its readiness. */
  readiness(): Promise<string>;
}

/** What the process at that port says of its readiness. */
export async function readinessAt(port: number): Promise<string> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(3_000) });
    return `${answer.status} ${await answer.text()}`;
  } catch {
    return 'nobody listens there yet';
  }
}

/** Resolves when it stands by. @param config the gateway's */
export async function startStandbyEdge(config: string): Promise<StandbyEdge> {
  const port = await freePort();
  const readiness = (): Promise<string> => readinessAt(port);
  const args = [mainFile, 'run', '--config', config, '--role', 'edge', '--http', `127.0.0.1:${port}`];
  const ready = async (): Promise<boolean> => (await readiness()).includes('standing by');
  const options = { name: 'gateway (second edge)', cwd: root, readyWithinMs: 60_000, ready };
  return { running: await start(process.execPath, args, options), port, readiness };
}
