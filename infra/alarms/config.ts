import * as z from 'zod'
import { ALARMS } from './index.ts'

/** Slack's e-mail addresses and most pagers' endpoints are such; what else SNS can reach is subscribed to the topics by hand. */
const subscriber = z.union([z.email(), z.url({ protocol: /^https$/ })], {
  error: 'must be an e-mail address or an https URL',
})
const subscribers = () =>
  z
    .array(subscriber)
    .max(20, 'must be at most 20')
    .refine((all) => new Set(all).size === all.length, 'must name nobody twice')
    .default([])

const NUMBER = 'must be a number from 0 up'
const names = ALARMS.map(({ name }) => name)

/** Which alarms there are and whom they tell: see docs/runbook.md. */
export const alarmsConfig = z.strictObject({
  /**
   * Whether there are any: a stage that somebody tries something out with needs none.
   * @default true
   */
  enabled: z.boolean().default(true),
  /**
   * Who is told of P1, at any hour. E-mail addresses get a message from AWS first, and hear nothing until they have confirmed.
   * @default [] nobody
   */
  page: subscribers(),
  /**
   * Who is told of P2.
   * @default [] nobody
   */
  warn: subscribers(),
  /**
   * Who is told of P3.
   * @default [] nobody
   */
  note: subscribers(),
  /**
   * Where the runbook can be read by those who are told; the name of the alarm is put behind it as an anchor.
   * @default 'docs/runbook.md'
   */
  runbookUrl: z
    .string()
    .regex(/^[^\s#]{1,200}$/, 'must be the address of a page, without # and without spaces')
    .default('docs/runbook.md'),
  /**
   * Thresholds by the alarm's name, in the unit that the runbook names; its other numbers stay.
   * @default {}
   */
  thresholds: z.partialRecord(z.enum(names), z.number({ error: NUMBER }).min(0, NUMBER)).default({}),
})
export type AlarmsConfig = z.infer<typeof alarmsConfig>
