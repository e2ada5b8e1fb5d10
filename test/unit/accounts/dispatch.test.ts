/** From a stanza to whoever deals with it. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Account, Mail } from '../../../src/accounts/account-port.ts';
import { createDispatch } from '../../../src/accounts/dispatch.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import type { AccountId, ChatId } from '../../../src/core/ids.ts';
import { deliveryKey } from '../../../src/core/ids.ts';
import type { Origin } from '../../../src/core/intent.ts';
import type { Accepted } from '../../../src/delivery/outbox.ts';
import type { Decoded, Outgoing, Stanza } from '../../../src/gateway/face.ts';
import type { OutboxEntry } from '../../../src/storage/ports.ts';
import { parse } from '../../../src/xml/document.ts';
import { empty } from '../../../src/xml/writer.ts';
import { readStanza } from '../../../src/xmpp/stanza.ts';
import { settle } from '../../harness/manual-clock.ts';
import { silentLog } from '../../harness/silent-log.ts';
import { desk, romeo, verona } from './account-world.ts';

const answer = (name: string): readonly Outgoing[] => [
  { kind: 'message', from: 'net.test', to: [desk], id: name, body: empty },
];
const origin: Origin = { from: desk, to: '#verona@net.test', via: 'message', stanzaId: 'm1', at: 0 };
const account = { id: romeo, owner: 'romeo@test' };
const join: Decoded = {
  is: 'durable',
  account,
  intent: { kind: 'join', chat: verona, nick: 'r' },
  origin,
  opens: true,
};
const send: Decoded = {
  is: 'durable',
  account,
  intent: { kind: 'send', chat: verona, content: {} },
  origin,
  opens: false,
};

function stanza(markup: string): Stanza {
  const read = readStanza(parse(markup.replace(/^<(\w+)/, "<$1 xmlns='jabber:component:accept'")));
  if (read === undefined) throw new Error(markup);
  return read;
}
const any = stanza(`<message from='${desk}' to='#verona@net.test'/>`);

function setUp() {
  const log: string[] = [];
  const state = {
    decoded: { is: 'ignored' } as Decoded | Error,
    live: undefined as Account | undefined,
    opening: false,
    resting: false,
    poor: false,
    append: Promise.withResolvers<Accepted>(),
    open: async (): Promise<Account | undefined> => undefined,
  };
  const live: Account = {
    row: { id: romeo, domain: 'net.test', owner: 'romeo@test' },
    load: async () => {},
    begin: () => {},
    askAround: () => {},
    offer: (entry: OutboxEntry) => void log.push(`offer ${entry.intent.kind}`),
    poke: () => {},
    mail: (mail: Mail) => void log.push(`mail ${mail.is}`),
    session: undefined,
    live: {},
    lanes: [],
    state: 'ready',
    obey: async () => {},
    stop: async () => {},
  };
  const dispatch = createDispatch({
    spend() {
      if (state.poor) throw new GatewayError('over-quota');
    },
    decoder: {
      decode() {
        if (state.decoded instanceof Error) throw state.decoded;
        return state.decoded;
      },
      absent: () => answer('absent'),
      refuse: (_, error) => answer(`refused ${error.code}`),
    },
    runner: {
      get: () => state.live,
      comeBack: async () => false,
      moveAway: async () => false,
      isOpening: () => state.opening,
      isResting: () => state.resting,
      async open() {
        log.push('open');
        return state.open();
      },
      restore: async () => {},
      begin: () => {},
      obey: async () => false,
      poke: () => {},
      all: () => [],
      size: 0,
      count: () => 0,
      stop: async () => {},
    },
    outbox: {
      append: (_, intent, __, appending) => {
        log.push(`append ${intent.kind}`);
        state.append.promise.then(
          (was) => appending.accepted(was),
          (error: unknown) => appending.refused(error),
        );
      },
      settled: () => {},
      renew: () => {},
    },
    iqs: { answered: ({ id }) => id === 'our-ping' },
    questions: { ask: (_, about) => void log.push(`ask ${about.kind}`), close: () => {} },
    send: (stanzas) => void log.push(...stanzas.map(({ id }) => `send ${id}`)),
    wake: async (_: AccountId, chat: ChatId, afterMs: number) => void log.push(`wake ${chat} ${afterMs}`),
    log: silentLog,
  });
  return {
    log,
    state,
    live,
    async take(decoded: Decoded | Error, of = any) {
      state.decoded = decoded;
      dispatch(of);
      await settle();
    },
    async accepted(how: Accepted | Error) {
      if (how instanceof Error) state.append.reject(how);
      else state.append.resolve(how);
      await settle();
    },
  };
}

const fresh: Accepted = { is: 'new', key: deliveryKey('1-0'), behind: undefined };
let it = setUp();
beforeEach(() => {
  it = setUp();
});

describe('on the spot', () => {
  test('an answer is sent, what is ignored is ignored', async () => {
    await it.take({ is: 'answer', stanzas: answer('here') });
    await it.take({ is: 'ignored' });
    expect(it.log).toEqual(['send here']);
  });

  test('the answer to our own ping goes no further; anybody else’s is decoded', async () => {
    await it.take(
      new Error('decoded'),
      stanza(`<iq type='result' id='our-ping' from='${desk}' to='#verona@net.test'/>`),
    );
    expect(it.log).toEqual([]);
    await it.take(
      { is: 'answer', stanzas: answer('x') },
      stanza(`<iq type='result' id='x' from='${desk}' to='net.test'/>`),
    );
    expect(it.log).toEqual(['send x']);
  });

  test('GEN-01 a bug is answered, a GatewayError as what it is', async () => {
    await it.take(new Error('oops'));
    await it.take(new GatewayError('not-permitted'));
    expect(it.log).toEqual(['send refused bug', 'send refused not-permitted']);
  });
});

describe('between a stop and the next start', () => {
  test('what can be accepted is, for whoever runs it next; who waits for an answer is told to ask again', async () => {
    it.state.resting = true;
    await it.take(send);
    await it.accepted(fresh);
    await it.take({ is: 'mail', account, stanza: any });
    const typing = "<composing xmlns='http://jabber.org/protocol/chatstates'/>";
    const fleeting = stanza(`<message type='groupchat' from='${desk}' to='#verona@net.test'>${typing}</message>`);
    await it.take({ is: 'mail', account, stanza: fleeting }, fleeting);
    expect(it.log).toEqual(['append send', 'open', 'wake #verona 0', 'send refused maintenance']);
  });
});

describe('mail', () => {
  test('for a live account goes there, else it is answered for it', async () => {
    await it.take({ is: 'mail', account, stanza: any });
    it.state.live = it.live;
    await it.take({ is: 'mail', account, stanza: any });
    expect(it.log).toEqual(['send absent', 'mail stanza']);
  });

  test('that can be answered without the account is asked about, where it is not live', async () => {
    const decoded: Decoded = { is: 'mail', account, stanza: any, absent: async () => [] };
    await it.take(decoded);
    it.state.live = it.live;
    await it.take(decoded);
    expect(it.log).toEqual(['ask message', 'mail stanza']);
  });

  test('45-55 a join behind a leave that waits is accepted behind it, and what breaks there stops nothing else', async () => {
    it.state.opening = true;
    const opened = Promise.withResolvers<Account | undefined>();
    it.state.open = () => opened.promise;
    await it.take({ is: 'mail', account, stanza: any });
    await it.take(join);
    await it.take(send);
    expect(it.log).toEqual(['open']);
    it.state.opening = false;
    it.state.live = {
      ...it.live,
      mail: () => {
        throw new Error('oops');
      },
    };
    it.state.decoded = join;
    opened.resolve(it.state.live);
    await settle();
    expect(it.log.slice(1)).toEqual(['send refused bug', 'append join', 'append join']);
  });

  test('behind a join that is on its way it waits until the account runs, in order', async () => {
    const opened = Promise.withResolvers<Account | undefined>();
    it.state.open = () => {
      it.state.opening = true;
      return opened.promise;
    };
    await it.take(join);
    await it.take({ is: 'mail', account, stanza: any });
    await it.accepted(fresh);
    await it.take({ is: 'mail', account, stanza: any, absent: async () => [] });
    expect(it.log).toEqual(['append join', 'open', 'open']);
    it.state.opening = false;
    it.state.live = it.live;
    opened.resolve(it.live);
    await settle();
    await it.take({ is: 'mail', account, stanza: any });
    expect(it.log.slice(3)).toEqual(['mail stanza', 'mail stanza', 'mail stanza']);
  });

  test('where the join is refused, or the account can not be started, it is answered all the same', async () => {
    await it.take(join);
    await it.take({ is: 'mail', account, stanza: any });
    await it.accepted(new GatewayError('storage-away'));
    expect(it.log).toEqual(['append join', 'send refused storage-away', 'send absent']);
    it = setUp();
    it.state.opening = true;
    const opened = Promise.withResolvers<Account | undefined>();
    it.state.open = () => opened.promise;
    await it.take({ is: 'mail', account, stanza: any });
    expect(it.log).toEqual(['open']);
    it.state.opening = false;
    opened.reject(new Error('the disk is full'));
    await settle();
    expect(it.log).toEqual(['open', 'send absent']);
  });

  test('more than an account may have waiting is answered at once', async () => {
    it.state.opening = true;
    it.state.open = () => new Promise(() => {});
    for (let i = 0; i < 200; i++) await it.take({ is: 'mail', account, stanza: any });
    expect(it.log).toEqual(['open']);
    await it.take({ is: 'mail', account, stanza: any });
    expect(it.log).toEqual(['open', 'send absent']);
  });
});

describe('what is to be accepted', () => {
  test('not from who has said too much', async () => {
    it.state.live = it.live;
    it.state.poor = true;
    await it.take(send);
    expect(it.log).toEqual(['send refused over-quota']);
  });

  test('for a live account: appended, then offered', async () => {
    it.state.live = it.live;
    await it.take(send);
    expect(it.log).toEqual(['append send']);
    await it.accepted(fresh);
    expect(it.log).toEqual(['append send', 'offer send']);
  });

  test('for none: only what may open one', async () => {
    await it.take(send);
    expect(it.log).toEqual(['send absent']);
    await it.take(join);
    await it.accepted(fresh);
    expect(it.log).toEqual(['send absent', 'append join', 'open', 'wake #verona 0']);
  });

  test('behind a join that is on its way, or an account that is being opened, it is accepted too', async () => {
    await it.take(join);
    await it.take(send);
    expect(it.log).toEqual(['append join', 'append send']);
    it.state.open = async () => it.live;
    await it.accepted(fresh);
    await it.take(send);
    expect(it.log.at(-1)).toBe('send absent');
    it.state.opening = true;
    await it.take(send);
    expect(it.log.at(-2)).toBe('append send');
  });

  test('the account came while it was being appended: it is offered there', async () => {
    await it.take(join);
    it.state.live = it.live;
    await it.accepted(fresh);
    expect(it.log).toEqual(['append join', 'offer join']);
  });

  test('again: its sender is told what it was told before, if it was', async () => {
    it.state.live = it.live;
    await it.take(send);
    await it.accepted({ is: 'again', result: 'told' });
    expect(it.log).toEqual(['append send', 'mail again']);
    it = setUp();
    it.state.live = it.live;
    await it.take(send);
    await it.accepted({ is: 'again' });
    expect(it.log).toEqual(['append send']);
  });

  test('refused by the outbox: its sender hears', async () => {
    it.state.live = it.live;
    await it.take(send);
    await it.accepted(new GatewayError('queue-full'));
    expect(it.log).toEqual(['append send', 'send refused queue-full']);
  });

  test('a refused join leaves no promise behind: what comes then is for nobody', async () => {
    await it.take(join);
    await it.accepted(new GatewayError('storage-away'));
    await it.take(send);
    expect(it.log).toEqual(['append join', 'send refused storage-away', 'send absent']);
  });

  test('accepted, but the account can not be started: no error, it is looked at again', async () => {
    it.state.open = () => Promise.reject(new Error('the disk is full'));
    await it.take(join);
    await it.accepted(fresh);
    expect(it.log).toEqual(['append join', 'open', 'wake #verona 5000']);
  });
});
