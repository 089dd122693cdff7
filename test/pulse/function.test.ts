import { expect, it } from 'vitest'
import { ENV } from '../../core/platform/env-names.ts'
import { type PulseSettings, pulseSettingsSchema } from '../../core/pulse/settings.ts'
import { CLICKUP_STATUS_URL } from '../../core/pulse/status-page.ts'
import { buildPulse } from '../../functions/pulse/services.ts'
import { CONNECTION } from '../support/consumer.ts'

const settings = (over: Partial<PulseSettings> = {}) => JSON.stringify(pulseSettingsSchema.parse(over))
const ENVIRONMENT = {
  [ENV.stage]: 'dev',
  [ENV.connections]: JSON.stringify([CONNECTION, { ...CONNECTION, name: 'other' }]),
  [ENV.stateTable]: 'state',
  [ENV.pulseSettings]: settings(),
}
const page = 'http://127.0.0.1:1/status'

it.each<[string, Record<string, string>, string | null]>([
  ['the real one by default', {}, CLICKUP_STATUS_URL],
  ['none, where it is switched off', { [ENV.pulseSettings]: settings({ clickupStatus: false }) }, null],
  [
    'none of another ClickUp, of which nobody has said where it is',
    { [ENV.clickupApiUrl]: 'http://127.0.0.1:1' },
    null,
  ],
  ['that of another ClickUp', { [ENV.clickupApiUrl]: 'http://127.0.0.1:1', [ENV.clickupStatusUrl]: page }, page],
])('the status page that is read is %s', (_, over, statusUrl) =>
  expect(buildPulse({ ...ENVIRONMENT, ...over }).statusUrl).toBe(statusUrl),
)

it('every connection is looked at, and silence is judged by the configured working time', () => {
  const workingTime = {
    ...{ timeZone: 'Asia/Tokyo', workingDays: ['sat' as const], workingHours: { from: '10:00', to: '11:00' } },
    holidays: [],
  }
  const built = buildPulse({ ...ENVIRONMENT, [ENV.pulseSettings]: settings({ workingTime }) })
  expect(built.connections).toEqual([CONNECTION.name, 'other'])
  // Saturday in Tokyo, from 09:00 to 12:00.
  const [from, to] = [Date.parse('2026-03-07T00:00:00Z'), Date.parse('2026-03-07T03:00:00Z')]
  expect(built.calendar.working(from, to)).toBe(3_600_000)
})

it('what is wrong with the environment is said by its names', () => {
  const wrong = { ...ENVIRONMENT, [ENV.pulseSettings]: '{', [ENV.clickupStatusUrl]: 'status' }
  expect(() => buildPulse(wrong)).toThrow('CLICKUP_STATUS_URL')
  expect(() => buildPulse(wrong)).toThrow('HOOKLINE_PULSE')
  expect(() => buildPulse({ ...ENVIRONMENT, [ENV.stateTable]: '' })).toThrow('STATE_TABLE')
})
