/** The harness' Discord server without a library: single calls, and a WebSocket. */
import { WebSocket } from 'ws';
import type { FakeDiscord } from '../../../harness/discord/server.ts';
import type { Application } from '../../../harness/discord/state.ts';
import { Inbox } from '../../../harness/inbox.ts';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined: nothing, or no JSON. */
  readonly body: unknown;
}

export type Caller = (method: string, path: string, body?: unknown) => Promise<Answered>;

/** Calls in the name of a bot; without one in nobody's. */
export function callerOf(discord: FakeDiscord, bot?: Application): Caller {
  return async (method, path, body) => {
    const form = body instanceof FormData;
    const response = await fetch(`${discord.api}/v10${path}`, {
      method,
      headers: {
        ...(bot === undefined ? {} : { authorization: `Bot ${bot.token}` }),
        ...(body === undefined || form ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type') === 'application/json';
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : undefined };
  };
}

export interface Payload {
  readonly op: number;
  readonly s: number | null;
  readonly t: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire is looked at by matchers alone
  readonly d: any;
}

export interface Knock {
  readonly inbox: Inbox<Payload>;
  /** The code and the reason with which it ended. */
  readonly closed: Promise<readonly [number, string]>;
  send(op: number, d: unknown): void;
  /** What goes out is no JSON of ours. */
  sendText(text: string): void;
  event(name: string): Promise<Payload>;
  op(op: number): Promise<Payload>;
  close(code?: number): void;
  /** As a broken wire. */
  drop(): void;
}

/** Opens a WebSocket at the gateway. */
export function knock(discord: FakeDiscord, version = 10): Knock {
  const socket = new WebSocket(`${discord.state.origin.replace('http', 'ws')}/?v=${version}&encoding=json`);
  const inbox = new Inbox<Payload>('gateway', (payload) => JSON.stringify(payload));
  const waiting: string[] = [];
  socket.on('message', (data) => inbox.put(JSON.parse(String(data))));
  socket.on('open', () => {
    for (const text of waiting.splice(0)) socket.send(text);
  });
  socket.on('error', () => {});
  const closed = new Promise<readonly [number, string]>((resolve) => {
    socket.on('close', (code, reason) => {
      inbox.end(new Error(`closed with ${code} ${reason}`));
      resolve([code, String(reason)]);
    });
  });
  const sendText = (text: string): void => {
    if (socket.readyState === socket.OPEN) socket.send(text);
    else waiting.push(text);
  };
  return {
    inbox,
    closed,
    sendText,
    send: (op, d) => sendText(JSON.stringify({ op, d })),
    event: (name) => inbox.take(({ t }) => t === name, name),
    op: (op) => inbox.take((payload) => payload.op === op, `op ${op}`),
    close: (code = 1000) => socket.close(code),
    drop: () => socket.terminate(),
  };
}

/** IDENTIFY of a bot. */
export const identity = (bot: Application, intents: number, more: object = {}): object => ({
  token: bot.token,
  intents,
  properties: { os: 'linux', browser: 'raw', device: 'raw' },
  ...more,
});
