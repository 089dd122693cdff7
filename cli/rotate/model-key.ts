import { ResourceNotFoundException } from '@aws-sdk/client-secrets-manager'
import { modelSecretName } from '../../core/platform/names.ts'
import { keyHolder, modelKeyText, parseModelKey } from '../../core/secrets/model-key.ts'
import { type VersionedSecret, versionedSecrets } from '../../core/secrets/store.ts'
import { replaceCurrent } from '../../core/secrets/versions.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { loadSettings } from '../standup/settings.ts'
import type { Target } from '../target.ts'

export type ModelKeyOptions = { keyStdin: boolean; json: boolean }

/** Brings the key of the stage's model. @throws Failure where the stage has no model that wants one */
export async function rotateModelKey(io: Io, target: Target, options: ModelKeyOptions): Promise<void> {
  if (target.stage === undefined)
    throw new Failure('The local stack is of an earlier version: end it and run npm start again.')
  const name = modelSecretName(target.stage)
  // Before anybody is asked for a key that there is no place for.
  const current = await secretOf(target, name)
  const { model } = (await loadSettings()).settings
  if (model === null || model.provider === 'bedrock')
    throw new Failure(
      'No model that wants a key stands in the config: set standup.model, deploy, and bring its key then.',
    )
  const holder = keyHolder(model)
  const key = await askKey(io, options)
  const isSame = key === keyIn(current, holder)
  if (!isSame) await replaceCurrent(target.secrets, name, modelKeyText(key, holder), current)
  if (options.json) io.write(`${JSON.stringify({ target: target.label, outcome: isSame ? 'same' : 'done' })}\n`)
  else if (isSame) io.write('That is the key that is in use already: nothing was changed.\n')
  else
    io.write(
      'The key is stored and taken up within a minute. Take the old one back at its provider, and try the new one: npx hookline standup\n',
    )
}

async function secretOf({ secrets, label }: Target, name: string): Promise<VersionedSecret> {
  try {
    return await versionedSecrets(secrets)(name)
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error
    const again = label === 'local stack' ? 'run npm start again' : 'npm run deploy'
    throw new Failure(
      `No model of ${label} wants a key: Bedrock needs none; for another provider set standup.model in the config, then ${again}.`,
    )
  }
}

/** What cannot be read holds no key that would be lost. */
function keyIn({ text }: VersionedSecret, holder: string): string | null {
  try {
    return parseModelKey(text, holder)
  } catch {
    return null
  }
}

/** Keys of the known providers have 50 to 200 characters; a header takes no more than some thousands. */
const LONGEST = 1_000

async function askKey({ input }: Io, { keyStdin }: Pick<ModelKeyOptions, 'keyStdin'>): Promise<string> {
  let key = ''
  if (keyStdin) {
    key = (await input?.all())?.trim() ?? ''
    if (key === '') throw new Failure('There is no key on standard input: pipe it in, as in: cat key.txt | ...')
  } else if (input?.isTerminal) key = (await input.hidden("Key of the model's provider (it is not shown): ")).trim()
  // A header cannot carry it.
  if (/[^\x21-\x7e]/.test(key)) throw new Failure('That is no key: it has blanks or other characters in it.')
  if (key.length > LONGEST) throw new Failure(`That is no key: it has ${key.length} characters.`)
  if (key !== '') return key
  throw new Failure('A key is needed: run this in a terminal, or pipe it in with --key-stdin.')
}
