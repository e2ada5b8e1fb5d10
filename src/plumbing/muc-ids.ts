/** What the MUC's messages are called in the network's room. One account may join it with several MUCs: each plumbing knows its own again. */

export interface MucIds {
  /** @param name what the MUC calls it */
  of(name: string): string;
  /** What the MUC calls it; undefined: nobody said it by way of this plumbing. */
  nameOf(id: string | undefined): string | undefined;
}

/** @param mark tells it from all other plumbings, and nobody can guess it */
export function createMucIds(mark: string): MucIds {
  const before = `muc:${mark}:`;
  return {
    of: (name) => before + name,
    nameOf: (id) => (id?.startsWith(before) === true ? id.slice(before.length) : undefined),
  };
}
