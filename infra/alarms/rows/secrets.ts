import type { AlarmRow } from '../alarm.ts'
import { ours } from '../signals.ts'

const DAY_MS = 86_400_000

/** Tokens and signing secrets. */
export const SECRETS: readonly AlarmRow[] = [
  {
    name: 'RotationFailed',
    severity: 'P1',
    impact:
      'A rotation has failed: the former secret stays in force, and if the token was what failed, reading may end soon.',
    watched: 'rotations that ended without success',
    unit: 'count',
    watches: { kind: 'signal', signal: ours('RotationsFailed', 'Sum') },
    periodSeconds: 3600,
    threshold: 1,
    comparison: '>=',
    periods: 1,
    missing: {
      treat: 'notBreaching',
      why: 'It is counted when it happens. The alarm ends by itself within some hours, mended or not, and `hookline status` tells of it until the next one succeeds.',
    },
    runbook: {
      causes: [
        'Token: the test of the token in use failed: it is dead, or does not see the workspace any more.',
        'Signing secret: ClickUp did not make the second webhook, or the test delivery through the public address was not answered.',
        'ClickUp was down at the time.',
      ],
      steps: [
        '`npx hookline status` tells which one and why. Nothing was put in force untested.',
        'Token: `npx hookline rotate token --test`. If it fails again, bring another: `npx hookline rotate token`.',
        'Signing secret: mend what the reason names, then `npx hookline rotate signing`.',
        'Run `RotationSteps` to see how far it came. [rotation.md](rotation.md) has each step.',
      ],
      queries: ['RotationSteps', 'FailedCalls'],
    },
  },
  {
    name: 'TokenOld',
    severity: 'P2',
    impact: 'The API token is older than your rule allows: nothing fails yet, and a leak would be old.',
    watched: 'age of the oldest token in use',
    unit: 'milliseconds',
    watches: { kind: 'signal', signal: ours('TokenAgeMs', 'Maximum') },
    periodSeconds: 3600,
    threshold: 80 * DAY_MS,
    comparison: '>',
    periods: 1,
    missing: {
      treat: 'ignore',
      why: 'A token grows no younger while nobody measures it: the alarm stays as it is, also in a pause.',
    },
    runbook: {
      causes: ["ClickUp's tokens live for ever, and no API makes a new one: somebody has to bring it."],
      steps: [
        'In ClickUp, as the service account: make a new token. *Regenerate* ends the former one at once; nothing is lost until you have brought the new one.',
        '`npx hookline rotate token`, and paste it. It is tested before it is used.',
        'Another age: `alarms.thresholds.TokenOld`, in milliseconds.',
      ],
      queries: ['RotationSteps'],
    },
  },
]
