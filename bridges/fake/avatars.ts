/** Who looks like what: pictures by the name that the network gives them, and who wears which. */
import { createHash } from 'node:crypto';
import type { Avatars, ChatId, GatewayError, PersonId, Picture } from '#bridge';

export interface Wardrobe {
  /** From now on that person, or that room, looks so; undefined: like nobody. Returns the picture's name. */
  wear(person: PersonId | ChatId, picture: Picture | undefined): string | undefined;
  /** The name of what they wear. */
  of(person: PersonId | ChatId): string | undefined;
  /** The same person under another name. */
  renamed(person: PersonId, as: PersonId): void;
  /** How often a picture was fetched. */
  readonly fetched: number;
  /** From now on every picture can't be had; undefined: they can again. */
  fail(error: GatewayError | undefined): void;
  /** As a session offers them. */
  readonly avatars: Avatars;
}

/** Pictures of a network in memory are kept as long as it is. */
export function createWardrobe(): Wardrobe {
  const pictures = new Map<string, Picture>();
  const worn = new Map<PersonId | ChatId, string>();
  let fetched = 0;
  let failure: GatewayError | undefined;
  async function fetch(avatar: string, signal: AbortSignal): Promise<Picture | undefined> {
    signal.throwIfAborted();
    fetched++;
    if (failure !== undefined) throw failure;
    return pictures.get(avatar);
  }
  return {
    wear(person, picture) {
      if (picture === undefined) {
        worn.delete(person);
        return undefined;
      }
      const name = `picture-${createHash('md5').update(picture.bytes).digest('hex')}`;
      pictures.set(name, picture);
      worn.set(person, name);
      return name;
    },
    of: (person) => worn.get(person),
    renamed(person, as) {
      const name = worn.get(person);
      if (name === undefined || as === person) return;
      worn.delete(person);
      worn.set(as, name);
    },
    get fetched() {
      return fetched;
    },
    fail(error) {
      failure = error;
    },
    avatars: {
      fetch: (avatar, _, signal) => fetch(avatar, signal),
      ofRoom: (avatar, _, signal) => fetch(avatar, signal),
    },
  };
}
