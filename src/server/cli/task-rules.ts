/** Said in --help: how the task is told from the data where `--task` does not. */
export const taskRules = rulesWith('')

/** The same where lists can be judged too. */
export const taskRulesWithRanking = rulesWith(`
  ranking      only where --task says so: --query names the list a row is in, --label its relevance (0 or more), --score what
               ranks it; NDCG, precision, recall, hit rate, average precision and reciprocal rank at the first k, with a
               bootstrap over queries. The console keeps such a model as a regression whose schema names the query column.`)

function rulesWith(more: string): string {
  return `How the task is told from the label column, unless --task says it:
  regression   nearly all labels are numbers, and they hold a fraction or more than 20 different values
  binary       at most two different classes among labels and predictions
  multiclass   more than two${more}
Classes are compared by their text; where labels and predictions are all numbers, 1 and 1.0 are the same class.
The positive class of a binary task is, unless --positive says it, the last in order (1 of 0 and 1, yes of no and yes).`
}
