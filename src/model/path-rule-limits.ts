/** Limits of path rules, as in `limits.ts`. */

/** In both lists together. */
export const maxPathRules = 1000
export const maxRegexCharacters = 500
/** Of one compiled expression: each character of a path costs at most a step for each of them. */
export const maxRegexInstructions = 1000
/** Of all expressions together: the path of 2,048 bytes that takes longest with the expression that takes longest takes 0.1 s. */
export const maxPathRuleInstructions = 3000
/** Assets that are decided anew in one transaction, when rules were changed. */
export const rulesSliceAssets = 2000
/** Deciding on many paths lets others go on after so long. */
export const maxRuleTurnMs = 10
/** Whoever changes the rules waits so long for their application; in a large repository it goes on behind. */
export const rulesApplyWaitMs = 5_000
/** Times that something is decided anew because the rules were changed meanwhile. */
export const rulesChangeTries = 10
