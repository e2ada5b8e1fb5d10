/** What servers say to the gateway itself, handed on by an edge: what they let us do, and that there is a stream to them, to every worker; the answer to a worker's own request, to that one. */
import type { Log } from '../bridge/contract.ts';
import { isWorker } from '../delivery/routes.ts';
import { iqAnswer } from '../gateway/client-iqs.ts';
import { createPrivileges, type Privileges } from '../gateway/privileges.ts';
import type { Post, Workers } from '../storage/process-ports.ts';
import { write } from '../xml/writer.ts';
import type { Stanza } from '../xmpp/stanza.ts';
import { streamMark } from './mailbox.ts';

/** What a server lets us do is said in less: longer ones are kept for nobody. */
const longestAnnouncement = 32 * 1024;

/** Stands in the ids of a worker's requests behind its name. */
const mark = '|';

/** Ids by which an edge finds the worker that asked. @param self absent: there are no others */
export const idsOf =
  (newId: () => string, self: string | undefined): (() => string) =>
  () =>
    self === undefined ? newId() : `${self}${mark}${newId()}`;

export interface EdgeServers {
  readonly privileges: Pick<Privileges, 'of'>;
  /** True where the stanza was for all workers, or for one that asked. */
  hear(stanza: Stanza): boolean;
  /** There is a stream, or another one has ended: workers find out who is there. Resolves when all have it; never rejects. */
  begun(): Promise<void>;
  /** The stream ended. */
  lost(): void;
}

export interface EdgeServerParts {
  readonly domain: string;
  readonly post: Pick<Post, 'send'>;
  readonly workers: Pick<Workers, 'alive'>;
  readonly log: Log;
  /** May any user of that host use the domain? */
  allowsHost(host: string): boolean;
}

/** For one domain's stream. */
export function createEdgeServers({ domain, post, workers, log, allowsHost }: EdgeServerParts): EdgeServers {
  const privileges = createPrivileges({ counts: allowsHost, onChange: () => undefined });
  /** As they came, by host: a worker that is new hears of them with the first answer of that host. */
  const said = new Map<string, string>();

  async function tell(which: (worker: string) => boolean, texts: readonly string[]): Promise<void> {
    const there = (await workers.alive()).filter((one) => isWorker(one) && which(one));
    await Promise.all(there.map((worker) => post.send(worker, texts)));
  }

  function send(which: (worker: string) => boolean, texts: readonly string[]): Promise<void> {
    return tell(which, texts).catch((error: unknown) =>
      log.warn({ domain, error }, 'what a server said could not be handed on'),
    );
  }

  return {
    privileges,
    hear(stanza) {
      if (privileges.hear(stanza)) {
        const { text } = write(stanza.el);
        if (text.length > longestAnnouncement) return true;
        const { domain: host } = stanza.from;
        const isNew = said.get(host) !== text;
        said.set(host, text);
        if (isNew && allowsHost(host)) void send(() => true, [text]);
        return true;
      }
      const end = stanza.id?.indexOf(mark) ?? -1;
      if (end < 0 || stanza.to.full !== domain || iqAnswer(stanza) === undefined) return false;
      const { text } = write(stanza.el);
      const asked = stanza.id?.slice(0, end);
      const first = said.get(stanza.from.domain);
      void send((worker) => worker === asked, first === undefined ? [text] : [first, text]);
      return true;
    },
    begun: () => send(() => true, [streamMark + domain]),
    lost() {
      privileges.forget();
      said.clear();
    },
  };
}
