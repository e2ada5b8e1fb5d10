/** What people of a network would know of a user's own client. */
import { describe, expect, test } from 'vitest';
import { createClientIqs } from '../../../src/accounts/client-iqs.ts';
import { createOwnClient } from '../../../src/accounts/own-client.ts';
import { personId } from '../../../src/core/ids.ts';
import type { Outgoing } from '../../../src/gateway/face.ts';
import { createManualClock, settle } from '../../harness/manual-clock.ts';
import { parse } from '../../harness/markup.ts';

const phone = 'romeo@montague.lit/phone';
const juliet = 'juliet%irc.test@irc.montague.lit';
const asker = { person: personId('juliet') };
const answers = {
  version: "<query xmlns='jabber:iq:version'><name>Gajim</name><version>1.8.4</version><os>Plan 9</os></query>",
  time: "<time xmlns='urn:xmpp:time'><tzo>-03:30</tzo><utc>2026-11-21T12:00:00Z</utc></time>",
};

function setUp(to: string | undefined = phone) {
  const clock = createManualClock();
  const sent: Outgoing[] = [];
  let n = 0;
  const iqs = createClientIqs({ send: (stanzas) => void sent.push(...stanzas), newId: () => `q${n++}`, clock });
  const own = createOwnClient({ askedBy: () => (to === 'nobody' ? undefined : { from: juliet, to }) }, iqs);
  const result = (payload: string, id = 'q0') => iqs.answered({ id, from: phone, payload: parse(payload) });
  return { clock, sent, iqs, own, result };
}

describe('asked by iq, as from whoever would know it', () => {
  test('092-01 the name and version of its software, and never its system', async () => {
    const { own, sent, result, clock } = setUp();
    const told = own.version(asker);
    expect(sent).toMatchObject([{ kind: 'iq', type: 'get', from: juliet, to: [phone], id: 'q0' }]);
    expect(sent[0]?.body.text).toBe("<query xmlns='jabber:iq:version'/>");
    expect(result(answers.version)).toBe(true);
    expect(await told).toEqual({ name: 'Gajim', version: '1.8.4' });
    expect(clock.waiting).toBe(0);
  });

  test('202-01 its clock', async () => {
    const { own, sent, result } = setUp();
    const told = own.time(asker);
    expect(sent[0]?.body.text).toBe("<time xmlns='urn:xmpp:time'/>");
    result(answers.time);
    expect(await told).toEqual({ utc: new Date('2026-11-21T12:00:00Z'), aheadMinutes: -210 });
  });

  test.each(['result', 'error'])('199-01 a ping is over with its answer: %s', async (how) => {
    const { own, sent, iqs } = setUp();
    const over = own.ping(asker);
    expect(sent[0]?.body.text).toBe("<ping xmlns='urn:xmpp:ping'/>");
    iqs.answered({ id: 'q0', from: phone, ...(how === 'error' && { condition: 'feature-not-implemented' }) });
    expect(await over).toBeUndefined();
  });
});

describe('there is nothing to tell', () => {
  test('where nobody is there to ask', async () => {
    const { own, sent } = setUp('nobody');
    expect([await own.version(asker), await own.time(asker), await own.ping(asker)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(sent).toEqual([]);
  });

  test('where the client refuses, answers something else, or does not answer', async () => {
    const { own, iqs, result, clock } = setUp();
    const refused = own.version(asker);
    iqs.answered({ id: 'q0', from: phone, condition: 'service-unavailable' });
    expect(await refused).toBeUndefined();
    const other = own.version(asker);
    result(answers.time, 'q1');
    expect(await other).toBeUndefined();
    const late = own.time(asker);
    await clock.advance(5_000);
    expect(await late).toBeUndefined();
    expect(result(answers.time, 'q2')).toBe(false);
  });

  test('where somebody else answers', async () => {
    const { own, iqs, clock } = setUp();
    const told = own.version(asker);
    expect(iqs.answered({ id: 'q0', from: 'tybalt@capulet.lit/x', payload: parse(answers.version) })).toBe(false);
    await clock.advance(5_000);
    expect(await told).toBeUndefined();
  });

  test('where four questions wait already; then there is room again', async () => {
    const { own, sent, clock } = setUp();
    for (let at = 0; at < 4; at++) void own.version(asker);
    expect(await own.version(asker)).toBeUndefined();
    expect(sent).toHaveLength(4);
    await clock.advance(5_000);
    await settle();
    void own.version(asker);
    expect(sent).toHaveLength(5);
  });
});
