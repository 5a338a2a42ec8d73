import { bad, good, type Check } from '../check.js';

export const account: Check = {
  id: 'account',
  title: 'Account',
  needed: true,
  examine: ({ userId }) =>
    Promise.resolve(
      userId === 0
        ? bad(
            'This is root, the administrator’s account.',
            'Machines are refused to root: one that breaks out would own the computer.',
            'Start VMNetX, and this command, from an ordinary account.',
          )
        : good('This is an ordinary account.', 'Machines run with no more rights than it has.'),
    ),
};
