/** What is broken on purpose around the consumer; its own code stays as it is. */
export const CONSUMER_BREAKS = ['batch', 'count', 'log', 'lose'] as const
export type ConsumerBreak = (typeof CONSUMER_BREAKS)[number]
