/** The clients of an account's owner that want events of the contacts (XEP-0163 §4.3.2): known by their capabilities when they come, forgotten when they go. */

import type { Session } from '../bridge/contract.ts';
import { sparseMap } from '../core/sparse.ts';
import { type ClientSeen, clientIn, nodesWanted } from '../gateway/client-caps.ts';
import type { Face, Projection, Stanza } from '../gateway/face.ts';
import type { Capabilities } from './capabilities.ts';

export interface Listening {
  hear(stanza: Stanza): void;
  /** There is a session: whoever came before it is asked now. */
  connected(): void;
}

export interface ListeningParts {
  readonly capabilities: Pick<Capabilities, 'of'>;
  session(): Session | undefined;
  deliver(told: Projection): void;
}

const nothing: ReadonlySet<string> = new Set();
/** More clients than anybody has; the one that came first is forgotten. */
const clientsAtMost = 50;

export function createListening(
  face: Pick<Face, 'listens'>,
  { capabilities, session, deliver }: ListeningParts,
): Listening {
  /** Who is here; `ver`: what was asked about. */
  const here = sparseMap<string, { readonly seen: ClientSeen; ver: string | undefined }>();

  function tell(client: string, nodes: ReadonlySet<string>): void {
    deliver({ stanzas: face.listens(client, nodes), archive: [] });
  }

  function look({ client, by, caps }: ClientSeen): void {
    const known = here.get(client);
    // A network without pictures has no events: nobody is bothered.
    if (known === undefined || caps === undefined || known.ver === caps.ver) return;
    if (session()?.avatars === undefined) return;
    known.ver = caps.ver;
    const features = capabilities.of(client, by, caps);
    if (!(features instanceof Promise)) {
      tell(client, nodesWanted(features));
      return;
    }
    void features.then((told) => {
      if (told !== undefined && here.get(client)?.ver === caps.ver) tell(client, nodesWanted(told));
    });
  }

  function come(seen: ClientSeen): void {
    const { client } = seen;
    const ver = here.get(client)?.ver;
    here.delete(client);
    here.set(client, { seen, ver });
    for (const oldest of here.keys()) {
      if (here.size <= clientsAtMost) break;
      here.delete(oldest);
    }
    look(seen);
  }

  return {
    hear(stanza) {
      const seen = clientIn(stanza);
      if (seen?.isHere === true) come(seen);
      else if (seen !== undefined && here.delete(seen.client)) tell(seen.client, nothing);
    },
    connected() {
      for (const { seen } of here.values()) look(seen);
    },
  };
}
