/** Two pipelines that hand each other their findings, and a third that joins them in a decision. */
export const CROSS_POLLINATED = `criticality: C2
goal: |
  Say in a sentence or two what is to be decided. Every agent reads this.
limits:
  parallel: 2
  usd: 20

pipelines:
  a:
    alias: options
    title: What could be done
    skill: problem-solving
  b:
    alias: constraints
    title: What stands in the way
    skill: problem-solving
  c:
    alias: decision
    title: Decision
    skill: problem-solving

stages:
  - phase: Research
    slots:
      - in: a
        role: ps-researcher
        makes: research
        brief: |
          Find the options and what each of them can and cannot do. Give a source for every claim.
      - in: b
        role: ps-researcher
        makes: research
        brief: |
          Find the constraints: what exists already, what must not change, what it costs.
    exit:
      - Every option is described with its limits
      - Every constraint has a source

  # A barrier waits for both pipelines; each direction becomes a handoff of its own with its own gate.
  - barrier: Exchange of findings
    a -> b: The options, with what each of them needs
    b -> a: The constraints, with the options that they rule out

  - phase: Analysis
    slots:
      - in: a
        role: ps-analyst
        makes: analysis
        brief: |
          Score the options against the constraints and recommend one.
      - in: b
        role: ps-analyst
        makes: analysis
        brief: |
          Say for each option whether the constraints can be met, and how.

  - barrier: Exchange of results
    a -> b: The scores and the recommendation
    b -> a: What is feasible for each option

  # Decision records are C3 by rule AE-003; saying so here means that nobody has to be asked.
  - phase: Decision
    criticality: C3
    slots:
      - in: c
        role: ps-architect
        makes: adr
        brief: |
          Write the decision record from both pipelines: decision, alternatives, consequences.
    exit:
      - The decision is stated in one sentence
      - Alternatives are named with the reason against them

finish:
  approve: user
  synthesis: true
`;
