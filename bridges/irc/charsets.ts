/**
 * In which encoding lines are read and written: UTF-8, unless a user has set another for a server or a channel. What is valid UTF-8 is read as that
 * all the same, and a server that takes nothing else (UTF8ONLY) is sent nothing else.
 */

import type { Settings } from '#bridge';
import { sparseMap } from '#bridge';
import { createEncoding, type Encoding, encodingName } from './wire/encoding.ts';
import { parseLine } from './wire/line.ts';

export interface Charsets {
  /** The text of a line that is not UTF-8; undefined: read as usual. */
  decode(line: Buffer): string | undefined;
  /** Whole lines with their ends, as they go to the socket. */
  encode(lines: string): string | Buffer;
  /** Something was set anew. */
  changed(): void;
}

/** Names of encodings; absent: UTF-8, and CP1252 for what is not. */
export interface CharsetNames {
  readonly in?: string;
  readonly out?: string;
}

export interface CharsetsOptions {
  /** What is set for the server. */
  server(): CharsetNames;
  /** What is set for a channel that we are in, by its name on the wire. */
  room(name: string): CharsetNames | undefined;
  /** The server takes nothing but UTF-8. */
  utf8only(): boolean;
  /** One a name; shared by many. */
  encoding(name: string): Encoding;
}

const beyondAscii = /[^\0-\x7f]/;
const maxRooms = 1000;
const channelName = /^[@%+~&!]*[#&+!]/;

/** The encodings that a level's settings name; what is no encoding counts as unset. */
export function charsetNames(settings: Settings | undefined): CharsetNames {
  const named = (field: string): string | undefined => {
    const value = settings?.[field];
    return typeof value === 'string' && value !== '' ? encodingName(value) : undefined;
  };
  const [inward, outward] = [named('encoding_in'), named('encoding_out')];
  return { ...(inward !== undefined && { in: inward }), ...(outward !== undefined && { out: outward }) };
}

/** The encodings of a network, each made once. */
export function createEncodings(): (name: string) => Encoding {
  const made = new Map<string, Encoding>();
  return (name) => {
    const known = made.get(name) ?? createEncoding(name);
    made.set(name, known);
    return known;
  };
}

/** For one login. */
export const createCharsets = (options: CharsetsOptions): Charsets => new CharsetChoice(options);

/** An object of a class: each session has one. */
class CharsetChoice implements Charsets {
  readonly #options: CharsetsOptions;
  readonly #rooms = sparseMap<string, CharsetNames | undefined>();

  constructor(options: CharsetsOptions) {
    this.#options = options;
  }

  decode(line: Buffer): string | undefined {
    const parsed = parseLine(line.toString('latin1'));
    if (parsed === undefined) return undefined;
    const base = this.#made(this.#options.server().in);
    // The channel's name, too, may be in the server's encoding.
    const params = parsed.params.slice(0, 3).map((param) => base?.decode(Buffer.from(param, 'latin1')) ?? param);
    return this.#chosen('in', params)?.decode(line);
  }

  encode(lines: string): string | Buffer {
    if (!beyondAscii.test(lines) || this.#options.utf8only()) return lines;
    return Buffer.concat(lines.split(/(?<=\n)/).map((line) => this.#encodeLine(line)));
  }

  changed(): void {
    this.#rooms.clear();
  }

  #ofRoom(name: string): CharsetNames | undefined {
    if (this.#rooms.has(name)) return this.#rooms.get(name);
    if (this.#rooms.size >= maxRooms) this.#rooms.clear();
    const names = this.#options.room(name) ?? this.#options.room(name.slice(1));
    // Not before we are in it: what is set for it can't be asked for until then.
    if (names !== undefined) this.#rooms.set(name, names);
    return names;
  }

  /** UTF-8 by name is as good as nothing set. */
  #made(name: string | undefined): Encoding | undefined {
    return name === undefined || name === 'utf-8' ? undefined : this.#options.encoding(name);
  }

  /** A channel's own encoding, else the server's. */
  #chosen(way: 'in' | 'out', params: readonly string[]): Encoding | undefined {
    const name = params.slice(0, 3).find((param) => channelName.test(param));
    return this.#made((name === undefined ? undefined : this.#ofRoom(name)?.[way]) ?? this.#options.server()[way]);
  }

  #encodeLine(line: string): Buffer {
    const parsed = beyondAscii.test(line) ? parseLine(line) : undefined;
    return (parsed === undefined ? undefined : this.#chosen('out', parsed.params))?.encode(line) ?? Buffer.from(line);
  }
}
