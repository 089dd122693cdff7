import { checkVerifier } from '../../core/release/check.ts'
import { buildCheckRelease, type CheckRelease } from './services.ts'

let built: CheckRelease | undefined

/**
 * CodeDeploy's hook before traffic: it goes on when it is told so, and takes the release back when it is told otherwise or, after
 * an hour, nothing.
 */
export const handler = async (event: unknown) => {
  built ??= buildCheckRelease()
  const { hookOf, report, log, ...services } = built
  const hook = hookOf(event)
  const verdict = await checkVerifier(services).catch((error: unknown) => {
    log.error('The release could not be checked', { error })
    return { kind: 'failed' as const, reasons: ['The check itself failed.'], unconnected: [] }
  })
  const { kind, ...fields } = verdict
  if (kind === 'failed') log.error('The new version of the verifier failed its check', fields)
  else log.info('The new version of the verifier passed its check', fields)
  await report(hook, kind === 'passed' ? 'Succeeded' : 'Failed')
}
