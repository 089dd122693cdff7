import * as z from 'zod'

/** The name of a replay: it stands in each event, so that a subscriber can take the replay that it asked for and no other. */
export const runIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores')

/** `20260301-140211-k3f9`: the time (ms since 1970), so that it tells something, and four letters, so that it is unique. */
export function newRunId(now: number, random: () => number): string {
  const time = new Date(now).toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15)
  const letters = Math.floor(random() * 36 ** 4).toString(36)
  return `${time}-${letters.padStart(4, '0')}`
}
