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

/** Who is here, as they told the first of whom they tell: who goes from another, whom its user has removed, is here still. `ver`: what was asked about. */
interface Here {
  readonly seen: ClientSeen;
  ver: string | undefined;
}

export const createListening = (face: Pick<Face, 'listens'>, parts: ListeningParts): Listening =>
  new Listeners(face, parts);

/** An object of a class: each account has one. */
class Listeners implements Listening {
  readonly #face: Pick<Face, 'listens'>;
  readonly #capabilities: ListeningParts['capabilities'];
  readonly #session: ListeningParts['session'];
  readonly #deliver: ListeningParts['deliver'];
  readonly #here = sparseMap<string, Here>();

  constructor(face: Pick<Face, 'listens'>, { capabilities, session, deliver }: ListeningParts) {
    this.#face = face;
    this.#capabilities = capabilities;
    this.#session = session;
    this.#deliver = deliver;
  }

  hear(stanza: Stanza): void {
    const seen = clientIn(stanza);
    if (seen?.isHere === true) this.#come(seen);
    else if (seen !== undefined && this.#here.get(seen.client)?.seen.by === seen.by) {
      this.#here.delete(seen.client);
      this.#tell(seen.client, nothing);
    }
  }

  connected(): void {
    for (const { seen } of this.#here.values()) this.#look(seen);
  }

  #tell(client: string, nodes: ReadonlySet<string>): void {
    this.#deliver({ stanzas: this.#face.listens(client, nodes), archive: [] });
  }

  #look({ client, by, caps }: ClientSeen): void {
    const known = this.#here.get(client);
    // A network without pictures has no events: nobody is bothered.
    if (known === undefined || caps === undefined || known.ver === caps.ver) return;
    if (this.#session()?.avatars === undefined) return;
    known.ver = caps.ver;
    const features = this.#capabilities.of(client, by, caps);
    if (!(features instanceof Promise)) {
      this.#tell(client, nodesWanted(features));
      return;
    }
    void features.then((told) => {
      const now = this.#here.get(client);
      if (now?.ver !== caps.ver) return;
      // Who does not answer is asked again when it shows itself again.
      if (told === undefined) now.ver = undefined;
      else this.#tell(client, nodesWanted(told));
    });
  }

  #come(now: ClientSeen): void {
    const here = this.#here;
    const { client } = now;
    const known = here.get(client);
    const seen = { ...now, by: known?.seen.by ?? now.by };
    here.delete(client);
    here.set(client, { seen, ver: known?.ver });
    for (const oldest of here.keys()) {
      if (here.size <= clientsAtMost) break;
      here.delete(oldest);
    }
    this.#look(seen);
  }
}
