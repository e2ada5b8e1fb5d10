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
export function createOwnClient(face: Pick<Face, 'askedBy'>, iqs: Pick<ClientIqs, 'ask'>): OwnClient {
  let waiting = 0;

  /** Of a result what it holds; undefined where there was none. */
  async function ask(asker: Asker, payload: Xml): Promise<Element | undefined> {
    const way = face.askedBy(asker);
    if (way === undefined || waiting >= atOnce) return undefined;
    waiting++;
    try {
      return (await iqs.ask({ ...way, payload }, patienceMs))?.payload;
    } finally {
      waiting--;
    }
  }

  async function read<T>(
    asker: Asker,
    payload: Xml,
    reader: (answer: Element) => T | undefined,
  ): Promise<T | undefined> {
    const answer = await ask(asker, payload);
    return answer === undefined ? undefined : reader(answer);
  }

  return {
    version: (asker) => read(asker, versionPayload, versionIn),
    time: (asker) => read(asker, timePayload, timeIn),
    async ping(asker) {
      await ask(asker, pingPayload);
    },
  };
}
