/** Carrying out intents: what is asked of the face, of the session, and in which order. */
import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../../src/bridge/contract.ts';
import { plainText } from '../../../src/core/content.ts';
import { type ErrorCode, GatewayError } from '../../../src/core/errors.ts';
import type { ChatId, PersonId } from '../../../src/core/ids.ts';
import type { DurableIntent } from '../../../src/core/intent.ts';
import { desk, mantua, verona } from './account-world.ts';
import { join, say, setUp } from './executing.ts';

describe('joining', () => {
  test('onto the network, into the room, then the past', async () => {
    const { execute, taken, calls, clients, past } = setUp();
    past.rows = [];
    expect(await execute(taken(join))).toEqual({ is: 'done' });
    expect(calls).toEqual(['join #verona romeo sesame', 'finish 0']);
    expect(clients.entered).toHaveBeenCalledExactlyOnceWith(verona, desk, 'sesame', false);
  });

  test('45-20 a crowd is told five hundred a turn of the loop, behind what others have to say', async () => {
    const { execute, taken, calls, crowd } = setUp();
    crowd.others = 1_200;
    const turn = (): unknown => calls.push('turn') && calls.at(-2) !== 'finish 0' && setImmediate(turn);
    setImmediate(turn);
    await execute(taken(join));
    const told = calls.slice(1).filter((call, i, all) => call !== 'turn' || all[i - 1] !== 'turn');
    expect(told).toEqual(['some 500', 'turn', 'some 500', 'turn', 'finish 0']);
  });

  test('where we are in already the network hears nothing', async () => {
    const { execute, taken, calls, state } = setUp();
    state.isIn = true;
    await execute(taken(join));
    expect(calls).toEqual(['finish 0']);
  });

  test('without a password, the one with which the room was entered before', async () => {
    const { execute, taken, calls } = setUp();
    await execute(taken({ kind: 'join', chat: verona, nick: 'romeo' }));
    expect(calls[0]).toBe('join #verona romeo kept');
  });

  test('where we are in already the network has not looked at a password: the one that it let us in with stays', async () => {
    const { execute, taken, clients, state } = setUp();
    await execute(taken(join));
    expect(clients.entered).toHaveBeenLastCalledWith(verona, desk, 'sesame', false);
    state.isIn = true;
    await execute(taken({ kind: 'join', chat: verona, nick: 'romeo', password: 'an old one' }));
    expect(clients.entered).toHaveBeenLastCalledWith(verona, desk, undefined, true);
    clients.password = () => undefined;
    await execute(taken(join));
    expect(clients.entered).toHaveBeenLastCalledWith(verona, desk, 'sesame', true);
  });

  test('an archive that can not be read costs the history, not the join', async () => {
    const { execute, taken, calls, past } = setUp();
    past.fails = true;
    expect(await execute(taken(join))).toEqual({ is: 'done' });
    expect(calls.at(-1)).toBe('finish 0');
  });

  test('refused: the client is not let in', async () => {
    const { execute, taken, calls, session } = setUp();
    Object.assign(session.rooms ?? {}, { join: () => Promise.reject(new GatewayError('banned')) });
    await expect(execute(taken(join))).rejects.toMatchObject({ code: 'banned' });
    expect(calls).toEqual(['abandon']);
  });

  test('45-30 a refused login answers the join at once, though what was said waits for its owner', async () => {
    const { execute, taken, calls, session } = setUp();
    const refused = new GatewayError('login-refused', { text: 'No such account' });
    Object.assign(session.rooms ?? {}, { join: () => Promise.reject(refused) });
    expect(await execute(taken(join))).toMatchObject({
      is: 'failed',
      error: { type: 'wait', condition: 'recipient-unavailable', message: 'No such account' },
    });
    expect(calls).toEqual(['abandon']);
  });

  test('a client that went meanwhile, which was heard then, is not taken for in', async () => {
    const { execute, taken, clients, state } = setUp();
    state.clients = Object.assign([], { push: () => 0 });
    await execute(taken(join));
    expect(clients.entered).not.toHaveBeenCalled();
    expect(clients.departed).not.toHaveBeenCalled();
  });

  test('while it lasts nothing else of the room is started', async () => {
    const { execute, taken, alone } = setUp();
    const joining = execute(taken(join));
    expect([...alone]).toEqual([verona]);
    await joining;
    expect(alone.size).toBe(0);
  });
});

describe('sending', () => {
  test('what it is to be told again is its result', async () => {
    const { execute, taken, calls, state, session } = setUp();
    state.current = session;
    expect(await execute(taken(say('hello')))).toEqual({ is: 'done', result: 'told' });
    expect(calls).toEqual(['send #verona hello']);
  });

  test('started synchronously, the second attempt too: nothing behind it overtakes', async () => {
    const { execute, taken, calls, state, session } = setUp();
    state.current = session;
    await Promise.all([execute(taken(say('one'), 2)), execute(taken(say('two'), 1))]);
    expect(calls).toEqual(['send #verona one', 'send #verona two']);
  });

  test('asked for whether it was sent before, it is alone in its room', async () => {
    const { taken, execute, calls, state, session, alone } = setUp();
    const asked = Promise.withResolvers<undefined>();
    state.current = { ...session, reconcile: () => asked.promise };
    const sending = execute(taken(say('one'), 2));
    expect([...alone]).toEqual([verona]);
    asked.resolve(undefined);
    await sending;
    await expect(execute({ ...taken(say('late'), 2), isLate: true })).rejects.toMatchObject({ code: 'timed-out' });
    expect(alone.size).toBe(0);
    expect(calls).toEqual(['send #verona one']);
  });

  test('too late where nobody can be asked, it is told that it may be there', async () => {
    const { taken, execute, calls, state, session } = setUp();
    state.current = session;
    const late = { ...taken(say('late'), 2), isLate: true };
    await expect(execute({ ...late, mayBeThere: true })).rejects.toThrow('may have been sent');
    await expect(execute({ ...late, mayBeThere: false })).rejects.toThrow('could not be delivered in time');
    expect(calls).toEqual([]);
  });

  test('what was sent before is not sent again', async () => {
    const { taken, execute, calls, state, session } = setUp();
    state.current = { ...session, reconcile: async (_: Attempt) => ({ refs: [], at: 5 }) };
    expect(await execute(taken(say('one'), 2))).toMatchObject({ is: 'done' });
    expect(await execute({ ...taken(say('late'), 2), isLate: true })).toMatchObject({ is: 'done' });
    await execute(taken(say('two'), 1));
    expect(calls).toEqual(['send #verona two']);
  });

  test('while a long text is being kept nothing else of its room is started; a command is never kept', async () => {
    const kept = Promise.withResolvers<string>();
    const texts: string[] = [];
    const keep = ({ text }: { readonly text: string }): Promise<string> => {
      texts.push(text);
      return kept.promise;
    };
    const { execute, taken, calls, state, session, alone } = setUp({ keep, forget: async () => 0, days: 1 });
    const commands = {
      knows: (_: ChatId, text: string) => text.startsWith('/msg'),
      run: async () => 'ok',
      raw: async () => '',
    };
    state.current = { ...session, excerpt: () => 'it begins', commands };
    await execute(taken(say('/msg juliet psst')));
    await expect(execute(taken(say(`/msg juliet ${'x'.repeat(20)}`)))).rejects.toMatchObject({
      code: 'message-too-long',
    });
    expect([texts, alone.size]).toEqual([[], 0]);
    const sending = execute(taken(say('a long text')));
    expect([...alone]).toEqual([verona]);
    kept.resolve('https://a/b');
    await sending;
    expect([texts, alone.size]).toEqual([['a long text'], 0]);
    expect(calls).toEqual(['told ok', 'send #verona it begins']);
  });

  test('privately goes to the person', async () => {
    const { execute, taken, calls, state, session } = setUp();
    state.current = session;
    await execute(taken(say('psst', 'juliet')));
    expect(calls).toEqual(['send juliet psst']);
  });

  test('too long by its bytes, not by its letters', async () => {
    const { execute, taken, state, session } = setUp();
    state.current = session;
    await expect(execute(taken(say('ü'.repeat(11))))).rejects.toMatchObject({ code: 'message-too-long' });
    await expect(execute(taken(say('ü'.repeat(10))))).resolves.toMatchObject({ is: 'done' });
  });

  test('without a session it is tried later; one that is being made is waited for', async () => {
    const { execute, taken, calls, state, session } = setUp();
    await expect(execute(taken(say('one')))).rejects.toMatchObject({ code: 'network-away' });
    state.current = Promise.resolve(session);
    await execute(taken(say('two')));
    expect(calls).toEqual(['send #verona two']);
  });
});

describe('typed', () => {
  const typing = {
    knows: (_: ChatId, text: string) => text === '/who',
    run: async () => 'juliet',
    raw: async () => 'ok',
  };

  test('a command is run instead of said, and its answer told', async () => {
    const { execute, taken, calls, state, session } = setUp();
    state.current = { ...session, commands: typing };
    await execute(taken(say('/who')));
    await execute(taken(say('/what')));
    expect(calls).toEqual(['told juliet', 'send #verona /what']);
  });

  test('an action is none', async () => {
    const { execute, taken, calls, state, session } = setUp();
    state.current = { ...session, commands: typing };
    await execute(taken({ kind: 'send', chat: verona, content: { text: plainText('/who'), action: true } }));
    expect(calls).toEqual(['send #verona /who']);
  });

  test('a reply is a command by its own words; what stands for the reply on the network is put before no command', async () => {
    const { execute, taken, calls, state, session } = setUp();
    state.current = { ...session, commands: typing };
    for (const replyTo of [
      { stanzaId: 'x', nick: 'juliet' },
      { stanzaId: 'x', fallback: '> juliet: hello\n' },
    ])
      await execute(taken({ kind: 'send', chat: verona, content: { text: plainText('/who'), replyTo } }));
    expect(calls).toEqual(['told juliet', 'told juliet']);
  });

  test('a correction that is a command is run, and said to nobody', async () => {
    const { execute, taken, calls, state, session } = setUp();
    state.current = { ...session, commands: typing };
    const edit = (text: string): DurableIntent => ({
      kind: 'edit',
      chat: verona,
      target: { stanzaId: 'm1' },
      content: { text: plainText(text) },
    });
    expect(await execute(taken(edit('/who')))).toMatchObject({ is: 'done' });
    await execute(taken(edit('what')));
    expect(calls).toEqual(['told juliet', 'send #verona [edited] what']);
  });

  test('nobody types commands by somebody else’s account', async () => {
    const { execute, taken, calls, state, session } = setUp();
    state.current = { ...session, commands: typing };
    const theirs = taken(say('/who'));
    await execute({ ...theirs, origin: { ...theirs.origin, from: 'paris@test/desk' } });
    expect(calls).toEqual(['send #verona /who']);
  });

  test('lines for the server, where it takes any', async () => {
    const { execute, taken, calls, state, session } = setUp();
    const lines: DurableIntent = { kind: 'raw', chat: mantua, line: 'LUSERS\nMOTD' };
    await expect(execute(taken(lines))).rejects.toMatchObject({ next: 'stop', message: 'Not connected to net.test' });
    state.current = session;
    await expect(execute(taken(lines))).rejects.toMatchObject({ code: 'network-cannot' });
    state.current = { ...session, commands: typing };
    await execute(taken(lines));
    expect(calls).toEqual(['told ok\nok']);
  });
});

describe('leaving', () => {
  const leave: DurableIntent = { kind: 'leave', chat: verona, reason: 'bye' };

  test('left on the network, then forgotten', async () => {
    const { execute, taken, calls, state, session } = setUp();
    Object.assign(state, { current: session, isIn: true });
    await execute(taken(leave));
    expect(calls).toEqual(['leave #verona bye', 'left #verona']);
  });

  test('forgotten once the room knows all that was said there before we were out', async () => {
    const { execute, taken, calls, state, session } = setUp();
    const told = Promise.withResolvers<void>();
    Object.assign(state, { current: session, isIn: true, told: told.promise });
    const leaving = execute(taken(leave)).then(() => calls.push('done'));
    await new Promise(setImmediate);
    expect(calls).toEqual(['leave #verona bye']);
    told.resolve();
    await leaving;
    expect(calls).toEqual(['leave #verona bye', 'left #verona', 'done']);
  });

  test('not while somebody is in it', async () => {
    const { execute, taken, calls, state, session } = setUp();
    Object.assign(state, { current: session, isIn: true, clients: [desk] });
    await execute(taken(leave));
    expect(calls).toEqual([]);
  });

  test('a room that we are not in on the network is forgotten all the same', async () => {
    const { execute, taken, calls } = setUp();
    await execute(taken(leave));
    expect(calls).toEqual(['left #verona']);
  });

  test('a network that will not confirm it is not asked again; one that is away is', async () => {
    const { execute, taken, calls, state, session } = setUp();
    Object.assign(state, { current: session, isIn: true });
    Object.assign(session.rooms ?? {}, { leave: () => Promise.reject(new GatewayError('network-away')) });
    await expect(execute(taken(leave))).rejects.toMatchObject({ code: 'network-away' });
    Object.assign(session.rooms ?? {}, { leave: () => Promise.reject(new GatewayError('timed-out')) });
    await execute(taken(leave));
    expect(calls).toEqual(['left #verona']);
  });
});

describe('what a session does not offer', () => {
  const kick: DurableIntent = { kind: 'moderate', chat: verona, targets: [{ nick: 'juliet', action: 'kick' }] };
  const asks: readonly (readonly [DurableIntent['kind'], ErrorCode, DurableIntent])[] = [
    ['topic', 'network-cannot', { kind: 'topic', chat: verona, text: 'x' }],
    ['nick', 'nick-locked', { kind: 'nick', chat: verona, nick: 'x' }],
    ['retract', 'network-cannot', { kind: 'retract', chat: mantua, target: { stanzaId: 'x' } }],
    ['moderate', 'network-cannot', kick],
    ['options', 'network-cannot', { kind: 'options', chat: verona, change: { isModerated: true } }],
  ];
  test.each(asks)('%s: %s', async (_, code, intent) => {
    const { execute, taken, state, session } = setUp();
    state.current = session;
    await expect(execute(taken(intent))).rejects.toMatchObject({ code });
  });

  test('moderating: nicks become people, and nobody of that nick is an error', async () => {
    const { execute, taken, state, session } = setUp();
    const acted: (readonly { readonly person: PersonId }[])[] = [];
    const moderate = async (_: ChatId, acts: readonly { readonly person: PersonId }[]) => void acted.push(acts);
    Object.assign(session.rooms ?? {}, { moderate });
    state.current = session;
    await execute(taken(kick));
    expect(acted).toEqual([[{ person: 'juliet', action: 'kick' }]]);
    const nobody: DurableIntent = { ...kick, targets: [{ nick: 'nobody', action: 'kick' }] };
    await expect(execute(taken(nobody))).rejects.toMatchObject({ code: 'no-such-person' });
  });
});
