/** What people of a network ask of the client of an account's owner: passed on, a few at a time, and not waited for for long. */
import type { Asker, OwnClient } from '../bridge/own-client.ts';
import { pingPayload } from '../gateway/client-iqs.ts';
import type { Face } from '../gateway/face.ts';
import { timeIn, timePayload, versionIn, versionPayload } from '../gateway/own-client.ts';
import type { Element } from '../xml/element.ts';
import type { Xml } from '../xml/writer.ts';
import type { ClientIqs } from './client-iqs.ts';

/** How many questions of an account may wait for an answer. */
const atOnce = 4;
/** Whoever asked looks at a clock. */
const patienceMs = 5_000;

/** For one account. */
export const createOwnClient = (face: Pick<Face, 'askedBy'>, iqs: Pick<ClientIqs, 'ask'>): OwnClient =>
  new PassedOn(face, iqs);

/** An object of a class: each account has one. */
class PassedOn implements OwnClient {
  readonly #face: Pick<Face, 'askedBy'>;
  readonly #iqs: Pick<ClientIqs, 'ask'>;
  #waiting = 0;

  constructor(face: Pick<Face, 'askedBy'>, iqs: Pick<ClientIqs, 'ask'>) {
    this.#face = face;
    this.#iqs = iqs;
  }

  version(asker: Asker): ReturnType<OwnClient['version']> {
    return this.#read(asker, versionPayload, versionIn);
  }

  time(asker: Asker): ReturnType<OwnClient['time']> {
    return this.#read(asker, timePayload, timeIn);
  }

  async ping(asker: Asker): Promise<void> {
    await this.#ask(asker, pingPayload);
  }

  /** Of a result what it holds; undefined where there was none. */
  async #ask(asker: Asker, payload: Xml): Promise<Element | undefined> {
    const way = this.#face.askedBy(asker);
    if (way === undefined || this.#waiting >= atOnce) return undefined;
    this.#waiting++;
    try {
      return (await this.#iqs.ask({ ...way, payload }, patienceMs))?.payload;
    } finally {
      this.#waiting--;
    }
  }

  async #read<T>(asker: Asker, payload: Xml, reader: (answer: Element) => T | undefined): Promise<T | undefined> {
    const answer = await this.#ask(asker, payload);
    return answer === undefined ? undefined : reader(answer);
  }
}
