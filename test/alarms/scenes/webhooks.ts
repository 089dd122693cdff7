import type { Scene, Stage } from '../support/stage.ts'

const webhooksOf = ({ clickup }: Stage) => [...clickup.webhooks.all()]

/** ClickUp counts it as well again. */
const wellAgain = (stage: Stage) => () => {
  for (const webhook of webhooksOf(stage)) stage.clickup.webhooks.setFailCount(webhook, 0)
}

/** What is wrong comes back after the guard has activated the webhook again, which is when somebody is called. */
async function twice(stage: Stage, harm: () => void): Promise<void> {
  stage.after(wellAgain(stage))
  await stage.alter('webhooks', {})
  for (let times = 0; times < 2; times += 1) {
    harm()
    await stage.driver.guardOnce()
  }
  await stage.pulse()
}

/** So many events in a row were lost; the guard has it mended at first sight. */
const losing =
  (failCount: number): Scene =>
  async (stage) => {
    stage.after(wellAgain(stage))
    await stage.alter('webhooks', {})
    for (const webhook of webhooksOf(stage)) stage.clickup.webhooks.setFailCount(webhook, failCount)
    await stage.driver.guardOnce()
    await stage.pulse()
  }

export const WEBHOOKS: Readonly<Record<string, Scene>> = {
  WebhookBroken: (stage) =>
    twice(stage, () => {
      for (const webhook of webhooksOf(stage)) stage.clickup.webhooks.suspend(webhook)
    }),
  WebhookFailing: losing(51),
  WebhookLosing: losing(11),
}
