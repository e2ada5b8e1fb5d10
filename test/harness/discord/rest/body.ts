/** Bodies of calls: JSON, or a form with files beside it (API reference, "Uploading Files"). */
import type { IncomingMessage } from 'node:http';
import { RESTJSONErrorCodes as Code } from 'discord-api-types/v10';
import type { Upload } from '../deeds/drafts.ts';
import { plainProblem, problem } from './problems.ts';

export interface Body {
  readonly fields: unknown;
  readonly files: ReadonlyMap<string, Upload>;
}

const nothing: Body = { fields: undefined, files: new Map() };

/** All bytes of a request. Past so many, the rest is let go by, and undefined returned. */
export async function bytesOf(request: IncomingMessage, most: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size <= most) chunks.push(chunk as Buffer);
  }
  return size > most ? undefined : Buffer.concat(chunks);
}

/** Reads what was sent. */
export async function readBody(bytes: Buffer | undefined, type: string): Promise<Body> {
  if (bytes === undefined) throw problem(Code.RequestEntityTooLarge);
  if (bytes.length === 0) return nothing;
  if (type.startsWith('multipart/form-data')) return readForm(bytes, type);
  if (!type.startsWith('application/json'))
    throw plainProblem(400, `Expected "Content-Type" header to be one of {'application/json'}.`);
  return { fields: parsed(bytes.toString()), files: new Map() };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw problem(Code.RequestBodyContainsInvalidJSON);
  }
}

async function readForm(bytes: Buffer, type: string): Promise<Body> {
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  const files = new Map<string, Upload>();
  const fields: Record<string, unknown> = {};
  for (const [name, value] of form) {
    if (typeof value === 'string') {
      if (name === 'payload_json') Object.assign(fields, parsed(value));
      else fields[name] = value;
      continue;
    }
    const key = /^files\[(\d+)\]$/.exec(name)?.[1] ?? name;
    const content = new Uint8Array(await value.arrayBuffer());
    files.set(key, { filename: value.name, bytes: content, ...(value.type === '' ? {} : { type: value.type }) });
  }
  return { fields, files };
}
