import { type Alias, CfnAlias } from 'aws-cdk-lib/aws-lambda'
import { Construct, type IDependable } from 'constructs'
import { ENV } from '../../core/platform/env-names.ts'
import { releaseName, signingSecretName } from '../../core/platform/names.ts'
import type { Config } from '../config.ts'
import { HooklineFunction } from '../constructs/hookline-function.ts'
import { CHECK_RELEASE } from '../rights.ts'
import { CHECK_RELEASE_TIMEOUT_SECONDS } from '../timing.ts'
import { TrafficShift } from './traffic-shift.ts'

/** The name that the route calls the verifier by, whichever version stands behind it. */
const LIVE = 'live'

export type VerifierReleaseProps = {
  verifier: HooklineFunction
  config: Config
  /** Names of the alarms that take a canary back, and what has to be there before CodeDeploy asks for their state. */
  alarms: { names: readonly string[]; after: readonly IDependable[] }
}

/**
 * How a new version of the verifier comes to receive deliveries: it is published, checked by `functions/check-release`, and
 * CodeDeploy moves the alias to it, a part first where the config says so. The route calls the alias.
 *
 * The first deployment makes the alias and shifts nothing, because nothing was there before; so it is not checked either.
 */
export class VerifierRelease extends Construct {
  readonly alias: Alias

  constructor(scope: Construct, id: string, { verifier, config, alarms }: VerifierReleaseProps) {
    super(scope, id)
    // CDK names it after code and configuration, so that CloudFormation publishes another when one of them changes, and only then.
    const version = verifier.function.currentVersion
    this.alias = verifier.function.addAlias(LIVE)

    const name = releaseName(config.stage)
    const signingSecrets = config.connections.map((connection) => signingSecretName(config.stage, connection.name))
    const check = new HooklineFunction(this, 'Check', {
      name: 'check-release',
      description: 'Asks a new version of the verifier to tell the genuine from the forged before it gets a delivery',
      memoryMb: 256,
      timeoutSeconds: CHECK_RELEASE_TIMEOUT_SECONDS,
      config,
    })
      .canReadSecrets(signingSecrets, ENV.connections, JSON.stringify(config.connections))
      .knows(ENV.stage, config.stage)
      .canInvoke(version, ENV.verifierVersion, CHECK_RELEASE.version)
      .canReportTo(name, CHECK_RELEASE.deploymentGroup)

    const shift = new TrafficShift(this, 'Shift', {
      ...{ name, how: config.deploy.verifier, alias: LIVE, alarms: alarms.names },
      shifted: verifier.function,
      hook: check.function,
    })
    const resource = this.alias.node.defaultChild
    if (!(resource instanceof CfnAlias)) throw new Error('The CDK makes an alias otherwise than it did.')
    resource.cfnOptions.updatePolicy = {
      codeDeployLambdaAliasUpdate: {
        applicationName: shift.application.ref,
        deploymentGroupName: shift.group.ref,
        beforeAllowTrafficHook: check.function.functionName,
      },
    }
    // No property of the alias refers to the check, which has to know the new version, and to be allowed it, before it is asked.
    this.alias.node.addDependency(check, shift, ...alarms.after)
  }
}
