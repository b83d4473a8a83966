//! Elements where there is no memory: what cannot be done changes nothing. What programs see of elements is tested by
//! `tests/programs/library/xml_*.py`.

mod command;

use command::ryokan;

/// An element has its old children or the new ones, at whatever allocation memory has run out.
#[test]
fn children_are_exchanged_as_a_whole_or_not_at_all() {
    let program = "
import xml.etree.ElementTree as ET
more, hoard, refused = [ET.Element('m') for _ in range(3000)], [], 0
states = {'tag': 'a', '_children': more[:2000]}
works = (
    lambda e: e.__setitem__(slice(0, 1), more),
    lambda e: e.extend(more),
    lambda e: e.__setstate__(states),
    lambda e: e.__delitem__(slice(0, 900, 2)),
)
after = (3999, 4000, 2000, 550)
elements = []
for _ in works:
    elements.append(ET.Element('a'))
    elements[-1].extend(more[:1000])
try:
    while True: hoard.append(bytes(1000))
except MemoryError: pass
while hoard and refused < 1000:
    del hoard[-3:]
    for at, work in enumerate(works):
        if len(elements[at]) != 1000: continue
        try: work(elements[at])
        except MemoryError: refused += 1
        assert len(elements[at]) in (1000, after[at]), (at, len(elements[at]))
    if all(len(e) != 1000 for e in elements): break
hoard.clear()
print('whole', [len(e) for e in elements], refused > 10)
";
    let output = ryokan(&["--memory-limit", "24M", "--verify-heap"], program);
    let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(out, "whole [3999, 4000, 2000, 550] True\n", "{error}");
}
