/**
 * Files on the upload service of their user's own server (XEP-0363): in the user's name where the server lets us, so that it is their share of the room that is used,
 * else in ours (CHECKLIST 363-03, 363-04). Whatever it refuses is no file.
 */
import type { Clock, Log } from '../bridge/contract.ts';
import {
  askForFeatures,
  askForServices,
  type Slot,
  servicesIn,
  slotIn,
  slotRequest,
  type UploadFile,
  uploadNs,
  uploadsIn,
} from '../gateway/upload-service.ts';
import type { AskingAsUsers } from './asking-as-users.ts';
import type { Answered, Requests } from './requests.ts';

/** What is put: all of it, or pieces that come to exactly so many octets. */
export type SlotBody = Uint8Array | { readonly size: number; readonly pieces: AsyncIterable<Uint8Array> };

export interface Slots {
  /** Resolves with the address at which it can be had; undefined: the owner's server takes it not, or not before `signal`. Never rejects. */
  store(
    owner: string,
    file: Omit<UploadFile, 'size'>,
    body: SlotBody,
    signal?: AbortSignal,
  ): Promise<string | undefined>;
}

export interface SlotsParts {
  readonly requests: Pick<Requests, 'ask'>;
  readonly users: AskingAsUsers;
  /** Puts it there; false: it was not taken. Rejects where nobody is there. */
  put(slot: Slot, file: { readonly type: string; readonly body: SlotBody }, signal: AbortSignal): Promise<boolean>;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly log: Log;
}

interface Service {
  readonly jid: string;
  readonly largest?: number;
}
type Found = { readonly at: number; readonly service: Promise<Service | undefined> };

const hostsAtMost = 1_000;
/** How long is believed what was found, and that nothing was. */
const foundMs = 24 * 3_600_000;
const missedMs = 600_000;
const putWithinMs = 30_000;

/** For one domain. */
export function createSlots({ requests, users, put, clock, log }: SlotsParts): Slots {
  const byHost = new Map<string, Found>();

  async function look(host: string): Promise<Service | undefined> {
    const listed = await requests.ask({ to: host, type: 'get', body: askForServices });
    const services = servicesIn(listed.is === 'result' ? listed.payload : undefined, host);
    const answers = await Promise.all(
      services.map(async (jid) => {
        const answer = await requests.ask({ to: jid, type: 'get', body: askForFeatures });
        const uploads = answer.is === 'result' ? uploadsIn(answer.payload) : undefined;
        return uploads && { jid, ...uploads };
      }),
    );
    return answers.find((one) => one !== undefined);
  }

  function serviceOf(host: string): Promise<Service | undefined> {
    const known = byHost.get(host);
    if (known !== undefined && clock.now() - known.at < foundMs) return known.service;
    const service = look(host);
    byHost.delete(host);
    byHost.set(host, { at: clock.now(), service });
    for (const oldest of byHost.keys()) {
      if (byHost.size <= hostsAtMost) break;
      byHost.delete(oldest);
    }
    void service.then((found) => {
      if (found === undefined) byHost.set(host, { at: clock.now() - foundMs + missedMs, service });
    });
    return service;
  }

  async function slotFor(owner: string, service: string, file: UploadFile): Promise<Slot | undefined> {
    const payload = slotRequest(file);
    const asked = await users.ask(owner, { ns: uploadNs, type: 'get', to: service, payload });
    const theirs = asked?.is === 'result' ? slotIn(asked.payload) : undefined;
    if (theirs !== undefined) return theirs;
    const answer: Answered = await requests.ask({ to: service, type: 'get', body: payload });
    if (answer.is === 'result') return slotIn(answer.payload);
    log.info({ service, condition: answer.condition }, 'the upload service of a user’s server gives no slot');
    return undefined;
  }

  return {
    async store(owner, file, body, signal) {
      const size = sizeOf(body);
      const host = owner.slice(owner.indexOf('@') + 1);
      const service = await serviceOf(host);
      if (service === undefined || size > (service.largest ?? Number.POSITIVE_INFINITY)) return undefined;
      const slot = await slotFor(owner, service.jid, { ...file, size });
      if (slot === undefined || signal?.aborted === true) return undefined;
      const late = new AbortController();
      const cancel = clock.after(putWithinMs, () => late.abort(new Error('it took too long')));
      try {
        const until = signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]);
        if (await put(slot, { type: file.type, body }, until)) return slot.get;
        log.warn({ service: service.jid }, 'an upload service does not take what it gave a slot for');
      } catch (error) {
        log.warn({ service: service.jid, error }, 'an upload service could not be reached');
      } finally {
        cancel();
      }
      return undefined;
    },
  };
}

/** In octets. */
export const sizeOf = (body: SlotBody): number => (body instanceof Uint8Array ? body.byteLength : body.size);
