import { type Static, Type } from 'typebox'
import { ruleLists } from '../../model/path-rules.ts'
import { orNull } from '../shapes.ts'

const Entry = Type.String({
  description:
    'A path, which stands for itself and all below it, or `regex:` and a regular expression (RE2) that has to match a whole path, for that path and all below it.',
})

/** Both lists, as they are to be. */
export const ChangeRulesRequest = Type.Object(
  {
    ignored: Type.Array(Entry, { description: 'What is below these is stored, but neither post-processed nor in status lists.' }),
    enabled: Type.Array(Entry, { description: 'What is below these is post-processed, unless a deeper rule ignores it.' }),
  },
  { additionalProperties: false },
)
export type ChangeRulesRequest = Static<typeof ChangeRulesRequest>

/** The path rules in force. */
export const Rules = Type.Object({
  ...ChangeRulesRequest.properties,
  version: Type.Integer({ description: 'Grows with each change.' }),
  changedAt: orNull(Type.String({ format: 'date-time' }), 'null: nobody has changed them yet.'),
  changedBy: orNull(Type.String()),
  applied: Type.Boolean({ description: 'Whether every asset is decided by them. Until then status jobs wait.' }),
  newlyIgnored: Type.Integer({ description: 'Assets that the last change took out of post-processing, as far as it is applied.' }),
  newlyEnabled: Type.Integer({ description: 'Assets that it brought in.' }),
})
export type Rules = Static<typeof Rules>

/** What the rules say of one path, and which of them decided. */
export const RuleDecision = Type.Object({
  path: Type.String(),
  processed: Type.Boolean(),
  rule: Type.Union(
    [
      Type.Object({
        list: Type.Enum([...ruleLists]),
        entry: Type.String({ description: 'As it stands in its list.' }),
        at: Type.String({ description: 'The folder, or the path itself, that it matches.' }),
      }),
      Type.Null(),
    ],
    { description: 'null: no rule speaks of the path, so it is not post-processed.' },
  ),
  explanation: Type.String({ description: 'The same as a sentence.' }),
})
export type RuleDecision = Static<typeof RuleDecision>
