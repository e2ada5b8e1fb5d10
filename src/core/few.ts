/** Lists that are to hold one thing or two, of which every message has some. */

/** Empty, with room for four: the first that is put into `[]` makes room for seventeen. */
// biome-ignore lint/style/useArrayLiterals: a literal has no room
export const few = <One>(): One[] => new Array<One>();
