/** Requests (RFC 6120 §8.2.3): form first, then the one handler of the payload at that kind of address; every get and set is answered (GEN-01). */
import type { Element } from '../../xml/element.ts';
import { children } from '../../xml/query.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import type { Decoded } from '../face.ts';
import { answer, badRequest, deny, ignored, unavailable } from './answers.ts';
import { refuse } from './refuse.ts';
import type { Scope, Target } from './scope.ts';

export type IqHandler<T extends Target = Target> = (
  scope: Scope,
  stanza: Stanza,
  payload: Element,
  target: T,
) => Decoded;

/** What is done with one payload. */
export interface IqEntry<T extends Target = Target> {
  readonly ns: string;
  readonly name: string;
  /** Announced in service discovery for as long as the entry stands in its table, so that nothing else is. */
  readonly feature?: string;
  readonly get?: IqHandler<T>;
  readonly set?: IqHandler<T>;
  /** Answered to anybody, allowed or not (CHECKLIST 030-12). */
  readonly open?: boolean;
}

export type IqTable<T extends Target = Target> = ReadonlyMap<string, IqEntry<T>>;

export const iqTable = <T extends Target>(...entries: readonly IqEntry<T>[]): IqTable<T> =>
  new Map(entries.map((entry) => [`${entry.ns} ${entry.name}`, entry]));

/** The features that a table honours. */
export function featuresOf(table: IqTable<never>): readonly string[] {
  const features: string[] = [];
  for (const { feature } of table.values()) if (feature !== undefined) features.push(feature);
  return features;
}

export interface IqTables {
  readonly gateway: IqTable<Extract<Target, { is: 'gateway' }>>;
  readonly server: IqTable<Extract<Target, { is: 'server' }>>;
  readonly room: IqTable<Extract<Target, { is: 'room' }>>;
  readonly occupant: IqTable<Extract<Target, { is: 'room' }>>;
  readonly contact: IqTable<Extract<Target, { is: 'contact' }>>;
}

function run<T extends Target>(scope: Scope, table: IqTable<T>, stanza: Stanza, payload: Element, target: T): Decoded {
  const entry = table.get(`${payload.ns} ${payload.name}`);
  if (entry?.open !== true && !scope.allows(stanza.from)) {
    return answer(...refuse(stanza, scope.denial(stanza.from)));
  }
  const barred = 'address' in target ? scope.options.addresses.refuse?.(target.address) : undefined;
  if (barred !== undefined) return answer(...refuse(stanza, barred, scope.options.translate));
  const handler = stanza.type === 'set' ? entry?.set : entry?.get;
  if (handler !== undefined) return handler(scope, stanza, payload, target);
  return answer(unavailable(stanza));
}

function toTarget(scope: Scope, tables: IqTables, stanza: Stanza, payload: Element): Decoded {
  const target = scope.target(stanza.to);
  switch (target?.is) {
    case undefined: {
      const text = `${stanza.to.bare} is no address of this network`;
      return answer(deny(stanza, { type: 'cancel', condition: 'item-not-found', text }));
    }
    case 'gateway':
      return run(scope, tables.gateway, stanza, payload, target);
    case 'server':
      return run(scope, tables.server, stanza, payload, target);
    case 'room':
      return run(scope, stanza.to.resource === '' ? tables.room : tables.occupant, stanza, payload, target);
    case 'contact':
      return run(scope, tables.contact, stanza, payload, target);
    default:
      return target satisfies never;
  }
}

/** What a request means. Answers of peers (`result`, `error`) are for whoever asked and are ignored here. */
export function decodeIq(scope: Scope, tables: IqTables, stanza: Stanza): Decoded {
  if (stanza.type === 'result' || stanza.type === 'error') return ignored;
  if (stanza.type !== 'get' && stanza.type !== 'set') {
    return answer(badRequest(stanza, "An iq's type is get, set, result or error"));
  }
  const payloads = children(stanza.el);
  const [payload] = payloads;
  if (stanza.id === undefined || stanza.id === '') return answer(badRequest(stanza, 'A request needs an id'));
  if (payload === undefined || payloads.length > 1)
    return answer(badRequest(stanza, 'A request has exactly one child'));
  return toTarget(scope, tables, stanza, payload);
}
