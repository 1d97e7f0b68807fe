/** Why a symbol is explained and not evaluated: each follows on "cannot be evaluated here: ". */

export const ownWeights = 'it has weights of its own, which are part of your model and not of its arguments';
export const callable = 'it is given a function of yours, and nothing of yours is run';
export const network = 'it compares images through a network whose weights are not shipped';
export const unmeasured =
  'it is not bound to measured answers of its library yet, and no number is shown without';
