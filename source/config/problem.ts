/**
 * What the user told kmon cannot be used. `problem` names the cause and the place, `next` what to do.
 * The front door prints both and exits with 2; neither holds a secret.
 */
export class ConfigProblem extends Error {
  constructor(
    readonly problem: string,
    readonly next: string,
  ) {
    super(problem);
    this.name = 'ConfigProblem';
  }
}
