/**
 * Commands that people type, in a room or a conversation, and lines for the server itself (`Session.commands`). What no command knows is said as it stands,
 * as it was with biboumi; two slashes before the name of a command say it with one.
 */
import { type ChatId, type Commands, GatewayError, type People, type Rooms } from '#bridge';
import type { Core } from './core.ts';
import { away } from './refusals.ts';
import { findCommand } from './typed-names.ts';
import { sendRaw } from './typed-raw.ts';
import { requireWhole, typedCommands } from './typed-table.ts';

/** All that a typed command works with. */
export interface Typed {
  readonly core: Core;
  readonly rooms: Rooms;
  readonly people: People;
  /** Where it was typed; undefined: to the server itself. */
  readonly chat: ChatId | undefined;
  /** All behind the command's name. */
  readonly rest: string;
  readonly signal: AbortSignal;
  /** Leaves the network for good. */
  quit(reason: string): Promise<void>;
}

export type TypedParts = Pick<Typed, 'core' | 'rooms' | 'people' | 'quit'>;

const oneLineOnly = (): GatewayError =>
  new GatewayError('bad-request', { text: 'A command is one line, and nothing behind it. Nothing was sent.' });

/** A session's commands. */
export function createCommands(parts: TypedParts): Commands {
  const { core } = parts;

  async function run(chat: ChatId | undefined, text: string, signal: AbortSignal): Promise<string | undefined> {
    const found = findCommand(text);
    const command = found === undefined ? undefined : typedCommands.get(found.name);
    if (found === undefined || command === undefined) throw new GatewayError('not-implemented');
    if (/[\r\n\0]/.test(found.rest)) throw oneLineOnly();
    if (!core.ready && found.name !== 'help') throw away(core.server.name);
    requireWhole(found.name, command, found.rest);
    return command.run({ ...parts, chat, rest: found.rest, signal });
  }

  return {
    // The whole first line counts: what a secret stands in is never said in a room because something follows it.
    knows: (_chat, text) => findCommand(text) !== undefined,
    run,
    async raw(line, signal) {
      if (findCommand(line) !== undefined) return run(undefined, line, signal);
      if (!core.ready) throw away(core.server.name);
      return sendRaw({ ...parts, chat: undefined, rest: line, signal });
    },
  };
}
