/** Questions: answered when the answer is there, in error where it is not, never without an end. */
import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { noArchive } from '../../../src/accounts/archiving.ts';
import { createQuestions } from '../../../src/accounts/questions.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { accountId } from '../../../src/core/ids.ts';
import type { AccountKey, Outgoing, Question, Stanza } from '../../../src/gateway/face.ts';
import { parse } from '../../../src/xml/document.ts';
import { empty } from '../../../src/xml/writer.ts';
import { readStanza } from '../../../src/xmpp/stanza.ts';
import { createManualClock } from '../../harness/manual-clock.ts';
import { silentLog } from '../../harness/silent-log.ts';

const romeo: AccountKey = { id: accountId('romeo'), owner: 'romeo@test' };
const stanza: Stanza = readStanza(
  parse("<iq xmlns='jabber:component:accept' type='get' id='1' from='romeo@test/x' to='net.test'/>"),
) as Stanza;
const said = (id: string): Outgoing => ({
  kind: 'iq',
  type: 'result',
  from: 'net.test',
  to: ['romeo@test/x'],
  id,
  body: empty,
});
const never: Question = () => new Promise(() => {});

function setUp() {
  const clock = createManualClock();
  const sent: string[] = [];
  const questions = createQuestions({
    archive: noArchive,
    refuse: (_, error) => [said(error.code)],
    send: (stanzas) => void sent.push(...stanzas.map(({ id }) => id ?? '')),
    clock,
    log: silentLog,
  });
  const ask = (question: Question): void => questions.ask(romeo, stanza, question, undefined);
  return { clock, sent, questions, ask };
}

describe('questions', () => {
  it('sends the answer when it is there', async () => {
    const { sent, ask } = setUp();
    ask(async ({ account, session }) => [said(`${account.id} ${session}`)]);
    await expect.poll(() => sent).toEqual(['romeo undefined']);
  });

  it('nobody listens to the signal of one that was answered: Node would keep it for good, and all that was asked with it', async () => {
    const { sent, ask } = setUp();
    let asked = new AbortController().signal;
    ask(async ({ signal }) => {
      asked = signal;
      return [said(`${getEventListeners(signal, 'abort').length}`)];
    });
    await expect.poll(() => sent).toEqual(['1']);
    expect(getEventListeners(asked, 'abort')).toEqual([]);
  });

  it('an error of the network is the answer; a bug is one without detail', async () => {
    const { sent, ask } = setUp();
    ask(() => Promise.reject(new GatewayError('no-such-person')));
    ask(() => Promise.reject(new Error('a secret')));
    await expect.poll(() => sent).toEqual(['no-such-person', 'bug']);
  });

  it('ends after a minute, and its signal with it', async () => {
    const { clock, sent, ask } = setUp();
    let asked: AbortSignal | undefined;
    ask(({ signal }) => {
      asked = signal;
      return new Promise(() => {});
    });
    await clock.advance(60_000);
    await expect.poll(() => sent).toEqual(['timed-out']);
    expect(asked?.aborted).toBe(true);
  });

  it('behind its end the answer is not sent any more, but the presence that goes with it is', async () => {
    const { clock, sent, ask, questions } = setUp();
    const gone = { ...said('goodbye'), kind: 'presence', type: 'unavailable' } as const;
    const ends: (() => void)[] = [];
    const slow: Question = () => new Promise((resolve) => void ends.push(() => resolve([said('late'), gone])));
    ask(slow);
    ask(() => new Promise((_, reject) => void ends.push(() => reject(new Error('late')))));
    await clock.advance(60_000);
    await expect.poll(() => sent).toEqual(['timed-out', 'timed-out']);
    for (const end of ends.splice(0)) end();
    await expect.poll(() => sent).toEqual(['timed-out', 'timed-out', 'goodbye']);
    ask(slow);
    questions.close();
    for (const end of ends) end();
    await expect.poll(() => sent.length).toBe(4);
    expect(sent.at(-1)).toBe('maintenance');
  });

  it('asks twenty of one account at once; the others wait for their turn, in order, and those of another account for nothing', async () => {
    const { sent, ask, questions } = setUp();
    const ends: (() => void)[] = [];
    const begun: number[] = [];
    for (let i = 0; i < 100; i++) {
      ask(() => {
        begun.push(i);
        return new Promise((resolve) => void ends.push(() => resolve([said(`${i}`)])));
      });
    }
    expect(begun).toHaveLength(20);
    questions.ask({ id: accountId('juliet'), owner: 'juliet@test' }, stanza, async () => [said('other')], undefined);
    await expect.poll(() => sent).toEqual(['other']);
    for (let i = 0; i < 100; i++) {
      await expect.poll(() => ends.length).toBeGreaterThan(i);
      ends[i]?.();
    }
    await expect.poll(() => sent).toHaveLength(101);
    expect(begun).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(sent.slice(1)).toEqual(begun.map(String));
  });

  it.each([
    ['everybody’s card', "<vCard xmlns='vcard-temp'/>"],
    ['everybody’s picture', "<pubsub xmlns='http://jabber.org/protocol/pubsub'/>"],
  ])('nothing else waits behind %s', async (_, inside) => {
    const { sent, ask, questions } = setUp();
    const about = readStanza(
      parse(`<iq xmlns='jabber:component:accept' type='get' id='1' from='romeo@test/x' to='net.test'>${inside}</iq>`),
    ) as Stanza;
    for (let i = 0; i < 100; i++) questions.ask(romeo, about, never, undefined);
    ask(async () => [said('the archive')]);
    await expect.poll(() => sent).toEqual(['the archive']);
    questions.close();
  });

  it('a thousand wait, no more; each for a minute at most; nobody for ever', async () => {
    const { clock, sent, ask, questions } = setUp();
    for (let i = 0; i < 1_020; i++) ask(never);
    expect(sent).toEqual([]);
    ask(never);
    expect(sent.splice(0)).toEqual(['queue-full']);
    await clock.advance(60_000);
    await expect.poll(() => sent).toEqual(Array(1_020).fill('timed-out'));
    ask(async () => [said('there is room')]);
    await expect.poll(() => sent.at(-1)).toBe('there is room');
    for (let i = 0; i < 30; i++) ask(never);
    questions.close();
    await expect.poll(() => sent.filter((code) => code === 'maintenance')).toHaveLength(30);
  });

  it('a turn that comes for nobody goes to the next', async () => {
    const { clock, sent, ask } = setUp();
    let end = (): void => {};
    ask(() => new Promise((resolve) => (end = () => resolve([said('first')]))));
    for (let i = 0; i < 19; i++) ask(never);
    await clock.advance(30_000);
    ask(async () => [said('second')]);
    ask(async () => [said('third')]);
    end();
    await expect.poll(() => sent).toEqual(['first', 'second', 'third']);
  });
});
