/** All sessions of the gateway: each event goes to those that may hear it. */
import { GatewayCloseCodes } from 'discord-api-types/v10';
import type { Event } from '../events.ts';
import type { Application, State } from '../state.ts';
import { dispatch, type Session, textFor } from './session.ts';
import { changesSight, syncSight } from './sight.ts';

export interface Hub {
  readonly state: State;
  readonly sessions: Map<string, Session>;
  /** Events kept for each. */
  readonly kept: number;
  readonly url: () => string;
  /** Counts a session's beginning; true: this one is too early. */
  tooSoon(application: Application, shard: number): boolean;
  /** Sessions that may still begin today. */
  remaining(application: Application): number;
  /** The bot's sessions end for good. */
  expel(application: Application): void;
}

/** Connects the world with its listeners. */
export function createHub(state: State, url: () => string): Hub {
  const sessions = new Map<string, Session>();
  const begun = new Map<string, number>();
  const counts = new Map<Application, number>();
  const { replayed: kept, identifyEveryMs, maxConcurrency, sessionsPerDay } = state.settings;
  state.publish = (event: Event) => {
    for (const session of sessions.values()) {
      const text = textFor(state, session, event);
      if (text !== undefined) dispatch(session, text, kept);
      if (event.guild !== undefined && changesSight(event.name))
        syncSight(state, session, event.guild, event.name, kept);
    }
  };
  return {
    state,
    sessions,
    kept,
    url,
    tooSoon(application, shard) {
      const key = `${application.id} ${shard % maxConcurrency}`;
      const before = begun.get(key);
      if (before !== undefined && state.now() - before < identifyEveryMs) return true;
      begun.set(key, state.now());
      counts.set(application, (counts.get(application) ?? 0) + 1);
      return false;
    },
    remaining: (application) => Math.max(0, sessionsPerDay - (counts.get(application) ?? 0)),
    expel(application) {
      for (const session of [...sessions.values()]) {
        if (session.application !== application) continue;
        sessions.delete(session.id);
        session.line?.close(GatewayCloseCodes.AuthenticationFailed, 'Authentication failed.');
      }
    },
  };
}
