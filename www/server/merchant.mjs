// The merchant server, as the shop's back end calls it: with the key, within a
// while, and never quoting its words to a browser.

const TIMEOUT_MS = 10_000;

/** The merchant server could not be asked, or refused. */
export class MerchantError extends Error {
  /** @param {{ status?: number, code?: string }} refusal HTTP status and problem code, where it did answer */
  constructor(message, { status, code } = {}) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * @param {{ merchant: string, merchantKey: string }} settings
 * @returns {(path: string, call?: { body?: object, headers?: Record<string, string> }) => Promise<any>}
 *   calls below `/v1/orders`; with a body it posts
 */
export const createMerchant = ({ merchant, merchantKey }) =>
  async function ask(path, { body, headers } = {}) {
    const answer = await fetch(`${merchant}/v1/orders${path}`, {
      method: body ? "POST" : "GET",
      headers: { authorization: `Bearer ${merchantKey}`, "content-type": "application/json", ...headers },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((error) => {
      throw new MerchantError(`the merchant server cannot be reached: ${error.message}`);
    });
    if (!answer.ok) {
      const words = await answer.text();
      throw new MerchantError(`the merchant server answered ${answer.status}: ${words}`, { status: answer.status, code: codeOf(words) });
    }
    return answer.json();
  };

function codeOf(problem) {
  try {
    return JSON.parse(problem).code;
  } catch {
    return undefined;
  }
}
