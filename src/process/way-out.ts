/** From a face's stanzas to text on the wire: the choke point renders, the metrics count, a bug of ours costs its stanza and nothing else. */
import type { Log } from '../bridge/contract.ts';
import type { Count } from '../ops/metrics.ts';
import { createOutbound } from '../xmpp/stream/outbound.ts';
import type { WayOut } from './domain.ts';

/** Where rendered stanzas go. */
export interface Sink {
  put(text: string, keep: boolean): void;
  pressure(): Promise<void> | undefined;
}

export function createWayOut(domain: string, sink: Sink, out: Count, log: Log): WayOut {
  const outbound = createOutbound(domain);
  const copies: string[] = [];
  return {
    send(stanzas) {
      for (const stanza of stanzas) {
        try {
          outbound.render(stanza, copies);
          for (const copy of copies) sink.put(copy, stanza.keep === true);
          out.add(copies.length);
        } catch (error) {
          log.error(
            { domain, kind: stanza.kind, type: stanza.type, error },
            'a stanza that must not be sent was dropped: a bug',
          );
        }
        copies.length = 0;
      }
    },
    pressure: () => sink.pressure(),
  };
}
