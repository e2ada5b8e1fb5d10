/** From a face's stanzas to text on the wire: the choke point renders, the metrics count, a bug of ours costs its stanza and nothing else; who waits for it is told. */
import type { Clock, Log } from '../bridge/contract.ts';
import type { Count } from '../ops/metrics.ts';
import { join, xml } from '../xml/writer.ts';
import { writeError } from '../xmpp/error.ts';
import type { Outgoing } from '../xmpp/outgoing.ts';
import { createOutbound } from '../xmpp/stream/outbound.ts';
import { DELAY, delay } from '../xmpp/xep/0203-delay.ts';
import { isInUsersName } from '../xmpp/xep/0356-privilege.ts';
import type { WayOut } from './domain.ts';
import { stamped } from './stamping.ts';

/** Where rendered stanzas go. */
export interface Sink {
  put(text: string, keep: boolean): void;
  pressure(): Promise<void> | undefined;
  /** The server is not there: what is put now reaches it later. Absent: that is known elsewhere. */
  isHeld?(): boolean;
}

const unsendable = writeError({
  type: 'cancel',
  condition: 'internal-server-error',
  text: 'The answer could not be sent: it is too large, or a bug. The operator’s log has more',
});

/** Whoever asked hears of it (GEN-01); undefined: nobody waits for that stanza, or it is what they would be told. */
function insteadOf({ kind, type, from, to, id, body }: Outgoing): Outgoing | undefined {
  if (kind !== 'iq' || (type !== 'result' && type !== 'error') || body === unsendable) return undefined;
  return { kind, type: 'error', from, to, ...(id !== undefined && { id }), body: unsendable };
}

export function createWayOut(domain: string, sink: Sink, out: Count, log: Log, clock: Pick<Clock, 'now'>): WayOut {
  const outbound = createOutbound(domain);
  const copies: string[] = [];

  /** What is said while the server is away is told with the time at which it was said (XEP-0203, CHECKLIST 114-54). */
  function dated(stanza: Outgoing): Outgoing {
    if (stanza.body.text.includes(DELAY)) return stanza;
    const when = delay.write({ from: domain, stamp: new Date(clock.now()), reason: '' });
    return { ...stanza, body: xml`${stanza.body}${when}` };
  }

  /** What a server is asked to send in its user's name has it where their clients look. */
  const datedInside = (text: string): string => join(stamped(text, domain, clock.now())).text;

  function send(stanzas: readonly Outgoing[]): void {
    for (const stanza of stanzas) {
      let instead: Outgoing | undefined;
      try {
        const isLate = stanza.keep === true && sink.isHeld?.() === true;
        const isWrapped = isLate && isInUsersName(stanza.body);
        outbound.render(isLate && !isWrapped ? dated(stanza) : stanza, copies);
        for (const copy of copies) sink.put(isWrapped ? datedInside(copy) : copy, stanza.keep === true);
        out.add(copies.length);
      } catch (error) {
        log.error(
          { domain, kind: stanza.kind, type: stanza.type, error },
          'a stanza that must not be sent was dropped: a bug',
        );
        instead = insteadOf(stanza);
      }
      copies.length = 0;
      if (instead !== undefined) send([instead]);
    }
  }

  return {
    send,
    pressure: () => sink.pressure(),
  };
}
