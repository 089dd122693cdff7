import * as z from 'zod'

export const pulseConfig = z.strictObject({
  /**
   * Whether ClickUp's own status page is read every five minutes. It is the only thing that Hookline asks of anybody but
   * ClickUp and AWS.
   * @default true
   */
  clickupStatus: z.boolean().default(true),
})

/** Whether anybody may ask how the stage does. */
export const healthConfig = z.boolean().default(true)
