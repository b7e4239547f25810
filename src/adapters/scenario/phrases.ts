/** Word stock of rehearsal texts. Sentences take `{subject}`, `{aspect}`, `{input}` and `{number}`. */

export const ASPECTS = [
  "error handling",
  "data ownership",
  "the upgrade path",
  "concurrent access",
  "operational cost",
  "the failure budget",
  "naming and vocabulary",
  "input validation",
  "observability",
  "backward compatibility",
  "test coverage",
  "access control",
  "start-up time",
  "the recovery procedure",
] as const;

export const OBSERVATIONS = [
  "{subject} depends on {aspect} more than its description admits; {input} shows {number} places where this matters.",
  "Where {aspect} is concerned, the present behaviour is consistent in the common case and undefined at the edges.",
  "{input} states the requirement, but leaves open who is responsible for {aspect}.",
  "Of the {number} cases examined, all but two follow one rule for {aspect}; the two exceptions are historical.",
  "A reader who comes to {subject} for the first time meets {aspect} early and its rationale late.",
  "The cost of changing {aspect} later is about {number} times the cost of settling it now.",
  "Between {aspect} and the rest of {subject} there are {number} points of contact, most of them undocumented.",
  "{input} and the present practice disagree about {aspect}; practice is {number} months older.",
  "Nobody who was asked could say why {aspect} is done this way, and nothing depends on it being done so.",
  "In {number} of the samples {aspect} took longer than everything else together.",
  "The tests exercise {aspect} only on the way to something else, so a defect in it would be found late.",
  "Evidence for {aspect} comes from {input} and was confirmed by reading the code that it describes.",
] as const;

export const REASONS = [
  "This follows from the order in which the parts are built, not from a preference.",
  "The alternative was considered and rejected because it moves the same cost to the people who operate it.",
  "It holds under the assumption that inputs stay below the documented size.",
  "Two independent observations support it; neither alone would be enough.",
  "The effect is small in a single run and adds up over a day of use.",
  "It is reversible, so a wrong decision here costs an afternoon rather than a release.",
] as const;

export const ACTIONS = [
  "Write down one rule for {aspect} and name its owner.",
  "Add a test that fails when {aspect} changes without notice.",
  "Measure {aspect} before and after the change, with the same {number} samples.",
  "Separate {aspect} from the rest of {subject}, so that each can be reviewed alone.",
  "Record the decision on {aspect} where the next reader looks first.",
  "Limit {aspect} to what the requirement asks for and state the limit.",
] as const;

export const RISKS = [
  "{aspect} is decided twice by different people",
  "the measurement of {aspect} is taken from too small a sample",
  "a dependency changes {aspect} without announcing it",
  "users rely on today's behaviour of {aspect}",
  "{aspect} is postponed until it can no longer be changed cheaply",
] as const;

export const REVISIONS = [
  "The claim about {aspect} now names its source.",
  "The section on {aspect} was rewritten: it contradicted the summary.",
  "A counter-example for {aspect} was added, with the condition under which it occurs.",
  "The recommendation on {aspect} now says who does it and how success is measured.",
  "The assumption behind {aspect} is stated and marked as unverified.",
] as const;

export const PROBLEMS = [
  "The text asserts that {aspect} is settled but names no source for it.",
  "What happens to {subject} when {aspect} fails half-way is not described.",
  "The summary and the detailed section give different answers about {aspect}.",
  "{aspect} is assumed to stay constant although {input} says that it varies.",
  "No counter-example for {aspect} is considered, so the conclusion is stronger than its support.",
  "The recommendation on {aspect} cannot be checked: it has neither an owner nor a measure.",
] as const;
