import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { archiveDeliveries } from '../../core/archive/store.ts'
import { CALL_LIMITS } from '../../core/platform/aws/limits.ts'
import { s3Client } from '../../core/platform/aws/s3.ts'
import { parseEnv } from '../../core/platform/env.ts'
import { ENV } from '../../core/platform/env-names.ts'
import type { Log } from '../../core/platform/log.ts'
import type { Prelude } from '../consumer/consume.ts'
import { archiveFirst } from './archive-first.ts'

/** Stores what comes in the archive that the environment names. @throws Error that says which variable is wrong */
export function buildArchive({ log }: { log: Log }, source: Record<string, string | undefined> = process.env): Prelude {
  const { [ENV.archiveBucket]: bucket } = parseEnv({ [ENV.archiveBucket]: z.string().min(1) }, source)
  const place = { s3: s3Client(CALL_LIMITS.beside), bucket }
  return archiveFirst((deliveries) => archiveDeliveries(place, deliveries, randomUUID), log)
}
