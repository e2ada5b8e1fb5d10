/** How far an import has come, beside what it has written: whoever runs it again goes on there. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const schema = z.object({
  /** Which file into which room. */
  what: z.string(),
  /** The place behind the last item that is there, in bytes. */
  end: z.int().positive(),
  read: z.int().nonnegative(),
});
export type Progress = z.output<typeof schema>;

export interface ProgressFile {
  /** undefined: nothing of that has been taken yet. */
  load(what: string): Promise<Progress | undefined>;
  /** Whole or not at all. */
  save(progress: Progress): Promise<void>;
  /** There is nothing to go on with. */
  clear(): Promise<void>;
}

/** What it says is a hint: what is taken twice is there once. */
export function createProgressFile(path: string): ProgressFile {
  return {
    async load(what) {
      const text = await readFile(path, 'utf8').catch(() => '');
      try {
        const { data } = schema.safeParse(JSON.parse(text));
        return data?.what === what ? data : undefined;
      } catch {
        return undefined;
      }
    },
    async save(progress) {
      await writeFile(`${path}.new`, JSON.stringify(progress), { mode: 0o600 });
      await rename(`${path}.new`, path);
    },
    clear: () => rm(path, { force: true }),
  };
}
