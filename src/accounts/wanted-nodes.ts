/** Which nodes' events clients want (CHECKLIST 115-05, 163-03): asked once for all that have the same capabilities, and of nobody who says nothing of them. */
import { type Caps, capsQuestion, readCaps } from '../gateway/client-caps.ts';
import type { ClientIqs } from './client-iqs.ts';
import { createMemory } from './memory.ts';

export interface WantedNodes {
  /** What is known already, or will be; undefined: it does not answer, or too many are asked. Never rejects. */
  wanted(client: string, by: string, caps: Caps): ReadonlySet<string> | Promise<ReadonlySet<string> | undefined>;
}

const rememberedAtMost = 2_000;
const askedAtOnce = 200;
const withinMs = 30_000;

export function createWantedNodes(iqs: Pick<ClientIqs, 'ask'>): WantedNodes {
  const known = createMemory<ReadonlySet<string>>(rememberedAtMost);
  const asking = new Map<string, Promise<ReadonlySet<string> | undefined>>();

  async function ask(client: string, by: string, caps: Caps, key: string): Promise<ReadonlySet<string> | undefined> {
    const answer = await iqs.ask({ from: by, to: client, payload: capsQuestion(caps) }, withinMs);
    const read = readCaps(answer?.payload, caps);
    if (read?.holds === true) known.set(key, read.nodes);
    return read?.nodes;
  }

  return {
    wanted(client, by, caps) {
      const key = `${caps.hash} ${caps.ver}`;
      const nodes = known.get(key);
      if (nodes !== undefined) return nodes;
      // What somebody else answers counts only where its hash is right: then it is in mind.
      const others = asking.get(key);
      if (others !== undefined) return others.then(() => known.get(key) ?? ask(client, by, caps, key));
      if (asking.size >= askedAtOnce) return Promise.resolve(undefined);
      const own = ask(client, by, caps, key).finally(() => asking.delete(key));
      asking.set(key, own);
      return own;
    },
  };
}
