/** Discord's messages ↔ Content: what the rest of the bridge uses of this folder. */
export { inFull } from './emoji.ts';
export { spoilerPrefix } from './files.ts';
export { folded, type Names, noNames } from './names.ts';
export { type Apart, read, readApart } from './read.ts';
export { threadBegun, threadIn } from './system.ts';
export { longestMessage, nobodyRings, type Part, write } from './write.ts';
