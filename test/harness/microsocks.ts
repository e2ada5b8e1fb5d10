/** microsocks: a real SOCKS5 proxy, which comes to servers from an address of its own. */
import { freePort } from './ports.ts';
import { accepts, start } from './process.ts';

export interface Microsocks extends AsyncDisposable {
  readonly port: number;
  /** Where servers see its connections come from. */
  readonly from: string;
}

/** Starts one. @param login NAME and PASSWORD, without which nobody is let through */
export async function startMicrosocks(from: string, login?: readonly [string, string]): Promise<Microsocks> {
  const port = await freePort();
  const named = login === undefined ? [] : ['-u', login[0], '-P', login[1]];
  const running = await start('microsocks', ['-i', '127.0.0.1', '-p', String(port), '-b', from, ...named], {
    name: 'microsocks',
    ready: () => accepts(port),
  });
  return {
    port,
    from,
    async [Symbol.asyncDispose]() {
      await running.kill();
    },
  };
}
