/** A component and the scripted server that it connects to, new for each test; at its end nothing was thrown where nobody listens. */
import { afterEach, beforeEach, expect } from 'vitest';
import type { ComponentOptions } from '../../../../src/xmpp/stream/types.ts';
import { DOMAIN, FakeServer, type Peer, type Subject, subject } from './fake-server.ts';

export interface ScriptedStream {
  server: FakeServer;
  one: Subject;
  abort: AbortController;
  /** Another component than the usual one, before it is started. */
  with(overrides: Partial<ComponentOptions>): void;
  /** Starts, shakes hands, and is up. */
  connected(): Promise<Peer>;
  /** Lets the wait before the next try pass, and takes the connection. */
  next(nth: number): Promise<Peer>;
}

/** Registers the hooks; what it returns is filled by them. */
export function useStream(): ScriptedStream {
  const uncaught: unknown[] = [];
  const onUncaught = (error: unknown): void => void uncaught.push(error);
  const stream = {
    with(overrides) {
      stream.one = subject(overrides.port ?? stream.server.port, overrides);
    },
    async connected() {
      const started = stream.one.component.start(stream.abort.signal);
      const peer = await stream.server.accept();
      await peer.shakeHands();
      await started;
      return peer;
    },
    async next(nth) {
      stream.one.clock.advance(await stream.one.clock.slept(nth));
      return stream.server.accept();
    },
  } as ScriptedStream;
  beforeEach(async () => {
    stream.server = await FakeServer.listen();
    stream.abort = new AbortController();
    process.on('unhandledRejection', onUncaught);
    process.on('uncaughtException', onUncaught);
    stream.with({});
  });
  afterEach(async () => {
    stream.abort.abort(new Error('test is over'));
    await stream.one.component.stop();
    await stream.server.close();
    process.off('unhandledRejection', onUncaught);
    process.off('uncaughtException', onUncaught);
    expect(uncaught.splice(0)).toEqual([]);
  });
  return stream;
}

/** A message of somebody to the component. */
export const body = (text: string): string =>
  `<message from='a@example.org/x' to='${DOMAIN}'><body>${text}</body></message>`;
