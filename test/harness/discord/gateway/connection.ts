/** One WebSocket of the gateway: greeting, heartbeats, what a client may send and how much of it. */
import {
  GatewayCloseCodes as Close,
  type GatewayIdentifyData,
  type GatewayPresenceUpdateData,
  type GatewayResumeData,
  GatewayOpcodes as Op,
  PresenceUpdateStatus,
} from 'discord-api-types/v10';
import type { RawData, WebSocket } from 'ws';
import { inTime } from '../../lag.ts';
import { setPresence } from '../deeds/members.ts';
import type { Faults } from '../faults.ts';
import { sendMembers } from './chunks.ts';
import type { Hub } from './hub.ts';
import { applicationBy, identify, type Refusal, resume } from './identify.ts';
import type { Line, Session } from './session.ts';

/** What a test does to one. */
export interface Connection {
  readonly session: Session | undefined;
  /** The last event that it said it has taken, which each of its heartbeats names. */
  readonly taken: number;
  /** Heartbeats that it sent. */
  readonly beats: number;
  /** An operation that is no event. */
  send(op: number, data?: unknown): void;
  close(code: number, reason: string): void;
  /** It has no session any more, and may begin or resume one. */
  detach(): void;
  /** What is told waits until it is released. */
  hold(): void;
  release(): void;
  /** Nothing goes through it any more, and nobody is told so. */
  freeze(): void;
  /** The wire is cut. */
  cut(): void;
}

interface Talk extends Connection {
  session: Session | undefined;
  taken: number;
  beats: number;
  readonly socket: WebSocket;
  readonly severed: Faults['severed'];
  readonly line: Line;
  /** With which code it was closed from here. */
  shutWith: number | undefined;
  frozen: boolean;
  /** What waits; undefined: nothing is held. */
  held: string[] | undefined;
  windowFrom: number;
  heard: number;
}

/** Speaks with a client until it is gone. @param ended when that is so */
export function serve(hub: Hub, faults: Faults, socket: WebSocket, version: string, ended: () => void): Connection {
  const talk = newTalk(socket, faults);
  const { heartbeatMs } = hub.state.settings;
  // Through a wire that is dead no reason is told; the session can be resumed.
  const late = (): void => (talk.frozen ? talk.cut() : talk.close(Close.SessionTimedOut, 'Session timed out.'));
  let timer = setTimeout(late, heartbeatMs * 1.5);
  const beat = (): void => {
    clearTimeout(timer);
    timer = setTimeout(late, heartbeatMs * 1.5);
    if (faults.acks) talk.send(Op.HeartbeatAck);
  };
  socket.on('message', (data: RawData) => {
    if (!talk.frozen) hear(hub, talk, data, beat);
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', (code) => {
    clearTimeout(timer);
    part(hub, talk, code);
    ended();
  });
  if (version !== '10') talk.close(Close.InvalidAPIVersion, 'Invalid API version.');
  else talk.send(Op.Hello, { heartbeat_interval: heartbeatMs, _trace: ['["harness"]'] });
  return talk;
}

function newTalk(socket: WebSocket, { severed }: Faults): Talk {
  const talk: Talk = {
    severed,
    session: undefined,
    taken: 0,
    beats: 0,
    socket,
    line: { write: (text) => write(talk, text), close: (code, reason) => shut(talk, code, reason) },
    shutWith: undefined,
    frozen: false,
    held: undefined,
    windowFrom: 0,
    heard: 0,
    send: (op, d = null) => write(talk, JSON.stringify({ t: null, s: null, op, d })),
    close: (code, reason) => shut(talk, code, reason),
    detach() {
      if (talk.session?.line === talk.line) talk.session.line = undefined;
      talk.session = undefined;
    },
    hold() {
      talk.held ??= [];
    },
    release() {
      const waiting = talk.held ?? [];
      talk.held = undefined;
      for (const text of waiting) write(talk, text);
    },
    freeze() {
      talk.frozen = true;
    },
    cut: () => socket.terminate(),
  };
  return talk;
}

function shut(talk: Talk, code: number, reason: string): void {
  talk.shutWith ??= code;
  talk.socket.close(code, reason);
}

/** After these a session goes on ("Gateway Close Event Codes"). */
const resumable: readonly number[] = [Close.UnknownError, Close.DecodeError, Close.RateLimited];

function write(talk: Talk, text: string): void {
  if (talk.held !== undefined) talk.held.push(text);
  else inTime('discord', () => send(talk, text));
}

function send({ frozen, socket }: Talk, text: string): void {
  if (!frozen && socket.readyState === socket.OPEN) socket.send(text);
}

/** A session outlives its line, unless it was closed in order. */
function part(hub: Hub, talk: Talk, code: number): void {
  const { session } = talk;
  if (session === undefined || session.line !== talk.line) return;
  session.line = undefined;
  session.cutAt = hub.state.now();
  const over = talk.shutWith === undefined ? code === 1000 || code === 1001 : !resumable.includes(talk.shutWith);
  if (over) hub.sessions.delete(session.id);
}

/** More than a client may send in a minute? */
function tooMuch(hub: Hub, talk: Talk): boolean {
  const now = hub.state.now();
  if (now - talk.windowFrom >= 60_000) {
    talk.windowFrom = now;
    talk.heard = 0;
  }
  talk.heard += 1;
  return talk.heard > hub.state.settings.gatewayPerMinute;
}

interface Payload {
  readonly op?: unknown;
  readonly d?: unknown;
}

function read(data: RawData): Payload | undefined {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer);
  if (bytes.length > 4_096) return undefined;
  try {
    const found: unknown = JSON.parse(bytes.toString());
    return typeof found === 'object' && found !== null ? found : undefined;
  } catch {
    return undefined;
  }
}

function hear(hub: Hub, talk: Talk, data: RawData, beat: () => void): void {
  const refusal = tooMuch(hub, talk)
    ? { code: Close.RateLimited, reason: 'You are being rate limited.' }
    : obey(hub, talk, read(data), beat);
  if (refusal !== undefined) talk.close(refusal.code, refusal.reason);
}

/** Operations of voice and sounds, which are not played here. */
const others: readonly unknown[] = [Op.VoiceStateUpdate, Op.RequestSoundboardSounds];

function obey(hub: Hub, talk: Talk, payload: Payload | undefined, beat: () => void): Refusal | undefined {
  if (payload === undefined) return { code: Close.DecodeError, reason: 'Error while decoding payload.' };
  const { op, d } = payload;
  const { session } = talk;
  if (op === Op.Heartbeat) {
    talk.beats += 1;
    if (typeof d === 'number') talk.taken = d;
    beat();
  } else if (op === Op.Identify || op === Op.Resume) return begin(hub, talk, op, d);
  else if (session === undefined) return { code: Close.NotAuthenticated, reason: 'Not authenticated.' };
  else if (op === Op.RequestGuildMembers) sendMembers(hub, session, d ?? {});
  else if (op === Op.PresenceUpdate) showPresence(hub, session, d as GatewayPresenceUpdateData);
  else if (!others.includes(op)) return { code: Close.UnknownOpcode, reason: 'Unknown opcode.' };
  return undefined;
}

function begin(hub: Hub, talk: Talk, op: Op.Identify | Op.Resume, d: unknown): Refusal | undefined {
  if (talk.session !== undefined) return { code: Close.AlreadyAuthenticated, reason: 'Already authenticated.' };
  const data = typeof d === 'object' && d !== null ? d : {};
  const application = applicationBy(hub.state, 'token' in data ? data.token : undefined);
  if (application !== undefined && talk.severed.has(application)) {
    talk.cut();
    return undefined;
  }
  const found: Session | Refusal | undefined =
    op === Op.Identify
      ? identify(hub, talk.line, data as GatewayIdentifyData)
      : resume(hub, talk.line, data as GatewayResumeData);
  if (found === undefined) talk.send(Op.InvalidSession, false);
  else if ('code' in found) return found;
  else {
    talk.session = found;
    const { presence } = data as Partial<GatewayIdentifyData>;
    if (op === Op.Identify) showPresence(hub, found, presence);
  }
  return undefined;
}

function showPresence(
  hub: Hub,
  { application }: Session,
  presence: Partial<GatewayPresenceUpdateData> | undefined,
): void {
  const { status = PresenceUpdateStatus.Online, activities = [] } = presence ?? {};
  const shown = status === PresenceUpdateStatus.Invisible ? PresenceUpdateStatus.Offline : status;
  const now = hub.state.now();
  setPresence(hub.state, application.user, {
    status: shown,
    client_status: { web: shown },
    activities: activities.map((one, index) => ({ ...one, id: `${index}`, created_at: now })),
  });
}
