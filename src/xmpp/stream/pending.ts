/** Our own iqs that wait for an answer, each known by its id and by who was asked (libraries' defect 9: an id alone can be guessed and answered by anybody). */
import { randomBytes } from 'node:crypto';
import type { Element } from '../../xml/element.ts';
import { child, children, textOf } from '../../xml/query.ts';
import { type Clock, IqError } from './types.ts';

const MOST = 10_000;
const STANZAS_NS = 'urn:ietf:params:xml:ns:xmpp-stanzas';

export interface Pending {
  /** Begins to wait for the answer to an iq that is about to be sent. */
  expect(iq: { readonly id: string; readonly to: string; readonly from: string }, timeoutMs: number): Promise<Element>;
  /** Whether the stanza was an answer that is waited for. */
  settle(stanza: Element): boolean;
  /** Nobody will answer any more. */
  fail(): void;
}

interface Waiting {
  readonly to: string;
  readonly from: string;
  readonly cancel: () => void;
  resolve(result: Element): void;
  reject(error: IqError): void;
}

/** An id that nobody can guess. */
export function newId(): string {
  return randomBytes(15).toString('base64url');
}

/** For one stream. */
export function createPending(clock: Clock): Pending {
  const waiting = new Map<string, Waiting>();
  const timeout = (): IqError => new IqError('remote-server-timeout', 'wait');
  return {
    expect: async ({ id, to, from }, timeoutMs) => {
      if (waiting.size >= MOST) throw new IqError('resource-constraint', 'wait', 'too many requests');
      return new Promise<Element>((resolve, reject) => {
        const cancel = clock.after(timeoutMs, () => {
          waiting.delete(id);
          reject(timeout());
        });
        waiting.set(id, { to: comparable(to), from: comparable(from), cancel, resolve, reject });
      });
    },
    settle: (stanza) => {
      const { id, from, to, type } = stanza.attrs;
      if (id === undefined || (type !== 'result' && type !== 'error')) return false;
      const one = waiting.get(id);
      if (one === undefined || comparable(from ?? '') !== one.to || comparable(to ?? '') !== one.from) return false;
      waiting.delete(id);
      one.cancel();
      if (type === 'result') one.resolve(stanza);
      else one.reject(errorOf(stanza));
      return true;
    },
    fail: () => {
      for (const one of waiting.values()) {
        one.cancel();
        one.reject(timeout());
      }
      waiting.clear();
    },
  };
}

/** A JID as servers may give it back: localpart and domain in lower case. */
function comparable(jid: string): string {
  const slash = jid.indexOf('/');
  return slash === -1 ? jid.toLowerCase() : jid.slice(0, slash).toLowerCase() + jid.slice(slash);
}

function errorOf(stanza: Element): IqError {
  const error = child(stanza, 'error');
  if (error === undefined) return new IqError('undefined-condition', 'cancel', '', stanza);
  const text = child(error, 'text', STANZAS_NS);
  const condition = children(error, undefined, STANZAS_NS).find((one) => one !== text);
  const words = text === undefined ? '' : textOf(text);
  return new IqError(condition?.name ?? 'undefined-condition', error.attrs.type ?? 'cancel', words, stanza);
}
