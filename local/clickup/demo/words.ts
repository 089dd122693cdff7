import type { Random } from '../random.ts'
import type { UserInput } from '../world/users.ts'

export const WORKSPACE_NAME = 'Northwind Instruments'

/** The account whose token Hookline uses: an admin, as one has to be to see everybody's time. */
export const SERVICE_ACCOUNT: UserInput = {
  username: 'Hookline',
  email: 'hookline@northwind.example',
  role: 2,
  color: '#40bc86',
  bot: true,
}

export const MEMBERS: readonly UserInput[] = [
  { username: 'Maria Okafor', email: 'maria.okafor@northwind.example', role: 1 },
  { username: 'Jonas Lindqvist', email: 'jonas.lindqvist@northwind.example', role: 2 },
  { username: 'Priya Raman', email: 'priya.raman@northwind.example', role: 3 },
  { username: 'Tomás Herrera', email: 'tomas.herrera@northwind.example', role: 3 },
  { username: 'Aiko Tanaka', email: 'aiko.tanaka@northwind.example', role: 3 },
  { username: 'Elena Petrova', email: 'elena.petrova@northwind.example', role: 3 },
  { username: 'Samuel Boateng', email: 'samuel.boateng@northwind.example', role: 3 },
  { username: 'Claire Dubois', email: 'claire.dubois@northwind.example', role: 3 },
  { username: 'Noah Weber', email: 'noah.weber@northwind.example', role: 3 },
  { username: 'Leila Haddad', email: 'leila.haddad@northwind.example', role: 4 },
]

const DOING = [
  'Fix',
  'Review',
  'Prepare',
  'Update',
  'Plan',
  'Document',
  'Investigate',
  'Simplify',
  'Ship',
  'Test',
  'Draft',
  'Rework',
] as const

const THINGS = [
  'login on slow networks',
  'export of calibration reports',
  'onboarding checklist',
  'invoice rounding',
  'sensor firmware rollout',
  'launch announcement',
  'renewal offer for Harbour Labs',
  'nightly backup',
  'search over attachments',
  'pricing page',
  'alert thresholds',
  'partner webinar',
  'mobile navigation',
  'customer interviews',
  'password reset mail',
  'data retention rules',
  'dashboard loading time',
  'spare parts catalogue',
  'translation of the manual – español',
  'quarterly review slides',
] as const

const REMARKS = [
  'I had a look, the numbers are right now.',
  'Blocked until the supplier answers.',
  'Can you check this before Thursday?',
  'Done on staging, please test.',
  'Moved the meeting, so this can wait a day.',
  'Nice work! 🎉',
  'This also happens on Android.',
  'Added the figures we talked about.',
  'Let us keep the scope small here.',
  'Customer confirmed, thanks – très bien.',
] as const

export const TAGS = [
  'urgent-fix',
  'customer',
  'research',
  'quick win',
  'tech debt',
  'design',
  'legal',
  'follow-up',
] as const

export const taskName = (random: Random): string => `${random.pick(DOING)} ${random.pick(THINGS)}`
export const remark = (random: Random): string => random.pick(REMARKS)
export const description = (random: Random): string =>
  [remark(random), `See also: ${random.pick(THINGS)}.`, remark(random)].slice(0, random.int(1, 3)).join('\n')
