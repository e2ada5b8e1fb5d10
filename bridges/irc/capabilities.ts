/**
 * Capability negotiation (IRCv3 capability-negotiation, 302): what the server offers with its values, what we ask for, what is in force, and what
 * comes or goes later (cap-notify). irc-framework says the opening `CAP LS 302` and is told the outcome; the rest of the talk is ours.
 */
import { sparseMap, sparseSet } from '#bridge';
import { compose } from './wire/compose.ts';
import type { Line } from './wire/line.ts';

/** What is asked for wherever it is offered. Never `sts`, which is a policy and not asked for; `sasl` only where there is something to log in with. */
export const wanted: ReadonlySet<string> = new Set([
  'account-notify',
  'account-tag',
  'away-notify',
  'batch',
  'cap-notify',
  'chghost',
  'draft/account-registration',
  'draft/channel-rename',
  'draft/chathistory',
  'draft/event-playback',
  'draft/message-redaction',
  'draft/multiline',
  'draft/read-marker',
  'echo-message',
  'extended-join',
  'extended-monitor',
  'invite-notify',
  'labeled-response',
  'message-tags',
  'multi-prefix',
  'server-time',
  'setname',
  'standard-replies',
  'userhost-in-names',
  // ZNC's own older names.
  'znc.in/self-message',
  'znc.in/server-time-iso',
]);

export interface Capabilities {
  /** Is it in force? */
  has(name: string): boolean;
  /** What the server says of it beyond its name, '' for nothing; undefined: it does not offer it. */
  value(name: string): string | undefined;
  enabled(): readonly string[];
  readonly offered: ReadonlyMap<string, string>;
  /** Takes a CAP line. */
  hear(line: Line): void;
}

export interface CapabilitiesOptions {
  /** Throws where the connection is over. */
  send(line: string): void;
  /** Is there something to log in with? */
  wantsLogin(): boolean;
  /** The list is whole (again, with `NEW`). False: nothing is to be asked for, as this connection will not be used. */
  listed(): boolean;
  /** Nothing that we asked for is undecided any more. */
  settled(): void;
  /** What is in force has changed. */
  changed(): void;
}

const maxOffered = 256;
const maxRequestBytes = 400;

/** The state of one connection's negotiation. */
export function createCapabilities(options: CapabilitiesOptions): Capabilities {
  const offered = sparseMap<string, string>();
  const enabled = sparseSet<string>();
  /** Asked for and not decided, each with how many were asked for in one breath. */
  const asked = sparseMap<string, number>();

  function offer(tokens: readonly string[]): readonly string[] {
    const names: string[] = [];
    for (const token of tokens) {
      const [name, value] = nameAndValue(token);
      if (name === '' || (!offered.has(name) && offered.size >= maxOffered)) continue;
      offered.set(name, value);
      names.push(name);
    }
    return names;
  }

  const isWanted = (name: string): boolean =>
    (wanted.has(name) || (name === 'sasl' && options.wantsLogin())) && !enabled.has(name) && !asked.has(name);

  /** As few lines as hold them. */
  function request(names: Iterable<string>): void {
    for (const group of inLines([...names].filter(isWanted))) {
      for (const name of group) asked.set(name, group.length);
      options.send(compose('CAP', 'REQ', group.join(' ')));
    }
  }

  function decided(): void {
    options.changed();
    if (asked.size === 0) options.settled();
  }

  function acknowledged(tokens: readonly string[]): void {
    for (const token of tokens) {
      const name = token.replace(/^[-~=]+/, '');
      asked.delete(name);
      if (token.startsWith('-')) enabled.delete(name);
      else if (offered.has(name)) enabled.add(name);
    }
    decided();
  }

  /** One that is refused takes its whole line with it: the others are asked for again, by themselves. */
  function refused(tokens: readonly string[]): void {
    const alone: string[] = [];
    for (const token of tokens) {
      const name = token.replace(/^[-~=]+/, '');
      if ((asked.get(name) ?? 1) > 1) alone.push(name);
      asked.delete(name);
    }
    for (const name of alone) {
      asked.set(name, 1);
      options.send(compose('CAP', 'REQ', name));
    }
    decided();
  }

  function gone(names: readonly string[]): void {
    for (const name of names) {
      // A policy does not end because somebody says so (sts, Mechanism).
      if (name === 'sts') continue;
      offered.delete(name);
      enabled.delete(name);
    }
    options.changed();
  }

  return {
    has: (name) => enabled.has(name),
    value: (name) => offered.get(name),
    enabled: () => [...enabled],
    offered,
    hear({ params }) {
      const tokens = (params.at(-1) ?? '').split(' ').filter((token) => token !== '');
      switch (params[1]?.toUpperCase()) {
        case 'LS':
          offer(tokens);
          if (params[2] === '*' && params.length > 3) return;
          if (!options.listed()) return;
          request(offered.keys());
          if (asked.size === 0) options.settled();
          return;
        case 'NEW': {
          const names = offer(tokens);
          if (options.listed()) request(names);
          return;
        }
        case 'ACK':
          acknowledged(tokens);
          return;
        case 'NAK':
          refused(tokens);
          return;
        case 'DEL':
          gone(tokens);
      }
    },
  };
}

function nameAndValue(token: string): readonly [string, string] {
  const bare = token.replace(/^[-~=]+/, '');
  const equals = bare.indexOf('=');
  return equals < 0 ? [bare, ''] : [bare.slice(0, equals), bare.slice(equals + 1)];
}

function inLines(names: readonly string[]): readonly (readonly string[])[] {
  const groups: string[][] = [];
  let bytes = 0;
  for (const name of names) {
    const size = Buffer.byteLength(name) + 1;
    const last = groups.at(-1);
    if (last === undefined || bytes + size > maxRequestBytes) {
      groups.push([name]);
      bytes = size;
    } else {
      last.push(name);
      bytes += size;
    }
  }
  return groups;
}
