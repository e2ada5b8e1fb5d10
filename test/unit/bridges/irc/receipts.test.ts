/** When a message counts as sent: by echo, by label, by the PING behind it; and when it does not. */
import { describe, expect, test } from 'vitest';
import { createReceipts, type Outgoing } from '../../../../bridges/irc/receipts.ts';
import { parseLine } from '../../../../bridges/irc/wire/line.ts';
import {
  chatId,
  deliveryKey,
  GatewayError,
  type NetworkEvent,
  personId,
  plainText,
} from '../../../../src/bridge/index.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';

function start(echo: boolean | (() => boolean), isHigh = false, isDear = false, hasMore = false) {
  const clock = createManualClock();
  const pongs: (() => void)[] = [];
  const events: NetworkEvent[] = [];
  const log: string[] = [];
  let ids = 0;
  const receipts = createReceipts({
    clock,
    pings: { ping: (_priority, onPong) => void pongs.push(onPong) },
    load: { spent: () => undefined, isHigh: () => isHigh },
    echoes: typeof echo === 'boolean' ? () => echo : echo,
    dear: () => isDear,
    hasMore: () => hasMore,
    fold: (name) => name.toLowerCase(),
    newId: () => `id${ids++}`,
    me: () => ({ nick: 'Me', person: personId('me') }),
    emit: (event) => {
      events.push(event);
      log.push(`event ${event.kind === 'message' ? event.sentBy : ''}`);
    },
  });
  /** A message of so many lines; returns what tells that each was written. */
  function send(name: string, { chat = '#a', lines = 1, labels = [] as string[] } = {}) {
    const message: Outgoing = {
      target: chat,
      folded: chat.toLowerCase(),
      chat: chatId(chat),
      content: { text: plainText(name) },
      text: undefined,
      key: deliveryKey(name),
      direct: !chat.startsWith('#'),
      isUntold: false,
      refs: [],
      lines,
      done: false,
      resolve: (sent) => log.push(`sent ${name} ${sent.refs.map(({ id }) => id).join(' ')}`),
      reject: (error) => log.push(`failed ${name} ${error instanceof GatewayError ? error.code : error}`),
    };
    return Array.from({ length: lines }, (_, at) => receipts.expect(message, labels[at]));
  }
  function line(text: string) {
    const parsed = parseLine(text);
    if (parsed === undefined) throw new Error(text);
    return parsed;
  }
  return { clock, pongs, events, log, receipts, send, line };
}

describe('without echoes: a PING behind a burst', () => {
  test('one PING for all that was written, one in flight, each settled in order', () => {
    const { pongs, log, send, events } = start(false);
    const written = ['a', 'b', 'c'].flatMap((name) => send(name));
    for (const one of written) one();
    expect(pongs).toHaveLength(1);
    const [late] = send('d');
    late?.();
    expect(pongs).toHaveLength(1);
    pongs[0]?.();
    expect(log).toEqual(['sent a id0', 'sent b id1', 'sent c id2']);
    expect(pongs).toHaveLength(2);
    pongs[1]?.();
    expect(log.at(-1)).toBe('sent d id3');
    expect(events).toEqual([]);
  });

  test('45-41 where an answer may come in the same read it is told at its place, before who waits for the promise goes on', () => {
    const { pongs, log, send, events } = start(false, false, false, true);
    for (const written of send('a', { lines: 2 })) written();
    pongs[0]?.();
    expect(log).toEqual(['event a', 'sent a id0 id1']);
    expect(events[0]).toMatchObject({ chat: '#a', sentBy: 'a', content: { text: { plain: 'a' } } });
  });

  test('behind ten in a row who talks fast shares a PING every fifth of a second, or one for 32 lines', async () => {
    const { clock, pongs, send, log } = start(false, true);
    const says = (name: string): void => send(name)[0]?.();
    const answered = (): void => pongs.shift()?.();
    for (let n = 0; n < 10; n++) {
      says(`a${n}`);
      answered();
    }
    expect(log).toHaveLength(10);
    for (let n = 0; n < 31; n++) says(`b${n}`);
    expect(pongs).toHaveLength(0);
    says('b31');
    answered();
    expect(log).toHaveLength(42);
    for (const name of ['c', 'd']) {
      says(name);
      await clock.advance(99);
    }
    expect(pongs).toHaveLength(0);
    await clock.advance(2);
    answered();
    expect(log.slice(42)).toEqual(['sent c id42', 'sent d id43']);
    await clock.advance(2_000);
    says('e');
    expect(pongs).toHaveLength(1);
  });

  test('where little is going on everybody has a PING of their own, however fast they talk', () => {
    const { pongs, send, log } = start(false);
    for (let n = 0; n < 100; n++) {
      send(`a${n}`)[0]?.();
      pongs.shift()?.();
    }
    expect(log).toHaveLength(100);
  });

  test('whatever the clock does, an answer is waited for a fifth of a second more at most', async () => {
    const { clock, pongs, send } = start(false, true);
    const says = (name: string): void => send(name)[0]?.();
    for (let n = 0; n < 11; n++) {
      says(`a${n}`);
      pongs.shift()?.();
    }
    clock.jump(-7_200_000);
    says('b');
    await clock.advance(200);
    expect(pongs).toHaveLength(1);
  });

  test('a connection that ends takes with it that a PING was to come', async () => {
    const { clock, pongs, send, receipts } = start(false, true);
    for (let n = 0; n < 11; n++) {
      send(`a${n}`)[0]?.();
      pongs.shift()?.();
    }
    receipts.lost(new GatewayError('network-away'));
    await clock.advance(10_000);
    expect(pongs).toHaveLength(0);
  });

  test('while the throttle holds lines back a PING is spent every two seconds only', async () => {
    const { clock, pongs, send } = start(false);
    const written = Array.from({ length: 6 }, (_, at) => send(`m${at}`)).flat();
    for (const one of written) {
      one();
      await clock.advance(1000);
    }
    expect(pongs).toHaveLength(1);
    pongs[0]?.();
    expect(pongs).toHaveLength(2);
  });

  test('every ten seconds only where it costs as much as a line of some length', async () => {
    const { clock, pongs, send } = start(false, false, true);
    const written = Array.from({ length: 20 }, (_, at) => send(`m${at}`)).flat();
    for (const one of written.slice(0, 10)) {
      one();
      await clock.advance(1000);
    }
    expect(pongs).toHaveLength(0);
    written[10]?.();
    expect(pongs).toHaveLength(1);
  });

  test('where the last of them is given up before it was written, those that were are asked after', () => {
    const { pongs, log, send } = start(false);
    const [first] = send('a');
    const [last] = send('b');
    first?.();
    expect(pongs).toHaveLength(0);
    last?.(new GatewayError('timed-out'));
    pongs[0]?.();
    expect(log).toEqual(['failed b timed-out', 'sent a id0']);
  });

  test('45-41 a refusal is for the only one in that channel at once; what is behind it is sent', () => {
    const { pongs, log, receipts, send, line } = start(false);
    for (const one of [...send('a'), ...send('b', { chat: '#b' }), ...send('c', { chat: '#c' })]) one();
    expect(receipts.refused(line(':s 404 me #A :Cannot send to channel'), undefined)).toBe(true);
    expect(receipts.refused(line(':s 404 me #x :Cannot send to channel'), undefined)).toBe(false);
    expect(receipts.refused(line(':s 999 me #a :What'), undefined)).toBe(false);
    pongs[0]?.();
    expect(log).toEqual(['failed a not-allowed-there', 'sent b id0', 'sent c id1']);
  });

  test('45-41 of several to somebody who leaves meanwhile the last ones were refused, and those behind the PING are asked for anew', () => {
    const { pongs, log, receipts, send, line } = start(false);
    const to = { chat: 'Romeo' };
    const refused = (): boolean => receipts.refused(line(':s 401 me Romeo :No such nick'), undefined);
    for (const name of ['a', 'b', 'c', 'd']) for (const one of send(name, to)) one();
    for (const one of send('e', { chat: 'Tybalt' })) one();
    pongs.shift()?.();
    expect(log).toEqual(['sent a id0']);
    for (const one of send('f', to)) one();
    expect([refused(), refused(), refused(), refused()]).toEqual([true, true, true, false]);
    expect(log).toHaveLength(1);
    pongs.shift()?.();
    expect(log.slice(1)).toEqual([
      ...['failed b no-such-person', 'failed c no-such-person', 'failed d no-such-person'],
      'sent e id1',
    ]);
    refused();
    expect(log.at(-1)).toBe('failed f no-such-person');
  });

  test('what was refused is not tried again where the connection ends before the PING is answered', () => {
    const { log, receipts, send, line } = start(false);
    for (const one of [...send('a'), ...send('b')]) one();
    receipts.refused(line(':s 404 me #a :no'), undefined);
    receipts.lost(new GatewayError('network-away'));
    expect(log).toEqual(['failed a outcome-unknown', 'failed b not-allowed-there']);
  });

  test('nobody of that name', () => {
    const { log, receipts, send, line } = start(false);
    for (const one of send('a', { chat: 'Romeo' })) one();
    expect(receipts.refused(line(':s 401 me Romeo :No such nick'), undefined)).toBe(true);
    expect(log).toEqual(['failed a no-such-person']);
  });

  test('a message of several lines has a ref for each, and one failure', () => {
    const { pongs, log, receipts, send, line } = start(false);
    for (const one of [...send('a', { lines: 3 }), ...send('b', { lines: 2 })]) one();
    receipts.refused(line(':s 404 me #a :no'), undefined);
    pongs[0]?.();
    expect(log).toEqual(['sent a id0 id1 id2', 'failed b not-allowed-there']);
  });
});

describe('with echoes', () => {
  test('the echo is the receipt: told at its place, then resolved, with the id of the network', () => {
    const { events, log, pongs, receipts, send, line } = start(true);
    for (const one of [...send('a'), ...send('b')]) one();
    expect(pongs).toEqual([]);
    expect(receipts.echoed(line('@msgid=net1 :me!u@h PRIVMSG #A :a'), '#a', undefined, 5)).toBe(true);
    expect(log).toEqual(['event a', 'sent a net1']);
    expect(events[0]).toEqual({
      kind: 'message',
      at: new Date(5),
      chat: '#a',
      by: 'me',
      nick: 'Me',
      ref: { id: 'net1', part: 0 },
      content: { text: plainText('a') },
      sentBy: 'a',
    });
    receipts.echoed(line(':me!u@h PRIVMSG #a :b'), '#a', undefined, 6);
    expect(log.slice(2)).toEqual(['event b', 'sent b id0']);
    expect(receipts.echoed(line(':me!u@h PRIVMSG #a :c'), '#a', undefined, 7)).toBe(false);
  });

  test('one event a message, behind its last line; to a person it is direct', () => {
    const { events, log, receipts, send, line } = start(true);
    for (const one of send('a', { lines: 2, chat: 'romeo' })) one();
    receipts.echoed(line('@msgid=1 :me!u@h PRIVMSG romeo :a'), 'romeo', undefined, 1);
    expect(events).toEqual([]);
    receipts.echoed(line('@msgid=2 :me!u@h PRIVMSG romeo :b'), 'romeo', undefined, 2);
    expect(log).toEqual(['event a', 'sent a 1 2']);
    expect(events).toMatchObject([{ direct: true, chat: 'romeo', ref: { id: '1' } }]);
  });

  test('labels match exactly, refusals too', () => {
    const { log, receipts, send, line } = start(true);
    for (const one of [...send('a', { labels: ['l1'] }), ...send('b', { labels: ['l2'] })]) one();
    expect(receipts.refused(line('@label=l2 :s 404 me #a :no'), 'l2')).toBe(true);
    receipts.echoed(line('@label=l1;msgid=x :me!u@h PRIVMSG #a :a'), '#a', 'l1', 1);
    expect(log).toEqual(['failed b not-allowed-there', 'event a', 'sent a x']);
    expect(receipts.echoed(line(':me!u@h PRIVMSG #a :a'), '#a', 'l9', 1)).toBe(false);
  });

  test('they count for what was written while they were in force, from its writing to its answer', async () => {
    let echoes = false;
    const { clock, pongs, log, send } = start(() => echoes);
    const says = (name: string): void => send(name)[0]?.();
    says('a');
    echoes = true;
    pongs.shift()?.();
    expect(log).toEqual(['event a', 'sent a id0']);
    says('b');
    echoes = false;
    await clock.advance(10_000);
    pongs.shift()?.();
    expect(log.slice(2)).toEqual(['sent b id1']);
  });

  test('a clock that is set back hides no message that a server swallows', async () => {
    const { clock, pongs, send } = start(true);
    for (const one of send('a')) one();
    clock.jump(-7_200_000);
    await clock.advance(20_000);
    expect(pongs).toHaveLength(1);
  });

  test('a message that a server swallows is asked after and fails', async () => {
    const { clock, pongs, log, send } = start(true);
    for (const one of send('a')) one();
    await clock.advance(10_000);
    expect(pongs).toHaveLength(1);
    pongs[0]?.();
    expect(log).toEqual(['failed a not-allowed-there']);
    await clock.advance(30_000);
    expect(clock.waiting).toBe(0);
  });
});

describe('the end of a connection', () => {
  test.each([true, false])('all fail in order, to be tried again (echo: %s)', (echo) => {
    const { pongs, log, receipts, send } = start(echo);
    const [first] = send('a');
    const [second] = send('b');
    first?.();
    second?.(new GatewayError('network-away'));
    expect(log).toEqual([]);
    receipts.lost(new GatewayError('network-away'));
    // The server may have what was written.
    expect(log).toEqual(['failed a outcome-unknown', 'failed b network-away']);
    for (const pong of pongs) pong();
    expect(log).toHaveLength(2);
  });

  test('a line that was aborted before it was written fails alone', () => {
    const { pongs, log, send } = start(false);
    const [first] = send('a');
    const [second] = send('b');
    first?.(new GatewayError('timed-out'));
    second?.();
    expect(pongs).toHaveLength(1);
    pongs[0]?.();
    expect(log).toEqual(['failed a timed-out', 'sent b id0']);
  });
});
