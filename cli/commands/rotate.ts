import { Command } from 'commander'
import type { Io } from '../io.ts'
import { rotateModelKeyCommand } from './rotate-model-key.ts'
import { rotateSigningCommand } from './rotate-signing.ts'
import { rotateTokenCommand } from './rotate-token.ts'

export const rotateCommand = (io: Io): Command =>
  new Command('rotate')
    .summary('gives a connection a new signing secret or API token, or a model a new key')
    .description(
      'Gives a connection a new signing secret or API token while deliveries go on, or the model of summaries a new key.',
    )
    .addCommand(rotateSigningCommand(io))
    .addCommand(rotateTokenCommand(io))
    .addCommand(rotateModelKeyCommand(io))
    .helpCommand(false)
