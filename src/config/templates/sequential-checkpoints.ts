/** Phases one after another, with a person's approval at the end of each. */
export const SEQUENTIAL_CHECKPOINTS = `criticality: C2
goal: |
  Say in a sentence or two what is to be built. Every agent reads this.
loop: disc-002
# A person approves the derived plan before anything starts, and every phase after it ends.
review:
  - plan
  - phase
limits:
  usd: 20

stages:
  - phase: Research
    slots:
      - id: research
        role: ps-researcher
        makes: research
        critics:
          - steelman
          - devils-advocate
          - red-team
        validator: ps-validator
        brief: |
          Find out how it works today and which solutions exist.
    checkpoint: Review of the research findings

  - phase: Design
    slots:
      - id: design
        role: ps-architect
        makes: design/design.md
        critics:
          - steelman
          - red-team
          - blue-team
        validator: nse-verification
        brief: |
          Design the solution: interfaces, failure cases, what is left out.
    checkpoint: Approval of the design before anything is built

  - phase: Implementation
    slots:
      - id: implementation
        role: coder
        makes: commit
        validator: ps-validator
        brief: |
          Build what the design says, with tests.
    gate: code review passed
    checkpoint: Review of the code changes

  - phase: Validation
    slots:
      - id: validation
        role: nse-verification
        makes: report
        validator: ps-validator
        brief: |
          Check the result against the goal from end to end and report what was run and what came out.
    checkpoint: Confirmation that the work is complete
`;
