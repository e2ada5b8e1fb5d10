/** What people of the network ask of our users' clients (XEP-0092 §3, XEP-0199 §4, XEP-0202 §3): by which address, of which client, and what the answers say. */
import type { Asker } from '../bridge/own-client.ts';
import type { Element } from '../xml/element.ts';
import { version } from '../xmpp/xep/0092-version.ts';
import { time } from '../xmpp/xep/0202-time.ts';
import type { ClientIq } from './client-iqs.ts';
import { clientJid } from './contacts/addresses.ts';
import { isBlocked } from './contacts/blocked.ts';
import type { FaceState } from './rooms/feature.ts';
import { isOwners } from './shares.ts';
import { mostReachable } from './shown.ts';

/** Longer names and versions are cut. */
const wordsAtMost = 64;

/** In a room its occupant asks somebody who is in it; else a person asks whoever is in any. undefined: nobody is there, or the owner has blocked who asks. */
export function askedBy(face: FaceState, { person, chat }: Asker): Pick<ClientIq, 'from' | 'to'> | undefined {
  if (isBlocked(face, person)) return undefined;
  const room = chat === undefined ? undefined : face.rooms.get(chat);
  const rooms = room === undefined ? face.rooms.values() : [room];
  const clients = new Set<string>();
  for (const { everybody } of rooms)
    for (const client of everybody) if (isOwners(face.context.account, client)) clients.add(client);
  const to = mostReachable(clients, face.shown);
  if (to === undefined) return undefined;
  return { from: room?.people.of(person)?.jid ?? clientJid(face.context, person), to };
}

/** The questions. */
export const versionPayload = version.write({});
export const timePayload = time.write({});

/** undefined: it is no answer to that. Which operating system it is stays where it is. */
export function versionIn(payload: Element): { readonly name: string; readonly version?: string } | undefined {
  const { name = '', version: number = '' } = version.read(payload) ?? {};
  const [said, which] = [words(name), words(number)];
  if (said === '') return undefined;
  return { name: said, ...(which !== '' && { version: which }) };
}

/** undefined: it is no answer to that. */
export function timeIn(payload: Element): { readonly utc: Date; readonly aheadMinutes: number } | undefined {
  const { utc, zone = '' } = time.read(payload) ?? {};
  const aheadMinutes = minutesOf(zone.trim());
  return utc === undefined || aheadMinutes === undefined ? undefined : { utc, aheadMinutes };
}

/** XEP-0082 §3.3: `Z`, or hours and minutes with a sign. */
function minutesOf(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const [, sign, hours, minutes] = /^([+-])([01]\d|2[0-3]):([0-5]\d)$/.exec(zone) ?? [];
  if (sign === undefined) return undefined;
  const size = Number(hours) * 60 + Number(minutes);
  return sign === '-' ? -size : size;
}

/** On one line, and no more than is worth telling. */
const words = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, wordsAtMost)
    .toWellFormed();
