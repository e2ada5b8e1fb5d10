/** Lines on their way to a MUC: in order, each until it is said back, and by whom where something is in the way. */
import { describe, expect, test } from 'vitest';
import type { Voice } from '../../../src/plumbing/puppets.ts';
import { createToMuc, type RoomLine, type ToMucParts } from '../../../src/plumbing/to-muc.ts';
import { xml } from '../../../src/xml/writer.ts';
import type { Outgoing } from '../../../src/xmpp/outgoing.ts';
import { createManualClock } from '../../harness/manual-clock.ts';

const line = (id: string, nick = 'tybalt', isOwn = false): RoomLine => ({ id, nick, isOwn, children: [] });

function setUp(parts: Partial<ToMucParts> = {}) {
  const clock = createManualClock();
  const sent: Outgoing[] = [];
  const calls: string[] = [];
  const voices = new Map<string, Voice['is']>();
  const state = { isIn: true };
  const toMuc = createToMuc({
    muc: 'piazza@muc.test',
    ids: { sign: (room) => `${room}!`, read: (id) => id?.slice(0, -1) },
    puppets: {
      voice(nick) {
        const is = voices.get(nick) ?? 'own';
        return is === 'own' ? { is, from: `${nick}@net.test/x`, nick } : { is };
      },
      out: (from) => void calls.push(`out ${from}`),
    },
    herald: { jid: 'herald@net.test/x', isIn: () => state.isIn },
    translate: ({ id }, named) =>
      id === 'empty' ? undefined : xml`<body>${named === undefined ? '' : `<${named}> `}${id}</body>`,
    changed: () => undefined,
    about: () => undefined,
    takeBack: () => false,
    clock,
    send: (stanzas) => void sent.push(...stanzas),
    onTold: (id) => void calls.push(`told ${id}`),
    onDoubt: () => void calls.push('doubt'),
    onLost: (id, why) => void calls.push(`lost ${id}: ${why}`),
    ...parts,
  });
  const said = (): readonly string[] =>
    sent
      .splice(0)
      .map(({ from, id, body }) => `${from.split('@')[0]} ${id} ${/<body>(.*)<\/body>/.exec(body.text)?.[1]}`);
  const done = (): readonly string[] => calls.splice(0);
  const refuse = (id: string, condition: string, from = 'tybalt@net.test/x', type = 'cancel'): void =>
    toMuc.refused(id, from, { type, condition });
  return { toMuc, said, done, voices, state, clock, refuse };
}

describe('in order', () => {
  test('a line is done with all before it, and is said once', () => {
    const { toMuc, said, done } = setUp();
    for (const id of ['a', 'b', 'b', 'c']) toMuc.add(line(id));
    expect(said()).toEqual(['tybalt a! a', 'tybalt b! b', 'tybalt c! c']);
    toMuc.told('b');
    expect(done()).toEqual([]);
    toMuc.told('a');
    toMuc.add(line('a'));
    expect([done(), said(), toMuc.size]).toEqual([['told b'], [], 1]);
  });

  test('who is on the way holds up the others', () => {
    const { toMuc, said, voices } = setUp();
    voices.set('romeo', 'coming');
    for (const [id, nick] of [
      ['a', 'tybalt'],
      ['b', 'romeo'],
      ['c', 'tybalt'],
    ] as const)
      toMuc.add(line(id, nick));
    expect(said()).toEqual(['tybalt a! a']);
    voices.set('romeo', 'herald');
    toMuc.pump();
    expect(said()).toEqual(['herald b! &lt;romeo&gt; b', 'tybalt c! c']);
  });

  test('what answers one that is not said back yet waits for it, and for none that is behind it', () => {
    const { toMuc, said } = setUp({ about: ({ id }) => ({ b: 'a', d: 'e', f: 'nothing' })[id] });
    for (const id of ['a', 'b', 'c']) toMuc.add(line(id));
    expect(said()).toEqual(['tybalt a! a']);
    toMuc.told('a');
    for (const id of ['d', 'e', 'f']) toMuc.add(line(id));
    expect(said()).toEqual(['b', 'c', 'd', 'e', 'f'].map((id) => `tybalt ${id}! ${id}`));
  });

  test('so many at once, and none while the herald is out', () => {
    const { toMuc, said, state } = setUp({ window: 2 });
    state.isIn = false;
    for (const id of ['a', 'b', 'c']) toMuc.add(line(id));
    expect(said()).toEqual([]);
    state.isIn = true;
    toMuc.pump();
    expect(said()).toEqual(['tybalt a! a', 'tybalt b! b']);
    toMuc.told('a');
    expect(said()).toEqual(['tybalt c! c']);
  });

  test('what says nothing, or nobody may say, is done', () => {
    const { toMuc, said, done, voices } = setUp();
    voices.set('mercutio', 'muted');
    toMuc.add(line('empty'));
    toMuc.add(line('a', 'mercutio'));
    toMuc.add(line('b', 'bot', true));
    expect(said()).toEqual(['herald b! b']);
    expect(done()).toEqual(['told empty', 'lost a: muted', 'told a']);
  });

  test('over the bound the archive has the rest', () => {
    const { toMuc, state } = setUp({ bound: 2 });
    state.isIn = false;
    for (const id of ['a', 'b', 'c']) toMuc.add(line(id));
    expect([toMuc.size, toMuc.isBehind]).toEqual([2, true]);
    toMuc.goOn();
    expect(toMuc.isBehind).toBe(false);
  });
});

describe('what the MUC refuses', () => {
  test('whom it does not know comes in again, what it forbids somebody to say nobody says', () => {
    const { toMuc, said, done, refuse } = setUp();
    toMuc.add(line('a'));
    said();
    refuse('a', 'not-acceptable');
    expect([done(), said()]).toEqual([['out tybalt@net.test/x'], ['tybalt a! a']]);
    refuse('a', 'forbidden');
    expect([done(), said()]).toEqual([['lost a: forbidden', 'told a'], []]);
  });

  test('what came too fast is said again, a few times', async () => {
    const { toMuc, said, done, refuse, clock } = setUp();
    toMuc.add(line('a'));
    for (let i = 0; i < 10; i++) {
      refuse('a', 'resource-constraint', undefined, 'wait');
      said();
      for (let seconds = 0; seconds < 60; seconds++) {
        await clock.advance(1_000);
        if (said().length > 0) break;
      }
    }
    refuse('a', 'resource-constraint', undefined, 'wait');
    expect(done()).toEqual(['lost a: resource-constraint', 'told a']);
  });

  /** mod_muc_limits of Prosody (a burst, then one in two seconds); ejabberd's min_message_interval is of that kind. */
  test('a MUC that takes a line in two seconds gets all of them, in order', async () => {
    const { toMuc, said, done, refuse, clock } = setUp();
    const lines = Array.from({ length: 40 }, (_, i) => `line${i}`);
    for (const id of lines) toMuc.add(line(id));
    const taken: string[] = [];
    let tokens = 6;
    for (let seconds = 0; seconds < 600 && taken.length < lines.length; seconds++) {
      for (let came = said(); came.length > 0; came = said()) {
        for (const one of came) {
          const id = /line\d+$/.exec(one)?.[0] ?? '';
          if (tokens < 1) refuse(id, 'policy-violation', undefined, 'wait');
          else {
            tokens--;
            taken.push(id);
            toMuc.told(id);
          }
        }
      }
      await clock.advance(1_000);
      tokens = Math.min(6, tokens + 0.5);
    }
    expect([taken, done().filter((call) => call.startsWith('lost'))]).toEqual([lines, []]);
  });

  test('a server that can’t be reached for now is an outage, not a MUC that slows us down', () => {
    const { toMuc, said, done, refuse } = setUp();
    toMuc.add(line('a'));
    said();
    refuse('a', 'remote-server-timeout', undefined, 'wait');
    expect([done(), said()]).toEqual([['doubt'], []]);
  });

  test('an outage is to be looked into, and what was said is said again behind it', () => {
    const { toMuc, said, done, refuse } = setUp();
    toMuc.add(line('a'));
    toMuc.add(line('b'));
    said();
    refuse('a', 'remote-server-timeout');
    refuse('nothing of ours', 'forbidden');
    toMuc.rewind();
    toMuc.told('b');
    expect([done(), said()]).toEqual([['doubt'], ['tybalt a! a']]);
  });

  test('what is not said back is looked into', async () => {
    const { toMuc, done, clock } = setUp();
    toMuc.add(line('a'));
    await clock.advance(20_000);
    expect(done()).toEqual(['doubt']);
    toMuc.rewind();
    toMuc.pump();
    await clock.advance(40_000);
    expect(done()).toEqual(['doubt', 'doubt']);
    await clock.advance(20_000);
    expect(done()).toEqual(['lost a: not said back', 'told a', 'doubt']);
    toMuc.close();
    await clock.advance(20_000);
    expect(done()).toEqual([]);
  });
});

test('what the MUC never had is said once more, what was said since is not asked after', async () => {
  const { toMuc, said, done, clock } = setUp();
  toMuc.add(line('a'));
  await clock.advance(20_000);
  toMuc.add(line('b'));
  expect([toMuc.unheard(), done()]).toEqual([['a'], ['doubt']]);
  said();
  toMuc.lacks(['a']);
  expect(said()).toEqual(['tybalt a! a']);
  expect(toMuc.unheard()).toEqual([]);
  await clock.advance(20_000);
  toMuc.told('b');
  expect([toMuc.unheard(), said()]).toEqual([['a'], []]);
  toMuc.lacks(['a', 'b']);
  expect([done(), said()]).toEqual([['doubt', 'lost a: not said back', 'told b'], []]);
});

test('what is skipped counts where nothing waits before it', () => {
  const { toMuc, done } = setUp();
  toMuc.skip('a');
  toMuc.add(line('b'));
  toMuc.skip('c');
  expect(done()).toEqual(['told a']);
});

test('of what the MUC says back again and again the last ones are remembered, and no more', () => {
  const { toMuc, said } = setUp();
  for (let i = 0; i <= 500; i++) toMuc.told(`line ${i}`);
  for (const id of ['line 500', 'line 0']) toMuc.add(line(id));
  expect(said()).toEqual(['tybalt line 0! line 0']);
});
