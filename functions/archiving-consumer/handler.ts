import { handlerOf } from '../consumer/handle.ts'
import { buildArchive } from './archive.ts'

/** The consumer of a stage that keeps its raw deliveries: a bundle of its own, so that no other loads a client of S3. */
export const handler = handlerOf((consumer) => buildArchive(consumer))
