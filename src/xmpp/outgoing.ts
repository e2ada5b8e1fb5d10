/** A stanza on its way out, before it is addressed: rendered once, fanned out at the choke point (`stream/outbound.ts`), which alone writes `from` and `to`. */
import type { Xml } from '../xml/writer.ts';

export interface Outgoing {
  readonly kind: 'message' | 'presence' | 'iq';
  /** A JID of our own domain; the choke point refuses any other (CHECKLIST 114-31). */
  readonly from: string;
  /** Who gets a copy each. */
  readonly to: readonly string[];
  readonly type?: string;
  readonly id?: string;
  /** Of what people read in it (RFC 6120 §8.1.5). */
  readonly lang?: string;
  /** The stanza's children. */
  readonly body: Xml;
  /** Kept in the journal and sent again until the server has answered for it. Messages of people, nothing else. */
  readonly keep?: boolean;
}
