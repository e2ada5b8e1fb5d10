/** How a plumbing knows its own words when the MUC says them back, live or from its archive, whoever was called what meanwhile: their ids are signed. */

/** The ids of what one plumbing says in its MUC. */
export interface OwnIds {
  /** @param room the message's name in the network's room */
  sign(room: string): string;
  /** The same name; undefined: it is nobody's or somebody else's. */
  read(id: string | undefined): string | undefined;
}

const macLength = 16;

/** @param mac as `FaceContext.occupantId`: nobody else can compute it */
export function createOwnIds(plumbing: string, mac: (place: string, text: string) => string): OwnIds {
  const sign = (room: string): string => `${room}.${mac(`plumbing ${plumbing}`, room).slice(0, macLength)}`;
  return {
    sign,
    read(id) {
      if (id === undefined) return undefined;
      const room = id.slice(0, -macLength - 1);
      return room !== '' && sign(room) === id ? room : undefined;
    },
  };
}
