/** Something to test. */
export interface Case {
  readonly title: string;
}

/**
 * Defines a test for each case. They have nothing in common and spend most of their time waiting, so
 * they run at the same time, from the first one on and at most so many; each reports its own result.
 */
export function testConcurrently<Each extends Case>(
  cases: readonly Each[],
  most: number,
  test: (each: Each) => Promise<void>,
): void {
  const results = new Map<Each, Promise<void>>();
  const underWay = new Set<Promise<void>>();

  const runAll = async (): Promise<void> => {
    for (const each of cases) {
      if (underWay.size >= most) await Promise.race(underWay);
      const result = test(each);
      results.set(each, result);
      const ended = result.catch(() => undefined).finally(() => underWay.delete(ended));
      underWay.add(ended);
    }
  };

  before(() => {
    void runAll();
  });

  after(async () => {
    await Promise.all(underWay);
  });

  for (const each of cases) {
    it(each.title, async () => {
      while (!results.has(each)) await Promise.race(underWay);
      await results.get(each);
    });
  }
}
