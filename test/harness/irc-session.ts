/** A session of the IRC bridge in a test's hands: what it told, and what can be asked of it. */
import irc from '../../bridges/irc/index.ts';
import {
  type Attempt,
  type Clock,
  chatId,
  deliveryKey,
  type NetworkEvent,
  type OwnClient,
  plainText,
  type Sent,
  type Session,
  type Settings,
} from '../../src/bridge/index.ts';
import { systemClock } from '../../src/ops/clock.ts';
import { Inbox } from './inbox.ts';
import { silentLog } from './silent-log.ts';

export const live = (): AbortSignal => AbortSignal.timeout(20_000);

export interface TestSessionOptions {
  readonly port: number;
  readonly nick: string;
  /** The server's name in addresses. */
  readonly on?: string;
  readonly options?: object;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** What its owner has set. */
  readonly settings?: Settings;
  readonly roomSettings?: (chat: string) => Settings;
  readonly owner?: string;
  readonly ownClient?: OwnClient;
  /** What an earlier session had written down. */
  readonly resume?: string;
  /** Called with each event before it is kept; its promise holds the session back. */
  readonly onEvent?: (event: NetworkEvent) => Promise<void> | undefined;
}

export class TestSession implements AsyncDisposable {
  readonly events = new Inbox<NetworkEvent>('events', (event) => JSON.stringify(event));
  readonly stop = new AbortController();
  session: Session | undefined;
  /** What was written down last. */
  resume: string | undefined;
  #keys = 0;

  get live(): Session {
    if (this.session === undefined) throw new Error('not connected');
    return this.session;
  }

  attempt(chat: string): Attempt {
    this.#keys += 1;
    return { chat: chatId(chat), key: deliveryKey(`k${this.#keys}`), number: 1, signal: live() };
  }

  say(chat: string, text: string): Promise<Sent> {
    return this.live.send({ text: plainText(text) }, this.attempt(chat));
  }

  async join(chat: string, password?: string): Promise<void> {
    await this.live.rooms?.join(chatId(chat), { nick: 'ignored', ...(password !== undefined && { password }) }, live());
  }

  /** The first event of that kind that fits and was not taken before. */
  async event<Kind extends NetworkEvent['kind']>(
    kind: Kind,
    fits: (event: Extract<NetworkEvent, { kind: Kind }>) => boolean = () => true,
  ): Promise<Extract<NetworkEvent, { kind: Kind }>> {
    const is = (event: NetworkEvent): event is Extract<NetworkEvent, { kind: Kind }> => event.kind === kind;
    const found = await this.events.take((event) => is(event) && fits(event), kind);
    if (!is(found)) throw new Error('unreachable');
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop.abort(new Error('the test is over'));
  }
}

/** Connects to a server on loopback, in plain text and without limits unless `options` say otherwise. */
export async function connectSession(wanted: TestSessionOptions): Promise<TestSession> {
  const test = new TestSession();
  await openWith(test, wanted);
  return test;
}

/** As `connectSession`, on a session made before, so that a test sees the events of a connect that fails or waits. */
export async function openWith(test: TestSession, wanted: TestSessionOptions): Promise<void> {
  const { port, nick, on = 'irc.test', options = {}, clock = systemClock, signal, onEvent } = wanted;
  const { settings, roomSettings, owner = 'juliet@example.org', resume, ownClient } = wanted;
  const config = irc.config.parse({
    tls: 'off',
    throttle: 'off',
    pace: 'off',
    servers: { 'irc.test': { address: [`127.0.0.1:${port}`] } },
    ...options,
  });
  const network = irc.open(config, { log: silentLog, clock, fetch });
  test.session = await network.connect(
    {
      id: 'account',
      owner,
      on,
      nick,
      ...(settings !== undefined && { settings }),
      ...(resume !== undefined && { resume }),
    },
    {
      emit(event) {
        const wait = onEvent?.(event);
        test.events.put(event);
        return wait;
      },
      async checkpoint(where) {
        test.resume = where;
      },
      ...(ownClient !== undefined && { ownClient }),
      ...(roomSettings !== undefined && { settings: (chat: string) => roomSettings(chat) }),
    },
    signal ?? test.stop.signal,
  );
}
