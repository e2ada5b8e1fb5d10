/** Two bridges' options for the tests: one with a bit of everything, one without any. */
import { z } from 'zod';

const tls = z.enum(['required', 'preferred', 'off']);

export const schemas = {
  irc: z.strictObject({
    tls: tls.default('required'),
    persistent: z.boolean().default(false),
    linger: z.int().min(0).default(300),
    throttle: z
      .union([z.strictObject({ burst: z.int().min(1), perSecond: z.number().positive() }), z.literal('off')])
      .default({ burst: 10, perSecond: 1 }),
    servers: z.record(z.string(), z.strictObject({ address: z.array(z.string()), tls: tls.optional() })).default({}),
    password: z.string().min(4).optional(),
  }),
  fake: z.strictObject({}),
};
