/** What is broken on purpose around backfill, sweep and census; their own code stays as it is. */
export const SYNC_BREAKS = ['lose-writes'] as const
export type SyncBreak = (typeof SYNC_BREAKS)[number]
