/** Questions: answered when the answer is there, in error where it is not, never without an end. */
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

  it('takes twenty of one account at once, and more when they are answered', async () => {
    const { sent, ask, questions } = setUp();
    for (let i = 0; i < 20; i++) ask(never);
    ask(never);
    expect(sent).toEqual(['queue-full']);
    questions.close();
    await expect.poll(() => sent.filter((code) => code === 'not-connected')).toHaveLength(20);
  });
});
