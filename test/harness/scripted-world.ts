/** A world with one more IRC server, which the test plays line by line. */
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { freePort } from './ports.ts';
import { showOnFailure } from './process.ts';
import { type Names, type ScriptedIrcd, scriptedIrcd } from './scripted-ircd.ts';
import { type RealWorld, startWorld } from './world.ts';

export interface ScriptedWorld {
  readonly world: RealWorld;
  readonly ircd: ScriptedIrcd;
}

/** For all tests of a file. @param name of the server, as users write it */
export function useScriptedWorld(name: string, names?: Names): ScriptedWorld {
  let world: RealWorld | undefined;
  let ircd: ScriptedIrcd | undefined;
  beforeAll(async () => {
    ircd = await scriptedIrcd(await freePort(), 'batch message-tags server-time', names);
    const servers = { [name]: { address: [`127.0.0.1:${ircd.port}`], tls: 'off' } };
    world = await startWorld({ ircd: 'ngircd', servers });
  });
  beforeEach(({ onTestFailed }) => showOnFailure(onTestFailed, () => live(world).gateway.member('all').running));
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    await ircd?.[Symbol.asyncDispose]();
  });
  return {
    get world() {
      return live(world);
    },
    get ircd() {
      return live(ircd);
    },
  };
}

function live<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('the world did not start');
  return part;
}
