import * as z from 'zod'

/** How a deploy puts something new in the place of what runs. */
export const deployConfig = z.strictObject({
  /**
   * How a new version of the verifier takes over once it has passed its check. `'canary'`: a tenth of the deliveries for five
   * minutes, then all; an alarm of the verifier meanwhile takes it back. `'all-at-once'`: all deliveries at once, and no alarm is
   * looked at. That is what a fix needs while the alarms ring, because they would take it back, too.
   * @default 'canary'
   */
  verifier: z.enum(['canary', 'all-at-once'], { error: "must be 'canary' or 'all-at-once'" }).default('canary'),
})
