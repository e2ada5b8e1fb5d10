/** A message with files as Discord takes it (API reference, "Uploading Files"): a form of its fields as JSON and of the files, one behind the other. */

/** One file of a form. */
export interface FormFile {
  /** Letters, digits, dots, lines. */
  readonly name: string;
  readonly type: string;
  readonly size: number | undefined;
  pieces(): AsyncIterable<Uint8Array>;
}

export interface MultipartForm {
  /** With the boundary. */
  readonly type: string;
  /** Octets of all of it; undefined: nobody knows before it has been given. */
  readonly length: number | undefined;
  /** From the beginning; can be asked for again. Fails as the files' pieces do. */
  pieces(): AsyncIterable<Uint8Array>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** @param boundary stands nowhere in it */
export function multipartForm(fields: object, files: readonly FormFile[], boundary: string): MultipartForm {
  const begin = (disposition: string, type: string): string =>
    `--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\ncontent-type: ${type}\r\n\r\n`;
  const head = bytes(`${begin('name="payload_json"', 'application/json')}${JSON.stringify(fields)}\r\n`);
  const heads = files.map(({ name, type }, at) => bytes(begin(`name="files[${at}]"; filename="${name}"`, type)));
  const between = bytes('\r\n');
  const tail = bytes(`--${boundary}--\r\n`);

  let length: number | undefined = head.length + tail.length;
  for (const [at, { size }] of files.entries())
    length = length === undefined || size === undefined ? undefined : length + (heads[at]?.length ?? 0) + size + 2;

  return {
    type: `multipart/form-data; boundary=${boundary}`,
    length,
    async *pieces() {
      yield head;
      for (const [at, file] of files.entries()) {
        yield heads[at] ?? between;
        yield* file.pieces();
        yield between;
      }
      yield tail;
    },
  };
}
