import type { Random } from './random.ts'

/** ClickUp's history ids are snowflakes; this start makes ours fall among real ones of the same day. */
const SNOWFLAKE_START = 974_980_000_000
const UPPER_ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const BASE62 = `${UPPER_ALPHANUMERIC}abcdefghijklmnopqrstuvwxyz`

export type Ids = {
  /** A string of digits above 2^53, greater than every one before it. */
  snowflake(): string
  /** Nine characters, as in `868djdyr0`. */
  task(): string
  /** A list, folder, space or workspace: digits. */
  place(): string
  comment(): string
  uuid(): string
  /** `prefix` says what owns the status, as in `p90113664978_MfslpaDU`. */
  status(prefix: string): string
  /** 64 upper-case letters and digits. */
  signingSecret(): string
  clientId(): string
  /** A personal API token; it is put together here so that nothing of its shape stands in a file. */
  token(userId: number): string
  /** An access token of OAuth. ClickUp documents no form; those that were seen begin with the user's id. */
  accessToken(userId: number): string
}

/** Unique ids in ClickUp's shapes. `now` gives the milliseconds that snowflakes carry. */
export function createIds(random: Random, now: () => number): Ids {
  let lastSnowflake = 0n
  let task = 8 * 36 ** 8 + 6 * 36 ** 7 + random.int(0, 36 ** 6)
  let place = 901_100_000_000 + random.int(0, 9_999_999)
  let comment = 90_110_000_000_000 + random.int(0, 999_999_999)

  return {
    snowflake: () => {
      const atThisTime = (BigInt(now() - SNOWFLAKE_START) << 22n) + BigInt(random.int(0, 99_999))
      lastSnowflake = atThisTime > lastSnowflake ? atThisTime : lastSnowflake + BigInt(random.int(1, 9_999))
      return lastSnowflake.toString()
    },
    task: () => {
      task += random.int(1, 1_295)
      return task.toString(36)
    },
    place: () => {
      place += random.int(1, 97)
      return String(place)
    },
    comment: () => {
      comment += random.int(1, 997)
      return String(comment)
    },
    uuid: () => random.uuid(),
    status: (prefix) => `${prefix}_${random.text(BASE62, 8)}`,
    signingSecret: () => random.text(UPPER_ALPHANUMERIC, 64),
    clientId: () => random.text(UPPER_ALPHANUMERIC, 32),
    token: (userId) => `${'pk'}_${userId}_${random.text(UPPER_ALPHANUMERIC, 32)}`,
    accessToken: (userId) => `${userId}_${random.text('0123456789abcdef', 64)}`,
  }
}
