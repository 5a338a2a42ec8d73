import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VmnetxError } from '../../../../src/core/errors/index.js';
import { parseDomain } from '../../../../src/core/machine/index.js';
import { writeXml, type NewElement } from '../../../../src/core/xml/index.js';
import { checkout } from '../../../support/checkout.js';
import { seeded } from '../../../support/random.js';
import { toTree } from './adapted.js';
import { CHANGES } from './cases/index.js';
import { publish } from './publish.js';

const RUNS = 1500;
const SEED = 20_131_107;

/** What no machine can mean, and so no package may hold. */
const LEAK = '/leak/of/the,publisher';
const VALUES = ['', '0', '1', '-1', '99999999999', 'no', 'none', 'off', 'user', LEAK];

describe('any machine that is accepted from a publisher', function () {
  this.timeout(60_000);

  it(`is accepted by clients, and holds nothing of the publisher’s (seed ${SEED})`, () => {
    const random = seeded(SEED);
    const below = (end: number) => Math.floor(random() * end);
    const pick = <Item>(items: readonly Item[]): Item | undefined => items[below(items.length)];
    const golden = (name: string) =>
      readFileSync(join(checkout, `test/golden/publishing/${name}.xml`), 'utf8');
    const machines = ['debian-11-server.defined', 'windows-10.virt-install', 'windows-2000.defined']
      .map(golden)
      .map(toTree);
    const strays = CHANGES.flatMap(([, before]) => allBelow(toTree(before)));

    const outcomes = { accepted: 0, refused: 0 };
    for (let run = 0; run < RUNS; run++) {
      let tree = pick(machines);
      assert.ok(tree);
      for (let edits = 1 + below(3); edits > 0; edits--) tree = mutate(tree);
      const xml = writeXml(tree);
      outcomes[judge(xml)]++;
    }
    assert.ok(outcomes.accepted > RUNS / 10, JSON.stringify(outcomes));
    assert.ok(outcomes.refused > RUNS / 10, JSON.stringify(outcomes));

    /** Changes one place: the deeper it is, the more of its ancestors chose to go on. */
    function mutate(element: NewElement): NewElement {
      const { name, attributes, content } = element;
      if (typeof content !== 'string' && content.length > 0 && random() < 0.8) {
        const at = below(content.length);
        const child = content[at];
        assert.ok(child);
        const kind = below(8);
        const stray = pick(strays) ?? child;
        const others =
          kind === 0
            ? []
            : kind === 1
              ? [child, child]
              : kind === 2
                ? [child, stray]
                : [mutate(child)];
        return { name, attributes, content: content.toSpliced(at, 1, ...others) };
      }
      const key = pick([...attributes.keys(), 'file', 'path', 'type', 'mode']) ?? 'type';
      const changed = new Map(attributes);
      if (below(4) === 0) changed.delete(key);
      else changed.set(key, pick(VALUES) ?? LEAK);
      return { name, attributes: changed, content };
    }
  });

  function judge(xml: string): 'accepted' | 'refused' {
    let domainXml: string;
    try {
      ({ domainXml } = publish(xml));
    } catch (error) {
      assert.ok(
        error instanceof VmnetxError && error.code === 'domain-refused',
        `${String(error)}\n${xml}`,
      );
      return 'refused';
    }
    parseDomain(domainXml);
    assert.doesNotMatch(domainXml, /leak|libvirt\/images|qemu-system|pty|spicevmc/, xml);
    assert.deepEqual(publish(domainXml).changes, []);
    return 'accepted';
  }

  function allBelow({ content }: NewElement): readonly NewElement[] {
    return typeof content === 'string'
      ? []
      : content.flatMap((child) => [child, ...allBelow(child)]);
  }
});
