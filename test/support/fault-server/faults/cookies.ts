import { shortAnswer, withHeaders, type Fault } from '../answer.js';

/** Answers only those who have the cookie; others get it and are sent to the same place again. */
export function cookieRequired(name: string, value: string, attributes = 'Path=/'): Fault {
  return (answer, { request }) => {
    const cookies = (request.headers.cookie ?? '').split('; ');
    if (cookies.includes(`${name}=${value}`)) return answer;
    const cookie = `${name}=${value}; ${attributes}`;
    return shortAnswer(302, { location: request.target, 'set-cookie': cookie });
  };
}

/** Sends cookies along with the answer. */
export function cookies(...values: readonly string[]): Fault {
  return (answer) => withHeaders(answer, { 'set-cookie': values });
}
