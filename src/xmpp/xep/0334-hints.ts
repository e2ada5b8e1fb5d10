/** XEP-0334 Message Processing Hints, version 1.0.0: §4, what a sender wishes servers and archives to do. */
import type { Element } from '../../xml/element.ts';
import { child } from '../../xml/query.ts';
import { write, type Xml } from '../../xml/writer.ts';

export const HINTS = 'urn:xmpp:hints';

export type Hint = 'no-permanent-store' | 'no-store' | 'no-copy' | 'store';

export const hint = (name: Hint): Xml => write({ name, ns: HINTS, attrs: {}, children: [] });

export const hasHint = (message: Element, name: Hint): boolean => child(message, name, HINTS) !== undefined;

/** Must not be kept (CHECKLIST 334-02). */
export const isNotToBeStored = (message: Element): boolean =>
  hasHint(message, 'no-store') || hasHint(message, 'no-permanent-store');
